//! The addresses at which platforms, and people whom they lead there, reach us: which is answered by what.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use platforms::{Reception, WebhookSecrets};
use policy::Platform;
use url::Url;

use crate::{Moderation, Received};

/// Where a person reads what became of a wish to have their data deleted.
pub const DELETION_STATUS: &str = "/data-deletion/status";

/// Below it, each by its name, the platforms that pass such wishes on.
const DELETION: &str = "/data-deletion/";

impl Moderation {
    /// Answers what came to one of the addresses of a platform, by its path. What concerns no data deletion is taken for a
    /// webhook: whoever calls this leads nothing else here. `public` is the address under which people reach us, where
    /// one is known. Returns what was received beside the answer, for those who want to wake a worker.
    pub async fn respond(
        &self,
        platform: Platform,
        request: &Request<Bytes>,
        secrets: &WebhookSecrets,
        public: Option<&Url>,
    ) -> (Response<Bytes>, Received) {
        let response = match request.uri().path() {
            DELETION_STATUS => self.data_deletion_status(request).await,
            path if path.starts_with(DELETION) => self.deletion(platform, request, secrets, public).await,
            _ => return self.webhook(platform, request, secrets).await,
        };
        (response, Received::default())
    }

    async fn deletion(
        &self,
        platform: Platform,
        request: &Request<Bytes>,
        secrets: &WebhookSecrets,
        public: Option<&Url>,
    ) -> Response<Bytes> {
        match (platform, public) {
            (Platform::Facebook | Platform::Instagram, Some(public)) => {
                self.data_deletion(platform, request, secrets, public).await
            }
            (Platform::Facebook | Platform::Instagram, None) => {
                tracing::error!(%platform, "a data deletion request is not acknowledged: no usable public address is set or \
                    known, at which its person could read what became of it");
                Reception::unavailable()
            }
            // Those that pass a person's wish on are Meta's.
            (Platform::Linkedin | Platform::Youtube | Platform::X, _) => no_such_platform(),
        }
    }
}

fn no_such_platform() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"no such platform\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
