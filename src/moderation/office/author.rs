//! Authors: what is on record about them, letting them back in, noting something.

use ledger::{Amendment, AuthorRecord, DecisionKind, NewAction, Note, Pseudonym, SanctionsChange, salt};
use policy::{ActionKind, Platform, SanctionState};

use super::{OfficeError, Ruled, Ruling, Signed, room};
use crate::Moderation;

impl Moderation {
    /// What is on record about an author.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn author(&self, author: &Pseudonym) -> Result<AuthorRecord, OfficeError> {
        Ok(self.ledger.author(author).await?)
    }

    /// Lets an author contribute again: lifts every block or ban in force. They stay on record as ended.
    ///
    /// # Errors
    /// When the ruling says nothing, the author is not blocked, or another person was faster.
    pub async fn unban(&self, author: &Pseudonym, ruling: Ruling<'_>) -> Result<Ruled, OfficeError> {
        let record = self.ledger.author(author).await?;
        let Some(sanction) = record.standing.sanctions.iter().find(|sanction| sanction.keeps_out()) else {
            return Err(OfficeError::NotBlocked);
        };
        let id = sanction.case.clone();
        self.rule(
            &id,
            ruling,
            |_| DecisionKind::Unban,
            async |case, now| {
                let record = self.ledger.author(author).await?;
                let change = SanctionsChange::of(record, |sanction| {
                    let keeps_out = sanction.keeps_out();
                    if keeps_out {
                        sanction.close(SanctionState::Ended, now);
                    }
                    keeps_out
                });
                let Some(change) = change else { return Err(OfficeError::NotBlocked) };
                // A ban that is still being asked, and an end that is still to come, are taken back with it.
                let amendment = Amendment {
                    cancel: true,
                    actions: vec![NewAction::new(ActionKind::Unban)],
                    sanctions: Some(change),
                    ..Amendment::of(case)
                };
                Ok((amendment, Ruled::Done))
            },
        )
        .await
    }

    /// Notes something about an author, for colleagues.
    ///
    /// # Errors
    /// When the ruling says nothing or the ledger is unavailable.
    pub async fn note(&self, platform: Platform, author: &Pseudonym, ruling: Ruling<'_>) -> Result<(), OfficeError> {
        let Signed { by, reason } = ruling.signed()?;
        let text = reason.as_str().to_owned();
        let note = Note { at: self.clock.now(), by, text, salt: salt() };
        room::for_note(&self.ledger.author(author).await?, &note)?;
        self.ledger.begins_by(note.at).await?;
        Ok(self.ledger.note_author(platform, author, &note, &self.policy.reference).await?)
    }
}
