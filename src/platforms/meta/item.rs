//! One item of a delivery, and what all of its readers need to know about it.

use jiff::Timestamp;
use policy::{Account, ContributionId, Platform};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::arriving::lenient;
use crate::{Accounts, Event, Ignored, Malformed, Removal};

/// One item of a delivery: what it says, which of our accounts it concerns, and where it stands in the body. It is
/// read by itself, so that an item of another shape does not sink the others.
pub(crate) struct Item<'a> {
    /// Our account, found by the id of the entry.
    pub(crate) account: &'a Account,
    /// All of our accounts, to know our own voice.
    pub(crate) accounts: &'a Accounts,
    /// What it says, as JSON not yet read.
    pub(crate) raw: &'a RawValue,
    /// Where it stands in the body, for the log.
    pub(crate) path: String,
    /// When Meta told of it.
    pub(crate) told_at: Option<Timestamp>,
}

impl Item<'_> {
    /// What it says.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Ignored> {
        let value = lenient::document(self.raw.get().as_bytes())
            .map_err(|malformed| Malformed { path: self.path.clone(), ..malformed })?;
        Ok(lenient::item(&value, &self.path)?)
    }

    /// A leaf that nothing can be done without.
    pub(crate) fn required<T>(&self, leaf: Option<T>, name: &str) -> Result<T, Ignored> {
        Ok(lenient::required(leaf, &self.path, name)?)
    }

    /// The item lacks a leaf, or has another than documented.
    pub(crate) fn malformed(&self, leaf: &str, reason: &str) -> Ignored {
        lenient::malformed(&format!("{}.{leaf}", self.path), reason.to_owned()).into()
    }

    /// Whether this is one of our accounts, by id or by handle (invariant 8).
    pub(crate) fn is_ours(&self, id: Option<&str>, handle: Option<&str>) -> bool {
        is_ours(self.accounts.of(self.account.platform), id, handle)
    }

    /// The contribution with this id is gone.
    pub(crate) fn removal(&self, id: &str) -> Event {
        Event::Removal(Removal {
            platform: self.account.platform,
            account: self.account.id.clone(),
            id: ContributionId::new(id),
        })
    }
}

/// Whether one of these accounts has this id or handle. Only Instagram sends handles: the id that it gives an account
/// as an author is not always the id of the account.
pub(crate) fn is_ours<'a>(
    mut accounts: impl Iterator<Item = &'a Account>,
    id: Option<&str>,
    handle: Option<&str>,
) -> bool {
    let bare = |handle: &'a str| handle.trim_start_matches('@');
    accounts.any(|account| {
        id == Some(account.id.as_str())
            || (account.platform == Platform::Instagram
                && handle.is_some_and(|handle| handle.eq_ignore_ascii_case(bare(&account.handle))))
    })
}
