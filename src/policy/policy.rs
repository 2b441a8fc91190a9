//! A policy, loaded and ready to judge.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use reader::Reader;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, shown};
use crate::keys::{DANGER, Keys, READER};
use crate::named::topic::Deadlines;
use crate::retention::Retention;
use crate::said::message::Messages;
use crate::{
    Account, AccountId, AccountState, Automation, Calendar, Clause, Kind, Ladder, LeadForm, Organisation, Platform,
    Provisions, Service, Topic, Verdict, file,
};

/// A file as its bytes in memory: this crate does no I/O, its callers read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name by which errors and `lists` refer to it, for example `milano-monza-brianza-lodi.toml` or
    /// `lists/volgarita.toml`.
    pub name: String,
    /// The whole content.
    pub text: String,
}

/// Something wrong in a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, by [`Source::name`].
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The field, as a path: `clause[3].category` is in the third `[[clause]]`. `TOML` where the line could not be read.
    pub field: String,
    /// What stood there, as it was written.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { file, line, field, found, expected } = self;
        write!(f, "{file}:{line}: {field}: found {found}, expected {expected}")
    }
}

/// Which policy a decision was taken under (invariant 6).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The policy's id, for example `milano-monza-brianza-lodi`.
    pub id: String,
    /// Its version, as published.
    pub version: String,
    /// The SHA-256 of the file's bytes, in lower-case hex.
    pub hash: String,
    /// The learned reader that reads beside its rules, where it lets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<ReaderRef>,
}

/// Which learned reader read beside the rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReaderRef {
    /// The name of the model.
    pub id: String,
    /// The SHA-256 of its weights, in lower-case hex.
    pub hash: String,
}

/// A term list that a policy was loaded with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListRef {
    /// Its name in the policy.
    pub name: String,
    /// The SHA-256 of the file's bytes, in lower-case hex.
    pub hash: String,
}

/// What is judged: a text and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The text, in the author's own spelling.
    pub text: &'a str,
    /// The platform, where one is known.
    pub platform: Option<Platform>,
    /// The account, where one is known.
    pub account: Option<&'a AccountId>,
    /// The kind of contribution.
    pub kind: Kind,
    /// How often the same author recently wrote a text with the same [`Policy::fingerprint`], this one not counted.
    pub repeats: u32,
    /// Whether a picture, video or other attachment came with the text.
    pub has_attachment: bool,
}

impl<'a> Subject<'a> {
    /// A public comment of which nothing but its text is known.
    pub const fn of(text: &'a str) -> Self {
        Self { text, platform: None, account: None, kind: Kind::Comment, repeats: 0, has_attachment: false }
    }
}

/// The published rules of one organisation, loaded and compiled. It can be shared between threads.
pub struct Policy {
    /// Which policy this is.
    pub reference: PolicyRef,
    /// When this version was published.
    pub date: Date,
    /// The organisation's time zone, in which its days and months begin.
    pub time_zone: TimeZone,
    /// Where the policy is published.
    pub url: String,
    /// The body that has published it.
    pub organisation: Organisation,
    /// The official accounts that it lists: what happens elsewhere is not ours.
    pub accounts: Vec<Account>,
    /// Its clauses, in the published order.
    pub clauses: Vec<Clause>,
    /// The online services to which personal cases are redirected.
    pub services: Vec<Service>,
    /// What its published page says beside the clauses.
    pub provisions: Provisions,
    /// From which standing of an author on which sanction is due.
    pub ladder: Ladder,
    /// How far the system may go alone.
    pub automation: Automation,
    /// The forms of the organisation's advertisements.
    pub lead_forms: Vec<LeadForm>,
    /// When the office works.
    pub calendar: Calendar,
    /// Which office answers for what.
    pub topics: Vec<Topic>,
    /// The term lists that it names, in that order.
    pub lists: Vec<ListRef>,
    pub(crate) messages: Messages,
    pub(crate) deadlines: Deadlines,
    pub(crate) retention: Retention,
    pub(crate) engine: Engine,
    /// The second key, where the policy has one.
    pub(crate) keys: Option<Keys>,
}

