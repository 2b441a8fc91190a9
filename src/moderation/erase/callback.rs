//! The addresses at which a platform passes on that somebody wants their data deleted, and at which that person reads
//! what became of it.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use ledger::{ErasureGround, ErasureRequest};
use platforms::{DataDeletion, Reception, WebhookSecrets};
use policy::Platform;
use url::Url;

use crate::{DELETION_STATUS, Moderation};

impl Moderation {
    /// Answers a platform that passes on a person's wish to have their data deleted: with the address and the code by
    /// which the person can see what became of it, once the request is durable. It is carried out by
    /// [`Moderation::carry_erasures_on`], so that what answers the public needs no right to delete anything. An id that
    /// is not on record is confirmed like any other. `public` is the address under which people reach us
    /// ([`crate::public_address`]): it is configured, because what a request says of it anybody can choose.
    pub(crate) async fn data_deletion(
        &self,
        platform: Platform,
        request: &Request<Bytes>,
        secrets: &WebhookSecrets,
        public: &Url,
    ) -> Response<Bytes> {
        let now = self.clock.now();
        let person = match platforms::data_deletion(request, secrets, now) {
            DataDeletion::Asked(person) => person,
            DataDeletion::Answered(refusal) => {
                self.tally.count(platform, "deletion_refused");
                return refusal;
            }
        };
        let authors = self.ledger.pseudonyms(platform, &person);
        let wish = ErasureRequest {
            authors: &authors,
            platform: Some(platform),
            ground: ErasureGround::Platform,
            by: None,
            reason: None,
        };
        match self.ledger.request_erasure(&wish, now).await {
            Ok(erasure) => {
                self.tally.count(platform, "deletion_requested");
                let mut url = public.clone();
                // As a part of the address: a stage, or a path of a proxy, stands in front.
                url.set_path(&format!("{}{DELETION_STATUS}", public.path().trim_end_matches('/')));
                url.set_query(Some(&format!("code={}", erasure.code)));
                platforms::data_deletion_confirmed(url.as_str(), &erasure.code)
            }
            Err(error) => {
                self.tally.count(platform, "not_durable");
                tracing::error!(%platform, %error, "a data deletion request is not acknowledged: it could not be recorded");
                Reception::unavailable()
            }
        }
    }

    /// Answers a person who asks what became of a request, by its code: a page that names nobody.
    pub async fn data_deletion_status(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let query = request.uri().query().unwrap_or_default();
        let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
        let code = code.map(|(_, code)| code.into_owned()).unwrap_or_default();
        match self.ledger.erasure(&code, self.clock.now()).await {
            Ok(Some(erasure)) if erasure.done_at.is_some() => page(StatusCode::OK, DONE),
            Ok(Some(_)) => page(StatusCode::OK, RECEIVED),
            Ok(None) => page(StatusCode::NOT_FOUND, UNKNOWN),
            Err(error) => {
                tracing::error!(%error, "the state of an erasure cannot be read");
                page(StatusCode::SERVICE_UNAVAILABLE, LATER)
            }
        }
    }
}

/// What a page says, in Italian and in English.
struct Said {
    italian: &'static str,
    english: &'static str,
}

const DONE: Said = Said {
    italian: "La richiesta è stata eseguita: i dati personali conservati dal sistema di moderazione sono cancellati.",
    english: "The request was carried out: the personal data held by the moderation system is deleted.",
};

const RECEIVED: Said = Said {
    italian: "La richiesta è stata ricevuta ed è in corso. Di norma si conclude entro un'ora; se deve prima finire qualcosa \
              che è già stato chiesto alla piattaforma, appena quello è concluso.",
    english: "The request was received and is under way. It usually takes up to an hour; where something that was already \
              asked of the platform has to end first, it follows as soon as that has ended.",
};

const UNKNOWN: Said = Said {
    italian: "Nessuna richiesta ha questo codice, oppure è stata eseguita più di un anno fa.",
    english: "No request has this code, or it was carried out more than a year ago.",
};

const LATER: Said = Said {
    italian: "In questo momento non è possibile rispondere. Riprovare tra qualche minuto.",
    english: "It is not possible to answer at the moment. Please try again in a few minutes.",
};

fn page(status: StatusCode, Said { italian, english }: Said) -> Response<Bytes> {
    let body = format!(
        "<!doctype html>\n<html lang=\"it\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>Cancellazione dei dati</title>\n<h1>Cancellazione dei dati</h1>\n\
         <p>{italian}</p>\n<div lang=\"en\">\n<h2>Data deletion</h2>\n<p>{english}</p>\n</div>\n</html>\n"
    );
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
