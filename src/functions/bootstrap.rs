//! Every Lambda function in one artefact. Which of them it is in a place, Lambda says there.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    galateo_functions::deployed().await
}
