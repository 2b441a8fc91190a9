//! The webhook of YouTube, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    galateo_functions::webhook(policy::Platform::Youtube).await
}
