//! What is personal about a case, apart from it, so that it can be forgotten while the case stays.

use std::fmt;

use jiff::Timestamp;
use policy::{Author, ContributionId, ThreadId, Verdict};
use serde::{Deserialize, Serialize};

use crate::case::{MAX_FINDINGS, is_false};
use crate::contribution::record::Judged;
use crate::table::item::{Item, expiry, to_item};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::Write;
use crate::{CaseId, Ledger, LedgerError};

/// The longest text that is kept, in bytes. An item holds 400 KB and no platform allows texts near to this; what is
/// longer is cut, and marked, rather than refused and lost.
const MAX_TEXT_BYTES: usize = 256 * 1024;
/// The longest matched text that is kept of a finding, in bytes. Its span is kept whole.
const MAX_MATCHED_BYTES: usize = 500;

/// What is personal about a case, by which a person or a text can be recognised. It is an item of its own, which the
/// table forgets by itself; reads leave it out from the moment that its time is over. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The platform's id of the contribution.
    pub contribution: ContributionId,
    /// Our post, media or video, or the private conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadId>,
    /// The contribution that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ContributionId>,
    /// Who wrote it, where the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The text as written; cut after 256 KB.
    pub text: String,
    /// Whether the text was cut.
    #[serde(default, skip_serializing_if = "is_false")]
    pub text_cut: bool,
    /// The address of the contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// The matched text of each finding of the case, in the same order; each cut after 500 bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matched: Vec<String>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

impl Content {
    pub(crate) fn new(judged: &Judged<'_>) -> Self {
        let Judged { contribution, verdict, keep_until, .. } = judged;
        let kept = cut(&contribution.text, MAX_TEXT_BYTES);
        Self {
            contribution: contribution.id.clone(),
            thread: contribution.thread.clone(),
            parent: contribution.parent.clone(),
            author: contribution.author.clone(),
            text: kept.to_owned(),
            text_cut: kept.len() < contribution.text.len(),
            permalink: contribution.permalink.clone(),
            matched: matched(verdict),
            expires_at: *keep_until,
        }
    }

    /// What takes the place of the content of a revision that is given up: nothing, and its time is over. It is not
    /// deleted, because what answers the internet may not delete (decision 0013): the table forgets it by itself.
    fn given_up(judged: &Judged<'_>) -> Self {
        Self {
            contribution: judged.contribution.id.clone(),
            thread: None,
            parent: None,
            author: None,
            text: String::new(),
            text_cut: false,
            permalink: None,
            matched: Vec::new(),
            expires_at: judged.received_at,
        }
    }

    /// Takes over from another revision of the same contribution what did not come along with this one. The address is
    /// that of a revision, where each has an id of its own.
    pub(crate) fn complete(&mut self, other: &Content) {
        let Content { contribution, thread, parent, author, permalink, .. } = other;
        self.thread = self.thread.take().or_else(|| thread.clone());
        self.parent = self.parent.take().or_else(|| parent.clone());
        self.author = self.author.take().or_else(|| author.clone());
        if self.contribution == *contribution {
            self.permalink = self.permalink.take().or_else(|| permalink.clone());
        }
    }

    /// Whether its time is over.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }
}

fn matched(verdict: &Verdict) -> Vec<String> {
    let findings = verdict.findings().iter().take(MAX_FINDINGS);
    findings.map(|finding| cut(&finding.matched, MAX_MATCHED_BYTES).to_owned()).collect()
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Ledger {
    /// The write that keeps the content of a revision that belongs to a case.
    pub(crate) fn write_content(
        &self,
        case: &CaseId,
        revision: &CaseId,
        content: &Content,
    ) -> Result<Write, LedgerError> {
        Ok(Write::New(Table::Casebook, self.keys.content_of(case, revision), content_item(content)?))
    }

    /// The write by which the content of a revision that belongs to a case is given up for the one that is judged now.
    pub(crate) fn give_content_up(
        &self,
        case: &CaseId,
        revision: &CaseId,
        judged: &Judged<'_>,
    ) -> Result<Write, LedgerError> {
        let item = content_item(&Content::given_up(judged))?;
        Ok(Write::Put(Table::Casebook, self.keys.content_of(case, revision), item))
    }
}

fn content_item(content: &Content) -> Result<Item, LedgerError> {
    let mut item = to_item("content", content)?;
    item.insert(EXPIRES.to_owned(), expiry(content.expires_at));
    Ok(item)
}

/// The longest beginning of a text that has at most so many bytes.
fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
