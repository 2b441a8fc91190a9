//! Authors: the strikes against them, the sanctions that followed, and what the office notes about them.

pub(crate) mod disclosure;
mod kept_out;
pub(crate) mod once;
pub(crate) mod pseudonym;
pub(crate) mod pseudonym_keys;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use policy::{ActionKind, Person, Platform, PolicyRef, Sanction, SanctionKind, SanctionState, Standing, Strike};
use serde::{Deserialize, Serialize};

use crate::audit::entry::fact::EntryStrike;
use crate::case::decision::reason_hash;
use crate::table::item::{Item, expiry, from_item, text_of, to_attribute, to_item};
use crate::table::keys::{STANDING, STRIKE};
use crate::table::store::{Query, Span};
use crate::table::tables::{DESK, DESK_AT, EXPIRES, SK, Table};
use crate::table::write::{Change, Write, Written};
use crate::{Action, AuditEntry, Case, CaseId, DecisionKind, Fact, Ledger, LedgerError, Pseudonym};

/// What a note takes beside its texts, in bytes.
const NOTE_OVERHEAD: usize = 150;

/// How long a note about an author is kept.
const NOTE_KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The most sanctions of an author that are kept of those that were taken back or declined, the newest. Who writes and
/// removes without end leads to one warning after the other that reaches nobody: they must not fill the record.
const MOST_WITHOUT_EFFECT: usize = 10;

/// How often [`Ledger::note_author`] starts anew when the author's record changes under its hands.
const NOTE_ATTEMPTS: u32 = 10;

/// What is on record about an author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorRecord {
    /// Strikes and sanctions. Expired ones that the table did not forget yet may be among them: whoever counts
    /// compares the time, as [`Standing`] does.
    pub standing: Standing<CaseId>,
    /// What the office noted, in order.
    pub notes: Vec<Note>,
    /// Counts the changes of sanctions and notes, from 1; 0 when there are none. Who changes them names the version
    /// that was read.
    pub version: u64,
}

/// What the office notes about an author. Kept for a year. `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Person,
    /// What.
    pub text: String,
    /// Random characters, different for each note, as for [`crate::Decision::salt`].
    pub salt: String,
}

impl Note {
    /// How much of an author's record it takes, in bytes.
    pub fn size(&self) -> usize {
        self.by.as_str().len() + self.text.len() + NOTE_OVERHEAD
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note").field("at", &self.at).field("by", &self.by).finish_non_exhaustive()
    }
}

/// A strike to count against the author of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStrike {
    /// The clause that was violated.
    pub clause: String,
    /// How much it counts.
    pub weight: u32,
    /// The sanction that it may lead to at once, where its clause is grave.
    pub skips_to: Option<SanctionKind>,
    /// When the violation was written where that is known, else when it arrived: never later than it arrived.
    pub at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

impl From<&NewStrike> for EntryStrike {
    fn from(strike: &NewStrike) -> Self {
        Self { clause: strike.clause.clone(), weight: strike.weight, expires_at: strike.expires_at }
    }
}

/// How sanctions and notes are stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) sanctions: Vec<Sanction<CaseId>>,
    pub(crate) notes: Vec<Note>,
    pub(crate) version: u64,
}

