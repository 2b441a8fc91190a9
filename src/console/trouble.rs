//! Why there is no page of what was asked for, and what is said instead.

use disclosure::DisclosureError;
use http::{Method, StatusCode};
use ledger::LedgerError;
use ledger::audit::ExportError;
use moderation::{LogError, OfficeError};
use policy::Person;

use crate::role::Role;
use crate::sign_in::{Away, Refused};

/// Why there is no page of what was asked for.
#[derive(Debug)]
pub enum Trouble {
    /// There is no such page.
    NoPage,
    /// Nobody is signed in, or not any more.
    NotSignedIn,
    /// Signing in did not succeed.
    SignIn(Refused),
    /// What was asked for takes another role.
    NotAllowed {
        /// Which.
        role: Role,
        /// Who asked.
        by: Person,
    },
    /// The form was sent from another site.
    FromElsewhere,
    /// What was sent is no form, or too long.
    NoForm,
    /// The form is of another session, or of none.
    OldForm,
    /// The office's door did not open.
    Office(OfficeError),
    /// The ledger failed.
    Ledger(LedgerError),
}

impl Trouble {
    /// As HTTP says it.
    pub const fn status(&self) -> StatusCode {
        match self {
            Trouble::NoPage => StatusCode::NOT_FOUND,
            Trouble::NotSignedIn => StatusCode::UNAUTHORIZED,
            Trouble::SignIn(Refused::Away(Away::Code(_))) => StatusCode::FORBIDDEN,
            Trouble::SignIn(Refused::Away(_)) => StatusCode::BAD_GATEWAY,
            Trouble::SignIn(Refused::Ledger(_)) | Trouble::Ledger(_) => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::SignIn(Refused::Stale | Refused::Declined | Refused::Used) | Trouble::NoForm => {
                StatusCode::BAD_REQUEST
            }
            Trouble::SignIn(_) | Trouble::NotAllowed { .. } | Trouble::FromElsewhere | Trouble::OldForm => {
                StatusCode::FORBIDDEN
            }
            Trouble::Office(OfficeError::Ledger(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::Office(OfficeError::NoCase(_) | OfficeError::NotACase { .. } | OfficeError::NoTask(_)) => {
                StatusCode::NOT_FOUND
            }
            Trouble::Office(_) => StatusCode::CONFLICT,
        }
    }

    /// Writes down what somebody has to know of: refused tries, and what failed. Without the id in the path.
    pub fn log(&self, method: &Method, path: &str) {
        let room = path.split('/').nth(2).unwrap_or_default();
        match self {
            Trouble::SignIn(refused) => tracing::warn!(error = %refused, "somebody was not signed in to the console"),
            Trouble::NotAllowed { role, by } => tracing::warn!(%method, room, role = role.as_str(),
                by = by.id().unwrap_or_default(), "somebody was refused what their role may not do"),
            Trouble::FromElsewhere | Trouble::OldForm => {
                tracing::warn!(%method, room, "a form was refused that no page of this session has sent");
            }
            Trouble::Ledger(error) | Trouble::Office(OfficeError::Ledger(error)) => {
                tracing::error!(%error, "the console cannot use the ledger");
            }
            Trouble::NoPage | Trouble::NotSignedIn | Trouble::NoForm | Trouble::Office(_) => {}
        }
    }
}

impl From<ExportError> for Trouble {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Ledger(error) => Trouble::Ledger(error),
            // Not of the log, but of the place where it is sorted: told as what cannot be used.
            ExportError::Output(error) => Trouble::Ledger(LedgerError::Configuration(error.to_string())),
        }
    }
}

impl From<LogError> for Trouble {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Export(error) => error.into(),
            LogError::Unusable(error) => Trouble::Ledger(LedgerError::Configuration(error.to_string())),
        }
    }
}

impl From<DisclosureError> for Trouble {
    fn from(error: DisclosureError) -> Self {
        match error {
            DisclosureError::NoPlatform => Trouble::Office(OfficeError::NoPlatform),
            DisclosureError::Ledger(error) => Trouble::Ledger(error),
        }
    }
}

impl From<LedgerError> for Trouble {
    fn from(error: LedgerError) -> Self {
        Trouble::Ledger(error)
    }
}

impl From<OfficeError> for Trouble {
    fn from(error: OfficeError) -> Self {
        Trouble::Office(error)
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Trouble::SignIn(refused)
    }
}
