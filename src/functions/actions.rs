//! Carries actions out, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    galateo_functions::actions().await
}