impl Ledger {
    /// What is on record about an author.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn author(&self, author: &Pseudonym) -> Result<AuthorRecord, LedgerError> {
        let partition = self.keys.author(author);
        let mut record = AuthorRecord::default();
        // The author's cases, which may be many, sort before.
        let query = Query { span: Span::Between(STRIKE, STANDING), ..Query::of(Table::Casebook, &partition) };
        for item in self.store.query(query).await? {
            let sk = text_of(&item, SK).unwrap_or_default();
            if sk.starts_with(STRIKE) {
                record.standing.strikes.push(from_item("strike", item)?);
            } else if sk == STANDING {
                let stored: Stored = from_item("standing", item)?;
                record.standing.sanctions = stored.sanctions;
                record.notes = stored.notes;
                record.version = stored.version;
            }
        }
        Ok(record)
    }

    /// Notes something about an author, with an audit entry that names neither the author nor the text.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the author's record keeps changing under its hands.
    pub async fn note_author(
        &self,
        platform: Platform,
        author: &Pseudonym,
        note: &Note,
        policy: &PolicyRef,
    ) -> Result<(), LedgerError> {
        let decision = Fact::Decision {
            decision: DecisionKind::Note,
            by: note.by.to_string(),
            reason: reason_hash(&note.salt, &note.text),
            strike: None,
            strike_withdrawn: false,
        };
        let entry = AuditEntry::at_large(policy, (Some(platform), None), decision, false, note.at);
        for _ in 0..NOTE_ATTEMPTS {
            let mut record = self.author(author).await?;
            record.notes.push(note.clone());
            let entry = self.write_at_large(&entry, &format!("note#{}", entry.hash))?;
            let writes = vec![self.write_standing(author, &record)?, entry];
            if self.store.write_all(writes).await? == Written::Yes {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict { operation: "note_author", attempts: NOTE_ATTEMPTS })
    }

    /// The write that records a strike. There is one item for each, under the id of the case that caused it: it can
    /// neither be counted twice nor be confused with another.
    pub(crate) fn write_strike(
        &self,
        author: &Pseudonym,
        case: &CaseId,
        strike: &NewStrike,
    ) -> Result<Write, LedgerError> {
        Ok(Write::Ensure(Table::Casebook, self.keys.strike(author, case), strike_item(case, strike)?))
    }

    /// The write that records what a strike counts from now on. Whoever asks for it changes its case in the same
    /// transaction, so that a strike which was taken back meanwhile does not come back.
    pub(crate) fn write_raised(
        &self,
        author: &Pseudonym,
        case: &CaseId,
        strike: &NewStrike,
    ) -> Result<Write, LedgerError> {
        Ok(Write::Put(Table::Casebook, self.keys.strike(author, case), strike_item(case, strike)?))
    }

    /// The write that stores sanctions and notes as they are now, if the version is still that of the record.
    pub(crate) fn write_standing(&self, author: &Pseudonym, record: &AuthorRecord) -> Result<Write, LedgerError> {
        let key = self.keys.standing(author);
        let AuthorRecord { standing, notes, version } = record;
        let sanctions = without_surplus(&standing.sanctions);
        let expires = forgotten_at(record).map(|at| (EXPIRES.to_owned(), expiry(at)));
        let listed = self.listed_as_kept_out(&sanctions);
        if *version == 0 {
            let stored = Stored { sanctions, notes: notes.clone(), version: 1 };
            let mut item = to_item("standing", &stored)?;
            item.extend(expires);
            item.extend(listed.unwrap_or_default());
            return Ok(Write::New(Table::Casebook, key, item));
        }
        let mut change = Change { version: *version, ..Change::default() };
        change.set.insert("sanctions".to_owned(), to_attribute("standing", &sanctions)?);
        change.set.insert("notes".to_owned(), to_attribute("standing", notes)?);
        if expires.is_none() {
            change.unset.push(EXPIRES);
        }
        change.set.extend(expires);
        match listed {
            Some(listed) => change.set.extend(listed),
            None => change.unset.extend([DESK, DESK_AT]),
        }
        Ok(Write::Change(Table::Casebook, key, change))
    }

    /// The write that records in the audit log, about a case, how far a sanction has come. `version` is that which the
    /// author's record gets with it: a sanction may come to the same state twice, and that is two facts.
    pub(crate) fn write_sanction(
        &self,
        case: &Case,
        author: &Pseudonym,
        sanction: &Sanction<CaseId>,
        version: u64,
        automatic: bool,
        now: Timestamp,
    ) -> Result<Write, LedgerError> {
        let fact = Fact::Sanction {
            author: author.clone(),
            number: sanction.number,
            sanction: sanction.kind,
            state: sanction.state,
        };
        let what = format!("sanction#{}#{}#{version}", sanction.number, sanction.state.as_str());
        self.write_event(case, &what, fact, automatic, now)
    }

    /// What follows for the author's sanction from an action that serves it and was carried out. Where the sanction
    /// comes a step further by it, the ladder is due to be climbed again.
    pub(crate) async fn advance(
        &self,
        case: &mut Case,
        action: &Action,
        automatic: bool,
        now: Timestamp,
    ) -> Result<Vec<Write>, LedgerError> {
        let (Some(number), Some(author)) = (action.sanction, case.pseudonym.clone()) else { return Ok(Vec::new()) };
        let mut record = self.author(&author).await?;
        let sanctions = &mut record.standing.sanctions;
        let Some(sanction) = sanctions.iter_mut().find(|sanction| sanction.number == number) else {
            return Ok(Vec::new());
        };
        match step(sanction, action.kind) {
            Some(SanctionState::Effective) => {
                sanction.take_effect(now);
                // What ends a block waits in the same case.
                let mut ends = case.actions.iter().filter(|action| {
                    action.sanction == Some(number) && action.kind == ActionKind::Unban && action.effect.is_none()
                });
                let ends_at = ends.find_map(|action| action.not_before);
                sanction.ends_at = sanction.ends_at.or(ends_at);
            }
            Some(state) => {
                sanction.close(state, now);
            }
            None => return Ok(Vec::new()),
        }
        let sanction = sanction.clone();
        case.climb_due = true;
        Ok(vec![
            self.write_sanction(case, &author, &sanction, record.version + 1, automatic, now)?,
            self.write_standing(&author, &record)?,
        ])
    }
}

