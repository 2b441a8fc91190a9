//! The nightly statistics, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    galateo_functions::statistics().await
}
