//! The course of a contribution: to which case its revisions belong, however many there are and in whatever order they
//! come.
//!
//! An item beside its fates names the case. It is written with the case, in one transaction, so that of two first
//! violations of one contribution that are delivered at the same moment one opens the case and the other joins it. Where
//! every revision has an id of its own (X), it names the earlier cases as well, and an item beside each revision leads to it.

use jiff::Timestamp;
use policy::{AccountId, Contribution, ContributionId, Outcome, Platform};
use serde::{Deserialize, Serialize};

use crate::author::pseudonym::Print;
use crate::case::is_false;
use crate::table::item::{from_item, to_attribute, to_item};
use crate::table::tables::Table;
use crate::table::write::{Change, Write, Written};
use crate::{Case, CaseId, Fate, Ledger, LedgerError, Recorded, Reference};

/// What is known of a contribution when one of its revisions is decided.
#[derive(Clone, Debug)]
pub struct Course {
    /// The case of its revisions, if there is one.
    pub case: Option<Case>,
    /// Under which reference it is kept.
    home: Reference,
    /// 0 while no case is named.
    version: u64,
    /// The cases that are named, in their order.
    named: Vec<CaseId>,
    /// What the revision says that is to be decided, under the pseudonym key in force and then under each of them.
    prints: Vec<Print>,
    /// Whether what stands there is a rewriting within the rules that is in no case, because it came before there was one.
    is_rewritten: bool,
    /// Whether the text that stood there was delivered as an edit as well, so that nobody knows how often it was changed.
    restated: bool,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    case: CaseId,
    version: u64,
    /// The cases before that one, where not all are kept under one reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<CaseId>,
    /// Where the course is kept, when this only leads there from a revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<Reference>,
    #[serde(default, skip_serializing_if = "is_false")]
    restated: bool,
}

impl Course {
    /// Whether the revision to be decided has the same text as the one that stands there, as far as that is known: it is
    /// a delivery of the same.
    pub fn repeats_text(&self) -> bool {
        self.stands(Print::has_text_of)
    }

    /// Whether the contribution may have had another case before the one that its revisions have now.
    pub const fn may_have_earlier(&self) -> bool {
        self.version > 1
    }

    /// Whether it says the same in another spelling or with other punctuation.
    pub fn repeats_words(&self) -> bool {
        self.stands(Print::has_words_of)
    }

    fn stands(&self, is_same: impl Fn(&Print, &Print) -> bool) -> bool {
        let stands = self.case.as_ref().filter(|_| !self.is_rewritten).and_then(|case| case.newest().print);
        stands.is_some_and(|stands| self.prints.iter().any(|print| is_same(&stands, print)))
    }

    /// Whether some text of it was delivered once more as an edit, which left no revision.
    pub const fn is_restated(&self) -> bool {
        self.restated
    }

    /// What the revision says, under the key in force.
    pub(crate) fn print(&self) -> Option<&Print> {
        self.prints.first()
    }

    /// Under which reference it is kept.
    pub(crate) const fn home(&self) -> &Reference {
        &self.home
    }
}

impl Stored {
    /// All cases that it names, in their order.
    fn named(&self) -> Vec<CaseId> {
        self.earlier.iter().chain([&self.case]).cloned().collect()
    }
}

