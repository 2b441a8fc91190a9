//! What stands there: read again, where the deliveries do not tell.
//!
//! Facebook dates no edit, promises no order, and repeats what it thinks was not taken. So of two edits, one of which
//! has to be hidden and the other not, nobody can tell which came last; and a text that is restored comes as the same
//! revision as before. Then the contribution is read, and what stands there is judged as a revision of its own. Until
//! then nothing is hidden for it, and no hiding is written off (decision 0029): but not for longer than five minutes in
//! which it is read in vain, because who rewrites without end would keep it up.

use jiff::{SignedDuration, Timestamp};
use ledger::{ActionWork, Asked, Case, Course, Fate, LedgerError, ReadWork, Settlement, Unread};
use platforms::{Adapter, adapter};
use policy::{ActionKind, Contribution, Outcome, Surface};

use crate::Moderation;
use crate::actions::retry::later;
use crate::intake::decide::Matter;
use crate::intake::receive::Origin;

/// How soon a hiding is tried again that waits for what is being read, at the earliest …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(2);
/// … and at the latest, unless nothing is to be asked of the account anyway.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(15);
/// How long a contribution may be read in vain, because its author rewrites it meanwhile, the platform fails, or what was read
/// cannot be recorded, before what is known of it decides whether it is hidden.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

impl Moderation {
    /// Asks for a contribution to be read where a revision of it was delivered of which nobody can tell whether it stands
    /// there. `course` is what was known before, and `outcome` what follows from it. A delivery that is repeated asks
    /// again: whoever was killed before this is not acknowledged.
    pub(crate) async fn look_if_unclear(
        &self,
        matter: &Matter<'_>,
        course: &Course,
        outcome: Outcome,
    ) -> Result<(), LedgerError> {
        let Matter { contribution, now, .. } = *matter;
        let adapter = adapter(contribution.platform);
        let is_undated = is_undated_edit(adapter, contribution.edited, contribution.at);
        let is_restated = contribution.edited && course.is_restated();
        if contribution.surface == Surface::Message || !(is_undated || is_restated) {
            return Ok(());
        }
        let contradicts = |case: &Case| {
            case.all_revisions().iter().any(|other| {
                other.id != *matter.id
                    && (is_restated || is_undated_edit(adapter, other.edited, other.at))
                    && (other.outcome == Outcome::Hide) != (outcome == Outcome::Hide)
            })
        };
        // A rewriting within the rules that came before there was a case stands in no case.
        let is_unclear = course.case.as_ref().is_some_and(contradicts)
            || is_undated
                && outcome == Outcome::Hide
                && self.ledger.fate(matter.id).await?.is_some_and(|became| became.fate == Fate::Rewritten);
        if !is_unclear {
            return Ok(());
        }
        let Contribution { platform, account, surface, id, thread, at, .. } = contribution.clone();
        let written = vec![Contribution { author: None, ..contribution.clone() }];
        let unread = Unread { platform, account, surface, id, thread, at, written, look: true };
        self.tally.count(platform, "looked");
        self.ledger.defer(&unread, now).await.map(drop)
    }

    /// Judges what was read, which stands there now whatever was delivered.
    pub(crate) async fn judge_seen(&self, work: &ReadWork, mut seen: Contribution) -> Result<(), LedgerError> {
        seen.edited = true;
        // However late it is read: it is what was told of, as far as anybody can tell.
        let told_at = work.unread.written.last().and_then(|last| last.told_at);
        seen.told_at = told_at.or(Some(work.deferred_at));
        let was_judged = self.ledger.entry(&seen).await?.is_some();
        if was_judged {
            // It stood there before, and does again: that is another revision, the same for whoever reads it for this look.
            seen.revision = format!("{}#{}", seen.revision, work.deferred_at);
        }
        self.take_contribution(&seen, Origin::Seen { was_judged }).await.map(drop)
    }

    /// That an action waits until it is known what stands there, if it has to.
    pub(crate) async fn waits_for_a_look(
        &self,
        work: &ActionWork,
        now: Timestamp,
    ) -> Result<Option<Settlement>, LedgerError> {
        let ActionWork { case, action, uncertain } = work;
        let (ActionKind::Hide, Some(content)) = (action.kind, &case.content) else { return Ok(None) };
        let was_edited = case.all_revisions().iter().any(|revision| revision.edited);
        if !was_edited {
            return Ok(None);
        }
        let awaited = match self.ledger.awaited(case.platform, &case.account, &content.contribution).await {
            Err(error @ LedgerError::Corrupt { .. }) => {
                tracing::error!(%error, "what waits to be read is damaged, and holds back no hiding");
                None
            }
            awaited => awaited?,
        };
        let is_in_time = |since: Timestamp| now.duration_since(since) < PATIENCE;
        if !awaited.is_some_and(|awaited| awaited.in_vain_since.is_none_or(is_in_time)) {
            return Ok(None);
        }
        let waited = now.duration_since(action.tried_since.unwrap_or(now));
        let soon = later(now, waited.clamp(FIRST_WAIT, LONGEST_WAIT));
        let held = self.held_until(case.platform, &case.account, now).await;
        let at = held.map_or(soon, |held| held.max(soon));
        let note = "what stands there now is being read".to_owned();
        Ok(Some(Settlement::Again { at, asked: Asked::No, uncertain: *uncertain, note }))
    }
}

/// Whether nothing tells when a revision was written, other than that it was edited.
fn is_undated_edit(adapter: &dyn Adapter, edited: bool, at: Option<Timestamp>) -> bool {
    edited && (at.is_none() || !adapter.dates_edits())
}
