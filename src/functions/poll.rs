//! Reads the platforms that do not push, as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    galateo_functions::poll().await
}
