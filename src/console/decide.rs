//! What is decided here: each form leads to the office's door, and then away from the form.

use jiff::Timestamp;
use ledger::{AuthorRecord, Case, CaseId};
use moderation::{Extent, Intent, Listing, OfficeError, Ruled, Ruling, person};
use policy::{Platform, Referral, SanctionState};

use crate::answer::{Answer, lead_to};
use crate::form::{address, part};
use crate::role::Role;
use crate::route::Door;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Among how many of the first cases the next one is looked for.
const FIRST: usize = 6;

impl Visit<'_> {
    /// Decides about a case as the form says. Whoever had fewer decisions before their eyes than there are is told who was
    /// faster, and sees the case as it stands now.
    pub(crate) async fn decide(&self, door: Door) -> Result<Answer, Trouble> {
        let id: CaseId = self.place.parse().map_err(|_| Trouble::NoPage)?;
        let decided = Box::pin(self.decided(door, &id)).await;
        self.console.waiting.forget();
        match decided {
            // Who has to hear something more stays with the case, where it can be taken back as well.
            Ok((Ruled::MorePeople(_), _)) => Ok(self.back_to(&id, "people")),
            Ok((Ruled::RestWaits, _)) => Ok(self.back_to(&id, "rest")),
            // With the way to take it back, and the next case at once.
            Ok((_, Some(until))) => self.to_the_next(&id, Some(until)).await,
            Ok((Ruled::Done | Ruled::SeenTo, None))
                if matches!(door, Door::Confirm | Door::Exposure | Door::Overturn | Door::Decline) =>
            {
                self.to_the_next(&id, None).await
            }
            Ok(_) => Ok(self.back_to(&id, "done")),
            Err(Trouble::Office(error)) if !matches!(error, OfficeError::Ledger(_) | OfficeError::NoCase(_)) => {
                Box::pin(self.case_again(&id, &error)).await
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Takes back what was decided about a case just now, and leads to it.
    pub(crate) async fn take_back(&self) -> Result<Answer, Trouble> {
        let id: CaseId = self.place.parse().map_err(|_| Trouble::NoPage)?;
        let taken = self.office().take_back(&id, &self.person).await;
        self.console.waiting.forget();
        match taken {
            Ok(_) => Ok(self.back_to(&id, "taken-back")),
            Err(error @ OfficeError::NotHeld) => Box::pin(self.case_again(&id, &error)).await,
            Err(error) => Err(error.into()),
        }
    }

    /// What became of it, and until when it can be taken back where it can.
    async fn decided(&self, door: Door, id: &CaseId) -> Result<(Ruled, Option<Timestamp>), Trouble> {
        let (office, ruling) = (self.office(), self.ruling_on_what_was_seen()?);
        let intent = match door {
            Door::Confirm => Some(Intent::Confirm),
            Door::Exposure => Some(Intent::Exposure),
            Door::Overturn => Some(Intent::Overturn(Extent::Case)),
            Door::Decline => Some(Intent::Overturn(Extent::Proposal)),
            _ => None,
        };
        if let Some(intent) = intent {
            if matches!(intent, Intent::Confirm | Intent::Exposure) {
                self.may_impose(id).await?;
            }
            let (anyway, undo) = (self.form.get("anyway") == "yes", self.console.settings.undo);
            return Ok(office.announce(id, intent, anyway, &ruling, undo).await?);
        }
        let ruled = match door {
            Door::Escalate => {
                let to = match self.form.get("to") {
                    "authorities" => Referral::Authorities,
                    _ => Referral::Platform,
                };
                office.escalate(id, to, &ruling).await?
            }
            Door::Assign if self.form.get("to").trim().is_empty() => office.assign(id, &self.person, &ruling).await?,
            Door::Assign => office.assign(id, &person(self.form.get("to"))?, &ruling).await?,
            _ => office.note_case(id, &ruling).await?,
        };
        Ok((ruled, None))
    }

    /// The ruling, which counts only for what its person had before their eyes.
    fn ruling_on_what_was_seen(&self) -> Result<Ruling, Trouble> {
        // A form without it is none of ours.
        let seen = self.form.get("seen").parse().map_err(|_| Trouble::NoForm)?;
        Ok(self.ruling()?.having_seen(seen))
    }

    /// Refuses the confirmation by which a block or a ban is imposed to whoever does not lead. What changes between this
    /// reading and the decision changes the number of decisions, and then nothing is decided.
    async fn may_impose(&self, id: &CaseId) -> Result<(), Trouble> {
        if self.may(Role::Lead) {
            return Ok(());
        }
        let case = self.office().case(id).await?;
        let record = match &case.pseudonym {
            Some(author) => self.office().author(author).await?,
            None => AuthorRecord::default(),
        };
        if self.would_impose(&case, &record) {
            return Err(Trouble::NotAllowed { role: Role::Lead, by: self.person.clone() });
        }
        Ok(())
    }

    /// Whether the next confirmation of a case is the last that a proposed sanction needs.
    pub(crate) fn would_impose(&self, case: &Case, record: &AuthorRecord) -> bool {
        let is_proposed = |state| state == SanctionState::Proposed;
        let proposed =
            record.standing.sanctions.iter().find(|sanction| is_proposed(sanction.state) && sanction.case == case.id);
        proposed.is_some_and(|sanction| {
            let needed = self.policy().ladder.step(sanction.kind).map_or(1, |step| step.decided_by.people());
            sanction.confirmed_by.len() + 1 >= needed
        })
    }

    fn back_to(&self, id: &CaseId, said: &str) -> Answer {
        lead_to(&address(&format!("/console/case/{id}"), &[("said", said)]))
    }

    /// The first cases of the queue that nobody has just decided.
    async fn undecided(&self) -> Result<Vec<CaseId>, Trouble> {
        let asked = Listing { undecided: true, ..self.listing(FIRST) };
        let (cases, _) = self.office().page(&asked, None).await?;
        Ok(cases.into_iter().map(|case| case.id).collect())
    }

    /// The case behind one in the queue; the first, where it is not among the first of them.
    pub(crate) async fn next_after(&self, one: &CaseId) -> Result<Option<CaseId>, Trouble> {
        let open = self.undecided().await?;
        let behind = open.iter().position(|id| id == one).map_or(0, |position| position + 1);
        Ok(open.get(behind).or(open.first()).filter(|id| *id != one).cloned())
    }

    /// To the case that comes next by its deadline; to the queue, where there is none.
    async fn to_the_next(&self, decided: &CaseId, until: Option<Timestamp>) -> Result<Answer, Trouble> {
        let next = self.undecided().await?.into_iter().find(|id| id != decided);
        let path = next.map_or("/console/queue".to_owned(), |next| format!("/console/case/{next}"));
        let until = until.map(|until| until.as_millisecond().to_string()).unwrap_or_default();
        Ok(lead_to(&address(&path, &[("decided", &decided.to_string()), ("until", &until)])))
    }

    pub(crate) async fn confirm_group(&self) -> Result<Answer, Trouble> {
        let (mut confirmed, ruling, office) = (0, self.ruling()?, self.office());
        // Those that were on the screen, and no others; each as it was there.
        for shown in self.form.all("case") {
            let (id, seen) = shown.split_once(' ').ok_or(Trouble::NoForm)?;
            let id: CaseId = id.parse().map_err(|_| Trouble::NoForm)?;
            let seen = seen.parse().map_err(|_| Trouble::NoForm)?;
            match office.confirm_of_group(&self.place, &id, &ruling.clone().having_seen(seen)).await {
                Ok(_) => confirmed += 1,
                Err(OfficeError::Ledger(error)) => return Err(error.into()),
                // It stays in the group, where it is seen.
                Err(_) => {}
            }
        }
        let path = format!("/console/group/{}", part(&self.place));
        Ok(lead_to(&address(&path, &[("confirmed", &confirmed.to_string())])))
    }

    pub(crate) async fn finish_task(&self) -> Result<Answer, Trouble> {
        let achieved = self.form.get("achieved") == "yes";
        self.office().finish_task(&self.place, &self.ruling()?, achieved).await?;
        Ok(lead_to("/console/tasks?said=done"))
    }

    pub(crate) async fn unban(&self) -> Result<Answer, Trouble> {
        self.office().unban(&self.place.parse().map_err(|_| Trouble::NoPage)?, &self.ruling()?).await?;
        Ok(lead_to(&format!("/console/author/{}?said=done", self.place)))
    }

    pub(crate) async fn note_author(&self) -> Result<Answer, Trouble> {
        let author = self.place.parse().map_err(|_| Trouble::NoPage)?;
        let platform = self.office().platform_of(&author).await?.ok_or(OfficeError::NoPlatform)?;
        self.office().note(platform, &author, &self.ruling()?).await?;
        Ok(lead_to(&format!("/console/author/{}?said=done", self.place)))
    }

    /// What the form says is to be halted, or to go on.
    fn scope(&self) -> Result<ledger::Scope, Trouble> {
        let Some(platform) = self.form.given("platform") else { return Ok(ledger::Scope::All) };
        let platform: Platform = platform.parse().map_err(|_| Trouble::NoForm)?;
        let account = policy::AccountId::new(self.form.get("account"));
        Ok(self.office().scope(Some((platform, &account)), self.form.given("rule"))?)
    }

    pub(crate) async fn halt(&self) -> Result<Answer, Trouble> {
        let raid = self.form.get("cause") == "raid";
        let cause = if raid { ledger::HaltCause::Raid } else { ledger::HaltCause::Switch };
        self.office().halt(self.scope()?, cause, &self.ruling()?).await?;
        Ok(lead_to("/console/automation?said=done"))
    }

    pub(crate) async fn resume(&self) -> Result<Answer, Trouble> {
        self.office().resume(&self.scope()?, &self.ruling()?).await?;
        Ok(lead_to("/console/automation?said=done"))
    }

    pub(crate) async fn end_session(&self) -> Result<Answer, Trouble> {
        let key = self.form.get("session").parse().map_err(|_| Trouble::NoForm)?;
        self.console.moderation.ledger().end_session(&key).await?;
        tracing::info!(by = self.person.id().unwrap_or_default(), "a session of the console was ended");
        Ok(lead_to("/console/sessions?said=done"))
    }

    pub(crate) async fn end_sessions(&self) -> Result<Answer, Trouble> {
        let ended = self.console.moderation.ledger().end_sessions(self.now).await?;
        tracing::info!(ended, by = self.person.id().unwrap_or_default(), "all sessions of the console were ended");
        Ok(lead_to("/console/signed-out"))
    }
}
