//! The cases that wait for a person.

use ledger::{AuthorRecord, Case, CaseFinding, CaseId, Cursor, Desk, NotAnId, Reference, Task};
use policy::{AccountId, Outcome, Person, Platform, Stance};

use super::{Lasting, Office, OfficeError};

/// How many cases are read at once while looking for those that were asked for.
const PAGE: usize = 100;

/// How many pages of a list are read at most for one that is shown.
const PASSED_OVER: usize = 5;

/// Which open cases are asked for.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Those of a halt, which are listed apart; without one, all others.
    pub group: Option<String>,
    /// Those of an office, whatever the case of its letters.
    pub office: Option<String>,
    /// Those of a person.
    pub assignee: Option<Person>,
    /// Those of a platform.
    pub platform: Option<Platform>,
    /// Those of one of our accounts.
    pub account: Option<AccountId>,
    /// Those with a finding under a clause, by its number.
    pub clause: Option<String>,
    /// Those of a sort.
    pub sort: Option<Sort>,
    /// Only those of which no decision is held.
    pub undecided: bool,
    /// At most so many.
    pub limit: usize,
}

/// A sort of open case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Somebody may be in danger.
    Urgent,
    /// Something was hidden, and waits to be confirmed.
    Hidden,
    /// Something stands there, and waits for a person to judge it.
    Review,
    /// A rule and the reader do not agree.
    Disagreement,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 4] = [Sort::Urgent, Sort::Hidden, Sort::Review, Sort::Disagreement];

    /// The key used in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Sort::Urgent => "urgent",
            Sort::Hidden => "hidden",
            Sort::Review => "review",
            Sort::Disagreement => "disagreement",
        }
    }

    /// Whether a case is of it.
    pub fn has(self, case: &Case) -> bool {
        let objects =
            |finding: &CaseFinding| finding.opinion.as_ref().is_some_and(|said| said.stance == Stance::Objects);
        match self {
            Sort::Urgent => case.urgent,
            Sort::Hidden => case.outcome == Outcome::Hide,
            Sort::Review => case.outcome == Outcome::Review,
            Sort::Disagreement => case.findings.iter().any(objects),
        }
    }
}

/// A case with all that is needed to decide about it.
#[derive(Debug)]
pub struct OnDesk {
    /// The case.
    pub case: Case,
    /// What is on record about its author.
    pub author: AuthorRecord,
    /// The tasks about it that are not done.
    pub tasks: Vec<Task>,
    /// What overturning it could not take back.
    pub irreversible: Vec<Lasting>,
}

impl Office<'_> {
    /// The open cases that were asked for, the urgent ones first, and whether there are more.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn list(&self, asked: &Listing) -> Result<(Vec<Case>, bool), OfficeError> {
        let now = self.moderation.clock.now();
        let desk = asked.group.clone().map_or(Desk::Open, Desk::Group);
        let mut found: Vec<Case> = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let (cases, next) = self.moderation.ledger.open_cases(&desk, after.as_ref(), PAGE, now).await?;
            found.extend(cases.into_iter().filter(|case| asked.wants(case)));
            after = next;
            if after.is_none() || found.len() > asked.limit {
                break;
            }
        }
        let more = after.is_some() || found.len() > asked.limit;
        // They come by deadline, which urgent cases have soonest.
        found.sort_by_key(|case| !case.urgent);
        found.truncate(asked.limit);
        Ok((found, more))
    }

    /// A page of the open cases that were asked for, by their deadline, and where the next page begins; `None` after the
    /// last. What it costs does not grow with the number of cases: of those that were not asked for, at most so many are
    /// passed over that a page can be short, or even empty, while there are more.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn page(
        &self,
        asked: &Listing,
        after: Option<Cursor>,
    ) -> Result<(Vec<Case>, Option<Cursor>), OfficeError> {
        let now = self.moderation.clock.now();
        let desk = asked.group.clone().map_or(Desk::Open, Desk::Group);
        let (mut found, mut after): (Vec<Case>, _) = (Vec::new(), after);
        for _ in 0..PASSED_OVER {
            let (cases, next) = self.moderation.ledger.open_cases(&desk, after.as_ref(), asked.limit, now).await?;
            found.extend(cases.into_iter().filter(|case| asked.wants(case)));
            after = next;
            if after.is_none() || found.len() >= asked.limit.div_ceil(2) {
                break;
            }
        }
        Ok((found, after))
    }

    /// A case by its id, or by the reference that its author was given, if that has a single revision.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub async fn find(&self, text: &str) -> Result<Case, OfficeError> {
        let now = self.moderation.clock.now();
        if let Ok(id) = text.parse::<CaseId>() {
            return self.moderation.ledger.case(&id, now).await?.ok_or_else(|| OfficeError::NoCase(text.to_owned()));
        }
        let reference: Reference =
            text.parse().map_err(|_: NotAnId| OfficeError::NotACase { found: text.to_owned() })?;
        let mut cases = self.moderation.ledger.cases_by(&reference, now).await?;
        if cases.len() > 1 {
            return Err(OfficeError::Ambiguous(cases.iter().map(|case| case.id.to_string()).collect()));
        }
        cases.pop().ok_or_else(|| OfficeError::NoCase(text.to_owned()))
    }

    /// A case as it stands now.
    ///
    /// # Errors
    /// When there is none, or the ledger is unavailable.
    pub async fn case(&self, id: &CaseId) -> Result<Case, OfficeError> {
        let case = self.moderation.ledger.case(id, self.moderation.clock.now()).await?;
        case.ok_or_else(|| OfficeError::NoCase(id.to_string()))
    }

    /// A case, found as [`Office::find`] does, with all that is needed to decide about it.
    ///
    /// # Errors
    /// When there is none, or more than one, or the ledger is unavailable.
    pub async fn on_desk(&self, text: &str) -> Result<OnDesk, OfficeError> {
        let case = self.find(text).await?;
        let author = self.moderation.record_of(&case).await?;
        let mut tasks = self.moderation.ledger.tasks_of(&case.id, self.moderation.clock.now()).await?;
        tasks.retain(|task| task.done.is_none());
        let irreversible = self.irreversible(&case);
        Ok(OnDesk { case, author, tasks, irreversible })
    }
}

impl Listing {
    fn wants(&self, case: &Case) -> bool {
        let cites = |clause: &String| case.findings.iter().any(|finding| finding.clause == *clause);
        self.platform.is_none_or(|platform| case.platform == platform)
            && self.account.as_ref().is_none_or(|account| case.account == *account)
            && self.clause.as_ref().is_none_or(cites)
            && self.sort.is_none_or(|sort| sort.has(case))
            && !(self.undecided && case.held.is_some())
            && is_of(self.office.as_deref(), case.office.as_deref())
            && self.assignee.as_ref().is_none_or(|asked| case.assignee.as_ref().is_some_and(|found| found.is(asked)))
    }
}

fn is_of(asked: Option<&str>, found: Option<&str>) -> bool {
    asked.is_none_or(|asked| found.is_some_and(|found| found.to_lowercase() == asked.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_found_whatever_the_case_of_its_letters_and_nobody_is_of_none() {
        assert!(is_of(None, None) && is_of(None, Some("URP")));
        assert!(is_of(Some("urp"), Some("URP")) && is_of(Some("Qualità"), Some("qualità")));
        assert!(!is_of(Some("urp"), None) && !is_of(Some("urp"), Some("Stampa")));
    }
}
