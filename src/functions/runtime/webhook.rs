//! A platform's webhook: an event of API Gateway in, its answer out.

use std::process::ExitCode;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use http::StatusCode;
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use policy::Platform;

use crate::http::{answer, public_address, refusal, request};
use crate::metrics;
use crate::parameters::Scope;
use crate::run::{in_time, left, run};
use crate::start::Function;

/// Runs the webhook function of a platform, until the Lambda service goes away. A function that cannot start says so in
/// the log, tells Lambda, and fails.
pub async fn webhook(platform: Platform) -> ExitCode {
    let start = Function::start(Scope::Webhook(platform));
    run(start, move |function, event: LambdaEvent<ApiGatewayV2httpRequest>| async move {
        let left = left(event.context.deadline(), Timestamp::now().into());
        let respond = async {
            let (moderation, settings) = function.current().await?;
            let public = public_address(&event.payload.request_context);
            let response = match request(event.payload) {
                Some(request) => {
                    moderation.respond(platform, &request, &settings.webhook(platform), public.as_ref()).await.0
                }
                None => refusal(StatusCode::BAD_REQUEST),
            };
            metrics::emit(moderation.tally());
            Ok(response)
        };
        in_time(platform.as_str(), left, respond).await.map(answer)
    })
    .await
}
