//! Whoever makes calls for others.

use policy::Account;

use crate::{Answer, Call, Class, Client, Unanswered};

/// Makes calls on behalf of accounts: what reads a platform page by page, or counts, asks through one of these, so that it
/// keeps to whatever holds an account.
pub trait Caller: Sync {
    /// Makes a call on behalf of an account.
    ///
    /// # Errors
    /// When there is no answer that is worth looking at, or the account is not to be asked now.
    fn obtain(&self, account: &Account, call: &Call) -> impl Future<Output = Result<Answer, NoAnswer>> + Send;
}

/// Why there is no answer to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Something holds the account, or was met by this call: nothing is asked until then, as a [`Class::Limited`] or a
    /// [`Class::RetryAfter`] tells.
    Held(Class),
    /// There is none.
    Unanswered(Unanswered),
}

/// Knows of nothing that holds an account: for whoever looks at a single answer.
impl Caller for Client {
    async fn obtain(&self, account: &Account, call: &Call) -> Result<Answer, NoAnswer> {
        self.send(account.platform, &account.id, call).await.map_err(NoAnswer::Unanswered)
    }
}
