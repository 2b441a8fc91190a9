//! Users' reports by e-mail, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    galateo_functions::user_reports().await
}
