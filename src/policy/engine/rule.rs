//! What a policy asks for, after loading and before compiling.

use super::Pattern;
use crate::detectors::Detector;
use crate::{AccountId, Category, Kind, Outcome, Platform, Subject};

/// Everything that judging needs from the files.
#[derive(Default)]
pub(crate) struct Rulebook {
    pub(crate) rules: Vec<Rule>,
    /// What makes findings milder, in the order of the file.
    pub(crate) lowers: Vec<Lower>,
    /// The sections of terms, which rules and conditions name by their index here.
    pub(crate) sections: Vec<Section>,
    /// Small words that are found glued to others.
    pub(crate) glue: Vec<String>,
    /// Words after which a full stop ends no sentence.
    pub(crate) abbreviations: Vec<String>,
    /// Words that are also surnames or places.
    pub(crate) names: Vec<String>,
    /// Words after which a capital makes no name.
    pub(crate) articles: Vec<String>,
}

/// How sure a term is by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tier {
    /// It has no innocent sense.
    #[default]
    Unambiguous,
    /// It is an insult in some contexts and a surname, a place or a dish in others.
    Ambiguous,
    /// Rude, but never a reason to hide by itself.
    Mild,
}

/// Terms that belong together, with what holds for all of them.
#[derive(Default)]
pub(crate) struct Section {
    pub(crate) tier: Tier,
    /// Whether its words are also recognised in disguise.
    pub(crate) disguised: bool,
    /// Whether its terms are cut short, so that one that the text goes on after is another word.
    pub(crate) cut: bool,
    pub(crate) terms: Vec<Term>,
    /// A match inside one of these phrases does not count.
    pub(crate) except: Vec<Vec<Step>>,
    pub(crate) context: Context,
}

/// A word or phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) steps: Vec<Step>,
    /// What it leads to in this policy, where that is not what its rule says.
    pub(crate) outcome: Option<Outcome>,
}

/// One piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// A folded word of letters and digits.
    Word(String),
    /// Some words, not many, in the same sentence.
    Gap,
}

/// A phrase as it is compared: words between spaces, gaps as three dots.
pub(crate) fn shown(steps: &[Step]) -> String {
    let shown = steps.iter().map(|step| match step {
        Step::Word(word) => word.as_str(),
        Step::Gap => "...",
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// What must stand near a match, and what must not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Context {
    /// All of these hold.
    pub(crate) with: Vec<Condition>,
    /// None of these holds.
    pub(crate) without: Vec<Condition>,
}

/// A term of certain sections stands near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) any: Vec<usize>,
    pub(crate) side: Side,
    pub(crate) within: Within,
}

/// On which side of the match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
    #[default]
    Either,
}

/// How near.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Within {
    /// With at most so many words between, in the same sentence.
    Words(usize),
    #[default]
    Sentence,
    Text,
    /// Right beside it, behind three points: "We smash the windows... of prejudice".
    Dots,
}

/// How a clause is recognised: where the rule applies, what it looks for and what it leads to.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) clause: String,
    pub(crate) category: Category,
    pub(crate) outcome: Outcome,
    /// Whether what it finds counts against the author. Otherwise it is hidden to protect someone.
    pub(crate) strike: bool,
    /// Whether a person should look at once.
    pub(crate) urgent: bool,
    /// The id of the service, for a rule that redirects.
    pub(crate) service: Option<String>,
    /// Sections of terms.
    pub(crate) terms: Vec<usize>,
    pub(crate) patterns: Vec<Pattern>,
    /// Holds for terms and patterns.
    pub(crate) context: Context,
    pub(crate) detectors: Vec<Detector>,
    pub(crate) links: Option<Links>,
    /// The same author has written the same at least so many times.
    pub(crate) repetition: Option<u32>,
    pub(crate) capitals: Option<Capitals>,
    /// The same character or word so often in a row.
    pub(crate) flood: Option<u32>,
    /// An attachment without text.
    pub(crate) attachments: bool,
    pub(crate) scope: Scope,
}

/// Which links a rule looks for: names of domains, which include what is below them.
pub(crate) enum Links {
    /// To these.
    To(Vec<String>),
    /// To any but these.
    AnyBut(Vec<String>),
}

/// Shouting.
#[derive(Clone, Copy)]
pub(crate) struct Capitals {
    /// How many of a hundred letters are capital, at least.
    pub(crate) percent: u32,
    /// How many letters there are, at least.
    pub(crate) letters: u32,
}

/// What makes findings by terms and patterns milder.
pub(crate) struct Lower {
    /// The indices of the rules it holds for.
    pub(crate) rules: Vec<usize>,
    /// The match stands in quotation marks.
    pub(crate) quoted: bool,
    /// The match, with what the conditions ask for right behind it, is all that its sentence says, it is asked, and the
    /// text goes on: "X? That was …".
    pub(crate) asked: bool,
    pub(crate) context: Context,
    /// The most severe outcome that is left.
    pub(crate) to: Outcome,
}

/// Where a rule applies; an empty list means everywhere.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) platforms: Vec<Platform>,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) kinds: Vec<Kind>,
}

impl Scope {
    /// Whether a subject is in scope. What is not known about it is in no list.
    pub(crate) fn covers(&self, subject: &Subject<'_>) -> bool {
        let covers_platform =
            self.platforms.is_empty() || subject.platform.is_some_and(|at| self.platforms.contains(&at));
        let covers_account = self.accounts.is_empty() || subject.account.is_some_and(|at| self.accounts.contains(at));
        covers_platform && covers_account && (self.kinds.is_empty() || self.kinds.contains(&subject.kind))
    }
}
