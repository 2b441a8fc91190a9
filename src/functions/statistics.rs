//! The nightly statistics, as a Lambda function.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    galateo_functions::start_log();
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async {
        tracing::info!("there is nothing to compile: statistics are not kept yet");
        Ok::<_, Error>(Value::Null)
    }))
    .await
}
