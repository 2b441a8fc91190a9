//! The console: an event of API Gateway in, a page out. Whom it asks who somebody is, and for how long sessions hold, stands in
//! Parameter Store below `console/`.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use bytes::Bytes;
use console::{Console, Settings};
use http::{HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use moderation::Moderation;
use tokio::sync::Mutex;
use url::Url;

use crate::http::{answer, public_address, refusal, request};
use crate::parameters::Scope;
use crate::run::{in_time, left, run};
use crate::start::Function;

/// What a browser is told when there is no console: whoever looks after the stack is told why by the log and its alarm.
const NO_CONSOLE: &str = "La console non può rispondere: il motivo è nel log della funzione. Riprovare tra qualche minuto, \
                          o avvisare chi gestisce il sistema. Chi aveva inviato una decisione guardi prima se risulta.\n\
                          The console cannot answer: its log says why. Try again in some minutes, or tell whoever \
                          operates the system. If you had sent a decision, look first whether it is on record.\n";

/// Runs the function of the console. It starts and ends as [`crate::webhook`] does; nothing of a session stands in its memory, so
/// that any instance answers anybody.
pub async fn console() -> ExitCode {
    run(start(), |started, event: LambdaEvent<ApiGatewayV2httpRequest>| async move {
        let left = left(event.context.deadline(), Timestamp::now().into());
        let answered = in_time("console", left, started.respond(event.payload)).await.unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "the console cannot answer");
            no_console()
        });
        let is_bare = answered.status() == StatusCode::SERVICE_UNAVAILABLE && answered.body().is_empty();
        anyhow::Ok(answer(if is_bare { no_console() } else { answered }))
    })
    .await
}

/// The function, and the console as it was last set up.
struct Started {
    function: Function,
    console: Mutex<Option<SetUp>>,
}

/// A console, and what it was set up with.
struct SetUp {
    console: Console,
    address: Url,
    changes: u32,
}

async fn start() -> anyhow::Result<Started> {
    Ok(Started { function: Function::start(Scope::Console).await?, console: Mutex::default() })
}

impl Started {
    async fn respond(&self, event: ApiGatewayV2httpRequest) -> anyhow::Result<Response<Bytes>> {
        let (moderation, _) = self.function.current().await?;
        let address = public_address(&event.request_context);
        let Some(request) = request(event) else { return Ok(refusal(StatusCode::BAD_REQUEST)) };
        match self.console(moderation, address).await {
            Ok(console) => Ok(console.respond(&request).await),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the console cannot be set up");
                Ok(no_console())
            }
        }
    }

    /// The console with the use cases of now. It is set up again only for another address or changed settings: it keeps what
    /// the provider has said of itself.
    async fn console(&self, moderation: Moderation, address: Option<Url>) -> anyhow::Result<Console> {
        let address =
            address.context("no usable address is known: GALATEO_ADDRESS is not one, and API Gateway tells none")?;
        ensure!(
            address.path() == "/",
            "GALATEO_ADDRESS has a path: the console needs a name of its own, such as https://HOST"
        );
        let mut in_use = self.console.lock().await;
        let secrets = self.function.secrets().await;
        let changes = secrets.changes();
        if let Some(set_up) = &*in_use
            && (set_up.changes, &set_up.address) == (changes, &address)
        {
            return Ok(set_up.console.over(moderation));
        }
        let settings = Settings::read(&address, &|name| secrets.find(name))?;
        let settings = settings.context("console/issuer is not set, so nobody can sign in")?;
        let console = Console::new(moderation, settings).context("the HTTP client could not be set up")?;
        *in_use = Some(SetUp { console: console.clone(), address, changes });
        Ok(console)
    }
}

fn no_console() -> Response<Bytes> {
    let mut answer = refusal(StatusCode::SERVICE_UNAVAILABLE);
    *answer.body_mut() = Bytes::from_static(NO_CONSOLE.as_bytes());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