fn strike_item(case: &CaseId, strike: &NewStrike) -> Result<Item, LedgerError> {
    let NewStrike { clause, weight, skips_to, at, expires_at } = strike.clone();
    let mut item = to_item("strike", &Strike { case: case.clone(), clause, weight, skips_to, at, expires_at })?;
    item.insert(EXPIRES.to_owned(), expiry(expires_at));
    Ok(item)
}

/// The sanctions without the oldest of those that came to nothing, where they are many. Their audit entries stay.
fn without_surplus(sanctions: &[Sanction<CaseId>]) -> Vec<Sanction<CaseId>> {
    let came_to_nothing =
        |sanction: &Sanction<CaseId>| matches!(sanction.state, SanctionState::Withdrawn | SanctionState::Declined);
    let count = sanctions.iter().filter(|sanction| came_to_nothing(sanction)).count();
    let mut surplus = count.saturating_sub(MOST_WITHOUT_EFFECT);
    let mut kept = sanctions.to_vec();
    kept.sort_by_key(|sanction| sanction.number);
    kept.retain(|sanction| {
        let goes = surplus > 0 && came_to_nothing(sanction);
        surplus -= usize::from(goes);
        !goes
    });
    kept
}

/// How far a sanction comes by an action that was carried out; `None` when it stays where it is.
fn step(sanction: &Sanction<CaseId>, done: ActionKind) -> Option<SanctionState> {
    use SanctionState::{Decided, Effective, Ended};
    let warns = sanction.kind < SanctionKind::Block;
    match sanction.state {
        Decided if warns && done.speaks() => Some(Effective),
        Decided if !warns && done == ActionKind::Ban => Some(Effective),
        Decided | Effective if !warns && done == ActionKind::Unban => Some(Ended),
        _ => None,
    }
}

/// When the table may forget an author's sanctions and notes: after the last of them; never while a ban is in force.
fn forgotten_at(record: &AuthorRecord) -> Option<Timestamp> {
    let sanctions = record.standing.sanctions.iter().map(|sanction| record.standing.stands_until(sanction));
    let notes = record.notes.iter().map(|note| note.at.saturating_add(NOTE_KEPT).unwrap_or(Timestamp::MAX));
    sanctions.chain(notes).max().filter(|at| *at < Timestamp::MAX)
}
