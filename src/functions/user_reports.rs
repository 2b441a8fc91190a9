//! Users' reports by e-mail, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    galateo_functions::user_reports().await
}
