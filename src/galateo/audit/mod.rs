//! `galateo audit`: seal the log, give it out, and verify what was given out.

mod export;
mod seal;
mod verify;

use crate::cli::AuditCommand;
use crate::terminal::failure::Failure;

/// Carries an `audit` command out.
pub async fn audit(command: AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify(options) => verify::verify(&options),
        AuditCommand::Export(options) => export::export(&options).await,
        AuditCommand::Seal(options) => seal::seal(&options).await,
    }
}
