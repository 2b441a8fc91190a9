//! Authors: what is on record about them, letting them back in, noting something.

use std::collections::BTreeSet;

use jiff::Timestamp;
use ledger::{Amendment, AuthorRecord, Cancel, Case, CaseId, Done, Note, Pseudonym, SanctionsChange, Task, salt};
use policy::{ActionKind, Platform, PlatformUserId, SanctionKind, SanctionState};

use super::overturn::{Carried, tasks_of, unban};
use super::rule::Matter;
use super::tasks::tellings;
use super::{Office, OfficeError, Ruled, Ruling, room};
use crate::actions::task;

impl Office<'_> {
    /// What is on record about an author.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn author(&self, author: &Pseudonym) -> Result<AuthorRecord, OfficeError> {
        Ok(self.moderation.ledger.author(author).await?)
    }

    /// The pseudonym under which a person is on record.
    ///
    /// # Errors
    /// When the ledger is unavailable, or its keys are not those of the records: under a wrong key nobody is on record.
    pub async fn known_as(&self, platform: Platform, id: &PlatformUserId) -> Result<Pseudonym, OfficeError> {
        let (ledger, now) = (&self.moderation.ledger, self.moderation.clock.now());
        ledger.recognise_keys(now).await?;
        Ok(ledger.known_as(platform, id, now).await?)
    }

    /// Every pseudonym under which a person may be on record.
    pub fn pseudonyms(&self, platform: Platform, id: &PlatformUserId) -> Vec<Pseudonym> {
        self.moderation.ledger.pseudonyms(platform, id)
    }

    /// The platform on which an author is known, as the first case tells; `None` when nothing does.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn platform_of(&self, author: &Pseudonym) -> Result<Option<Platform>, OfficeError> {
        let ledger = &self.moderation.ledger;
        let Some(first) = ledger.cases_by_author(author).await?.into_iter().next() else { return Ok(None) };
        Ok(ledger.case(&first, self.moderation.clock.now()).await?.map(|case| case.platform))
    }

    /// The case that carries the sanction by which an author is kept out.
    ///
    /// # Errors
    /// When the author is not blocked, or the ledger is unavailable.
    pub async fn kept_out_by(&self, author: &Pseudonym) -> Result<CaseId, OfficeError> {
        let sanctions = self.moderation.ledger.author(author).await?.standing.sanctions;
        let keeping = sanctions.into_iter().find(|sanction| sanction.keeps_out());
        keeping.map(|sanction| sanction.case).ok_or(OfficeError::NotBlocked)
    }

    /// The open tasks by which somebody has to let an author in whose block or ban is over: until then the platform keeps
    /// them out.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn still_kept_out(&self, record: &AuthorRecord) -> Result<Vec<Task>, OfficeError> {
        let now = self.moderation.clock.now();
        let over = record.standing.sanctions.iter().filter(|sanction| sanction.kind >= SanctionKind::Block);
        // The end of a block stands in the case that carries it; where it was overturned, in that of the strike.
        let about: BTreeSet<&CaseId> =
            over.flat_map(|sanction| sanction.grounds.iter().chain([&sanction.case])).collect();
        let mut tasks = Vec::new();
        for case in about {
            let of_case = self.moderation.ledger.tasks_of(case, now).await?;
            tasks.extend(of_case.into_iter().filter(|task| task.lets_in() && task.done.is_none()));
        }
        Ok(tasks)
    }

    /// Lets an author contribute again: lifts every block or ban in force. They stay on record as ended.
    ///
    /// # Errors
    /// When the author is not blocked, or another person was faster.
    pub async fn unban(&self, author: &Pseudonym, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        let id = self.kept_out_by(author).await?;
        self.rule(&id, ruling, Matter::Unban(author)).await
    }

    pub(super) async fn readmission<'c>(
        &self,
        case: &'c Case,
        author: &Pseudonym,
        ruling: &Ruling,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        let record = self.moderation.ledger.author(author).await?;
        let change = SanctionsChange::of(record, |sanction| {
            let keeps_out = sanction.keeps_out();
            if keeps_out {
                sanction.close(SanctionState::Ended, now);
            }
            keeps_out
        });
        let Some(change) = change else { return Err(OfficeError::NotBlocked) };
        let lifted = change.sanctions.iter().filter(|sanction| change.changed.contains(&sanction.number));
        let carriers = self.carriers(lifted, now).await?;
        let not_needed = || Done { achieved: false, ..ruling.done(now) };
        // What everybody can read goes on saying until when the author is kept out.
        let in_public = |(sanction, carrier): &&Carried<'_>| {
            tellings(carrier, sanction.number).any(|action| action.kind == ActionKind::Reply)
        };
        let corrections = carriers.iter().filter(in_public);
        let tasks = corrections.map(|(sanction, carrier)| task::announced(carrier, sanction, now)).collect();
        // A ban that is still being asked, an end that is still to come, and what a person was asked to do for it, are
        // taken back with it.
        Ok(Amendment {
            cancel: Cancel::Serving(change.changed.clone()),
            actions: unban(case, &carriers, now).into_iter().collect(),
            tasks_done: tasks_of(&carriers).map(|task| (task, not_needed())).collect(),
            tasks,
            sanctions: Some(change.clone()),
            ..Amendment::of(case)
        })
    }

    /// Notes something about an author, for colleagues.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn note(&self, platform: Platform, author: &Pseudonym, ruling: &Ruling) -> Result<(), OfficeError> {
        let Ruling { by, reason, .. } = ruling.clone();
        let text = reason.as_str().to_owned();
        let note = Note { at: self.moderation.clock.now(), by, text, salt: salt() };
        room::for_note(&self.moderation.ledger.author(author).await?, &note)?;
        self.moderation.ledger.begins_by(note.at).await?;
        Ok(self.moderation.ledger.note_author(platform, author, &note, &self.moderation.policy.reference).await?)
    }
}