impl Ledger {
    /// What is on record about the other revisions of a contribution. `words` is what it says, as the policy reads it.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn course(
        &self,
        contribution: &Contribution,
        words: &str,
        now: Timestamp,
    ) -> Result<Course, LedgerError> {
        let Contribution { platform, account, id, original, text, has_attachment, at, .. } = contribution;
        let mut prints = vec![self.pseudonyms.in_force(now).print(text, words, *has_attachment)];
        prints.extend(self.pseudonyms.newest_first().map(|key| key.print(text, words, *has_attachment)));
        let root = original.as_ref().unwrap_or(id);
        for home in self.references(*platform, account, root) {
            let Some(found) = self.course_at(&home).await? else { continue };
            // After a rotation what stands under the new key may only lead to the course.
            let (home, stored) = match &found.home {
                Some(elsewhere) => match self.course_at(elsewhere).await? {
                    Some(stored) => (elsewhere.clone(), stored),
                    None => (home, found),
                },
                None => (home, found),
            };
            let case = self.case(&stored.case, now).await?;
            let Stored { version, restated, .. } = stored;
            let mut course =
                Course { case, home, version, named: stored.named(), prints, is_rewritten: false, restated };
            course.is_rewritten = course.repeats_words() && self.is_rewritten(course.case.as_ref()).await?;
            return Ok(course);
        }
        let home = self.reference(*platform, account, root, at.unwrap_or(now));
        let named = Vec::new();
        Ok(Course { case: None, home, version: 0, named, prints, is_rewritten: false, restated: false })
    }

    /// Notes that the text which stands there was delivered once more as an edit. Nothing else follows from that; but of
    /// an edit that is delivered later nobody can tell any more whether it came later.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn restate(&self, course: &Course) -> Result<Recorded, LedgerError> {
        let mut change = Change { version: course.version, ..Change::default() };
        change.set.insert("restated".to_owned(), to_attribute("course", &true)?);
        let write = Write::Change(Table::Casebook, self.keys.course(&course.home), change);
        Ok(if self.store.write(write).await? == Written::Yes { Recorded::New } else { Recorded::Raced })
    }

    /// Whether a violation that a case has as its newest revision was rewritten since.
    async fn is_rewritten(&self, case: Option<&Case>) -> Result<bool, LedgerError> {
        let Some((case, newest)) = case.map(|case| (case, case.newest())) else { return Ok(false) };
        if newest.outcome == Outcome::Allow {
            return Ok(false);
        }
        let became = self.fate(&case.id).await?;
        Ok(became.is_some_and(|became| became.fate == Fate::Rewritten && became.follows(&newest)))
    }

    async fn course_at(&self, reference: &Reference) -> Result<Option<Stored>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.course(reference)).await?;
        item.map(|item| from_item("course", item)).transpose()
    }

    /// The cases of a contribution that are kept under another reference than its own: on X every revision has an id of
    /// its own, and each leads to the course of all of them.
    pub(crate) async fn cases_elsewhere(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
    ) -> Result<Vec<CaseId>, LedgerError> {
        let mut elsewhere = Vec::new();
        if platform == Platform::X {
            for reference in self.references(platform, account, id) {
                let Some(stored) = self.course_at(&reference).await? else { continue };
                let mut named = stored.named();
                if let Some(home) = &stored.home {
                    named.extend(self.course_at(home).await?.iter().flat_map(Stored::named));
                }
                for case in named {
                    if *case.reference() != reference && !elsewhere.contains(&case) {
                        elsewhere.push(case);
                    }
                }
            }
        }
        Ok(elsewhere)
    }

    /// The write that names the case of a contribution, where it names no other meanwhile.
    pub(crate) fn write_course(&self, course: &Course, case: &CaseId) -> Result<Write, LedgerError> {
        let key = self.keys.course(&course.home);
        if course.version == 0 {
            let stored = Stored { case: case.clone(), version: 1, earlier: Vec::new(), home: None, restated: false };
            return Ok(Write::New(Table::Casebook, key, to_item("course", &stored)?));
        }
        let mut change = Change { version: course.version, ..Change::default() };
        change.set.insert("case".to_owned(), to_attribute("course", case)?);
        // Where all have one reference they are found by that.
        if course.named.iter().chain([case]).any(|case| *case.reference() != course.home) {
            change.set.insert("earlier".to_owned(), to_attribute("course", &course.named)?);
        }
        Ok(Write::Change(Table::Casebook, key, change))
    }

    /// The write by which a revision with a reference of its own leads to its case, and to the course.
    pub(crate) fn write_course_of(
        &self,
        revision: &Reference,
        case: &CaseId,
        course: &Course,
    ) -> Result<Write, LedgerError> {
        let home = Some(course.home.clone());
        let stored = Stored { case: case.clone(), version: 1, earlier: Vec::new(), home, restated: false };
        Ok(Write::Put(Table::Casebook, self.keys.course(revision), to_item("course", &stored)?))
    }
}