impl Policy {
    /// Loads a policy file and the term lists that it names, or reports everything that is wrong with them. Sources
    /// that it does not name are passed over, so one set of lists can serve many policies.
    ///
    /// # Errors
    /// Every [`Problem`] found: first those of the policy file, then those of each list, in the order of the lines.
    pub fn load(file: &Source, lists: &[Source]) -> Result<Policy, Vec<Problem>> {
        file::load(file, lists)
    }

    /// The names of the lists that a policy file names, for callers that read only those. What is wrong with the
    /// file is left for [`Policy::load`] to report.
    pub fn list_names(file: &Source) -> Vec<String> {
        file::list_names(file)
    }

    /// Judges a text: a pure function of the policy and the subject. Any text has a verdict, after time that is
    /// linear in its length. There is at most one finding for each rule and detector: where it matches first.
    ///
    /// Where the policy lets a learned reader take part, hiding because of words takes two keys: a rule that is certain, and a
    /// reader that does not object. What the reader says alone is a finding of its own, and calls a person at most.
    pub fn judge(&self, subject: &Subject<'_>) -> Verdict {
        self.engine.judge(subject, self.keys.as_ref())
    }

    /// What the rules alone find in a text: for comparing texts, which a reader reads as a whole.
    pub fn found_by_rules(&self, subject: &Subject<'_>) -> Verdict {
        self.engine.judge(subject, None)
    }

    /// The same policy with another reader than the one that is shipped, where it lets one take part.
    #[must_use]
    pub fn read_by(mut self, reader: Reader) -> Self {
        if let Some(keys) = &mut self.keys {
            self.reference.reader = Some(reference(&reader));
            keys.replace(reader);
        }
        self
    }

    /// A number that texts share which differ only in spelling, as folding sees it: for counting what the same author
    /// repeats. Equal on every machine and for every policy. Not secret: whoever guesses a text can compute it.
    pub fn fingerprint(&self, text: &str) -> u64 {
        self.engine.fingerprint(text)
    }

    /// What a text says, whatever its spelling and punctuation: two revisions with the same words are one. Where it has
    /// no words, its characters are what it says.
    pub fn words_of(&self, text: &str) -> String {
        self.engine.words_of(text)
    }

    /// The account with this id, unless it is closed.
    pub fn account(&self, platform: Platform, id: &AccountId) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.platform == platform && &account.id == id && account.state != AccountState::Closed)
    }

    /// The clause with this number.
    pub fn clause(&self, number: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.number == number)
    }

    /// The online service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The form of an advertisement with this id of the platform.
    pub fn lead_form(&self, id: &str) -> Option<&LeadForm> {
        self.lead_forms.iter().find(|form| form.id == id)
    }

    /// The online service to which the rule with this id redirects; `None` for a rule that does not redirect.
    pub fn rule_service(&self, rule: &str) -> Option<&Service> {
        if let (READER, Some(keys)) = (rule, &self.keys) {
            return self.service(keys.permissions().service.as_deref()?);
        }
        let rule = self.engine.rules().iter().find(|known| known.id == rule)?;
        self.service(rule.service.as_deref()?)
    }

    /// Whether what the rule with this id finds is hidden to protect someone, and counts against nobody until a person
    /// finds that its author exposed another (`strike = false`).
    pub fn protects(&self, rule: &str) -> bool {
        self.engine.rules().iter().any(|known| known.id == rule && !known.strike)
    }

    /// Whether what the rule with this id finds is that somebody may be in danger, which is no violation.
    pub fn is_urgent(&self, rule: &str) -> bool {
        rule == DANGER || self.engine.rules().iter().any(|known| known.id == rule && known.urgent)
    }

    /// How many rules it has.
    pub fn rule_count(&self) -> usize {
        self.engine.rules().len()
    }

    /// The terms that its rules look for, as they are compared: folded, one for each spelling, gaps as `...`.
    pub fn terms(&self) -> impl Iterator<Item = String> {
        self.engine.terms().iter().map(|term| shown(&term.steps))
    }

    /// How many terms its rules look for.
    pub fn term_count(&self) -> usize {
        self.engine.terms().len()
    }
}

/// How records name a reader.
pub(crate) fn reference(reader: &Reader) -> ReaderRef {
    ReaderRef { id: reader::ID.to_owned(), hash: reader.sha256().to_owned() }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("reference", &self.reference)
            .field("rules", &self.rule_count())
            .field("terms", &self.term_count())
            .finish_non_exhaustive()
    }
}
