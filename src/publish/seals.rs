//! Publishing the seals of the audit log where nobody can replace them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Ledger, LedgerError};

use crate::store::{Existing, File, NotPut, Put, Store};

/// How many days back every seal is offered to a bucket each night, and how often an older one still is: so each gets
/// there in the end, also where the store refused it for long, or it was made by hand. What is there is kept.
const AGAIN_DAYS: i32 = 31;

/// After how many failures nothing more is offered to a bucket: one that does not answer would use up the night.
const MAX_FAILURES: usize = 3;

/// What became of the seals that were offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// How many were not there yet.
    pub new: usize,
    /// How many are there with another content: one of the two was forged.
    pub differing: usize,
}

/// Why a seal was not made, or not published.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// The ledger is unavailable.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A seal could not be stored. Whatever else could be was.
    #[error(transparent)]
    Store(#[from] NotPut),
}

/// Seals the days that are over and publishes their seals, and those of before that are not there yet. The newest is
/// offered first, so that none that is refused keeps it back.
///
/// # Errors
/// When the ledger is unavailable or a seal could not be stored; what could be was. Repeating is safe.
pub async fn seal(ledger: &Ledger, store: &Store, now: Timestamp) -> Result<Published, NotPublished> {
    let made = ledger.seal_until(now).await?;
    let today = ledger::day(now);
    let is_new = |day: Date| made.first().is_some_and(|first| first.day <= day);
    let (mut published, mut failures) = (Published::default(), Vec::new());
    // Also those of days that are still to come: the clock may have been set back.
    for seal in ledger.seals(Date::MIN, Date::MAX).await?.iter().rev() {
        if !is_new(seal.day) && !is_offered_to(store, seal.day, today) {
            continue;
        }
        let (name, text) = (seal.file_name(), seal.to_json());
        let file = File { name: &name, media_type: "application/json", text: &text };
        match store.put(file, Existing::Kept, SystemTime::from(now)).await {
            Ok(Put::Written) => {
                tracing::info!(day = %seal.day, hash = %seal.hash(), "a seal is published");
                published.new += 1;
            }
            Ok(Put::Same) => {}
            Ok(Put::Different) => {
                tracing::error!(day = %seal.day, hash = %seal.hash(), "another seal is published for the day than the one on record");
                published.differing += 1;
            }
            Err(error) => failures.push(error),
        }
        if store.is_remote() && failures.len() == MAX_FAILURES {
            break;
        }
    }
    failures.into_iter().next().map_or(Ok(published), |error| Err(error.into()))
}

/// Whether the seal of a day that was sealed before is offered to this store today.
fn is_offered_to(store: &Store, day: Date, today: Date) -> bool {
    !store.is_remote() || is_offered(day, today)
}

/// Whether it is offered to a store that each offer costs a request.
fn is_offered(day: Date, today: Date) -> bool {
    let age = (today - day).get_days();
    age <= AGAIN_DAYS || age % AGAIN_DAYS == 0
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use ledger::embedded::Embedded;
    use ledger::{PseudonymKey, Tables};

    use super::*;

    #[tokio::test]
    async fn a_seal_that_is_refused_keeps_no_other_back() {
        let engine = Embedded::start(None).await.unwrap();
        let tables = Tables { casebook: "casebook".to_owned(), audit: "audit".to_owned() };
        let key = PseudonymKey::new(b"secret-of-the-tests-of-the-seals").unwrap();
        let ledger = Ledger::new(engine.client(), tables, "ente", key);
        ledger.create_tables().await.unwrap();
        let now = "2026-02-05T10:00:00Z".parse().unwrap();
        ledger.seal_from(Some("2026-02-02".parse().unwrap()), now).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = |day: u32| folder.path().join(format!("seals/ente/2026-02-{day:02}.json"));
        std::fs::create_dir_all(path(3)).unwrap();
        let store = Store::Folder(folder.path().to_owned());
        assert!(seal(&ledger, &store, now).await.is_err());
        assert!(path(2).is_file() && path(4).is_file());
        std::fs::remove_dir(path(3)).unwrap();
        assert_eq!(seal(&ledger, &store, now).await.unwrap(), Published { new: 1, differing: 0 });
    }

    #[test]
    fn a_folder_is_offered_every_seal_every_night_so_that_a_new_one_gets_them_all() {
        let folder = Store::Folder("reports".into());
        let day: Date = "2026-02-03".parse().unwrap();
        assert!((1..400).all(|days| is_offered_to(&folder, day, day + days.days())));
    }

    #[test]
    fn a_seal_is_offered_every_night_for_a_month_and_once_in_31_days_after_that() {
        let day: Date = "2026-02-03".parse().unwrap();
        let offered = |after: std::ops::Range<i64>| after.filter(|days| is_offered(day, day + days.days())).count();
        assert_eq!(offered(1..32), 31);
        assert_eq!((offered(32..63), offered(1_000..1_031), offered(3_650..3_681)), (1, 1, 1));
    }
}
