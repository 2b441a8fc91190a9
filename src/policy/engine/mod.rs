//! Rules, compiled, and how they judge a text.
//!
//! The text is folded once and split into words, each looked up in the vocabulary of all terms; only what looks like
//! a disguise is looked at more closely. What nobody says, such as the letters of a link, is not read. From each word
//! that begins a term, a tree of words is walked. What stands near a match is asked only where there is one. The cost
//! is linear in the text (but for the search of a neighbour among sorted matches) and does not depend on how many
//! terms there are.

mod context;
mod disguise;
mod floods;
mod judging;
mod links;
mod names;
mod pattern;
mod phrases;
mod rule;
mod vocabulary;
mod words;
mod work;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;

use aho_corasick::{AhoCorasick, BuildError};
use text::{Folded, Unsaid, unsaid};

use self::context::Hit;
use self::judging::Judging;
pub(crate) use self::pattern::Pattern;
use self::phrases::Phrases;
pub(crate) use self::rule::{
    Capitals, Condition, Context, Links, Lower, Rule, Rulebook, Scope, Section, Side, Step, Term, Tier, Within, shown,
};
use self::vocabulary::{Traits, Vocabulary};
use self::words::{Word, words};
use crate::detectors::Contacts;
use crate::keys::Keys;
use crate::{Outcome, Subject, Verdict};

/// All rules of a policy.
pub(crate) struct Engine {
    rules: Vec<Rule>,
    lowers: Vec<Lower>,
    vocabulary: Vocabulary,
    phrases: Phrases,
    /// What each phrase of the tree is.
    meanings: Vec<Meaning>,
    /// What holds for all terms of each section.
    contexts: Vec<Context>,
    /// How the terms of each section are read.
    readings: Vec<Reading>,
    /// For each section, the rules that look for its terms.
    users: Vec<Vec<usize>>,
    /// The terms that rules look for.
    terms: Vec<Term>,
    /// Finds every literal that a pattern cannot do without.
    literals: AhoCorasick,
    /// For each literal, the patterns that it announces, as indices of a rule and of its pattern.
    announced: Vec<Vec<(usize, usize)>>,
    own: Contacts,
    /// Domains of the organisation.
    own_domains: Vec<String>,
}

/// How the terms of a section are read.
#[derive(Clone, Copy)]
struct Reading {
    /// They do not count where the text goes on behind them.
    cut: bool,
    /// They count where a word of them is a guess.
    guessed: bool,
}

impl Reading {
    /// Whether words that spell a term of the section are one.
    fn counts(self, words: &[Word], folded: &Folded<'_>) -> bool {
        let goes_on = || words.last().is_some_and(|last| goes_on(folded, last.to));
        !(self.cut && goes_on() || !self.guessed && words.iter().any(|word| word.guessed))
    }
}

/// What a phrase stands for.
#[derive(Clone, Copy)]
enum Meaning {
    /// A term of a section, with the outcome that it has in this policy, if that is its own.
    Term(usize, Option<Outcome>),
    /// An innocent expression, inside which terms of that section do not count.
    Innocent(usize),
}

impl Engine {
    /// Compiles rules. Patterns are not compiled yet.
    ///
    /// # Errors
    /// When the literals of the patterns are too many or too long for one automaton.
    pub(crate) fn new(rulebook: Rulebook, own: Contacts, own_domains: Vec<String>) -> Result<Self, BuildError> {
        let Rulebook { rules, lowers, sections, glue, abbreviations, names, articles } = rulebook;
        let small = Small { glue: &glue, abbreviations: &abbreviations, names: &names, articles: &articles };
        let mut users = vec![Vec::new(); sections.len()];
        for (at, rule) in rules.iter().enumerate() {
            rule.terms.iter().for_each(|&section| users[section].push(at));
        }
        let (vocabulary, phrases, meanings) = compile(&sections, &users, &small);
        let reading = |section: &Section| Reading { cut: section.cut, guessed: section.disguised };
        let readings = sections.iter().map(reading).collect();
        let mut contexts = Vec::new();
        let mut terms = Vec::new();
        for (at, section) in sections.into_iter().enumerate() {
            if !users[at].is_empty() {
                terms.extend(section.terms);
            }
            contexts.push(section.context);
        }
        let mut literals: Vec<&[u8]> = Vec::new();
        let mut announced: Vec<Vec<(usize, usize)>> = Vec::new();
        let mut index = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            for (nth, pattern) in rule.patterns.iter().enumerate() {
                for literal in pattern.literals() {
                    let literal = literal.as_slice();
                    let number = *index.entry(literal).or_insert_with(|| {
                        literals.push(literal);
                        announced.push(Vec::new());
                        literals.len() - 1
                    });
                    announced[number].push((at, nth));
                }
            }
        }
        let literals = AhoCorasick::new(literals)?;
        Ok(Self {
            rules,
            lowers,
            vocabulary,
            phrases,
            meanings,
            contexts,
            readings,
            users,
            terms,
            literals,
            announced,
            own,
            own_domains,
        })
    }

    /// The rules, in the order of the file.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The terms that the rules look for.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// See [`crate::Policy::fingerprint`].
    pub(crate) fn fingerprint(&self, text: &str) -> u64 {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Folded::new(text).text().trim().bytes().fold(0xcbf2_9ce4_8422_2325, hash)
    }

    /// See [`crate::Policy::words_of`].
    pub(crate) fn words_of(&self, text: &str) -> String {
        let folded = Folded::new(text);
        // Signs that are no punctuation are words to some: little pictures, currencies.
        let says = |c: &char| c.is_alphanumeric() || !(c.is_ascii() || c.is_whitespace() || is_punctuation(*c));
        let words: String = folded.text().chars().filter(says).collect();
        if words.is_empty() { folded.text().trim().to_owned() } else { words }
    }

    /// Judges a text: at most one finding for each rule and each way in which it recognises its clause. So the verdict
    /// on a text stays small, however long the text.
    pub(crate) fn judge(&self, subject: &Subject<'_>, keys: Option<&Keys>) -> Verdict {
        let folded = Folded::new(subject.text);
        let unsaid = self.unsaid(folded.text());
        let words = words(&folded, &self.vocabulary, &unsaid);
        let hits = self.hits(&words, &folded);
        Judging::new(self, subject, &folded, &unsaid, &words, &hits).verdict(keys)
    }

    /// Whether some pattern may match a text.
    fn may_match_patterns(&self, text: &str) -> bool {
        let is_unannounced = |rule: &Rule| rule.patterns.iter().any(|pattern| pattern.literals().is_empty());
        self.literals.is_match(text) || self.rules.iter().any(is_unannounced)
    }

    /// What is not said in a text. A link to the organisation itself leads nowhere else.
    fn unsaid(&self, text: &str) -> Vec<Unsaid> {
        let mut unsaid = unsaid(text);
        for link in unsaid.iter_mut().filter(|unsaid| unsaid.is_link) {
            let written = text.get(link.span.clone()).unwrap_or_default();
            link.is_link = !links::domains(written).any(|domain| domain.is_of(&self.own_domains));
        }
        unsaid
    }

    /// All matches of terms that count, sorted; none if no rule looks for any of them.
    fn hits(&self, words: &[Word], folded: &Folded<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut innocent = Vec::new();
        let mut any_used = false;
        for from in 0..words.len() {
            self.phrases.find(words, from, &mut |term, to| match self.meanings[term] {
                Meaning::Term(section, _) if !self.readings[section].counts(&words[from..to], folded) => {}
                Meaning::Term(section, _) => {
                    any_used |= !self.users[section].is_empty();
                    hits.push(Hit { section, term, from, to });
                }
                Meaning::Innocent(section) => innocent.push(Hit { section, term, from, to }),
            });
        }
        // Most texts hold words that only conditions ask for: these count where there is something to ask about.
        if !any_used && !self.may_match_patterns(folded.text()) {
            return Vec::new();
        }
        let order = |hit: &Hit| (hit.section, hit.from, Reverse(hit.to));
        hits.sort_unstable_by_key(order);
        if !innocent.is_empty() {
            innocent.sort_unstable_by_key(order);
            // The farthest end so far in its section answers whether an earlier one reaches over a match.
            for at in 1..innocent.len() {
                if innocent[at].section == innocent[at - 1].section {
                    innocent[at].to = innocent[at].to.max(innocent[at - 1].to);
                }
            }
            hits.retain(|hit| {
                let earlier = innocent.partition_point(|one| (one.section, one.from) <= (hit.section, hit.from));
                let last = earlier.checked_sub(1).map(|at| innocent[at]);
                !last.is_some_and(|last| last.section == hit.section && last.to >= hit.to)
            });
        }
        hits
    }
}

/// The words of the lists that are no terms.
struct Small<'s> {
    glue: &'s [String],
    abbreviations: &'s [String],
    names: &'s [String],
    articles: &'s [String],
}

/// Whether the text goes on after a word that is cut short, so that the word is the beginning of something else: behind
/// a slash, an apostrophe, a hyphen or an underscore, with a number, as in "4 pezzi di m 2,40", or behind the full stop of an abbreviation.
fn goes_on(folded: &Folded<'_>, at: usize) -> bool {
    let rest = folded.text().as_bytes().get(at..).unwrap_or_default();
    let next = |at: usize| rest.get(at).is_some_and(u8::is_ascii_alphanumeric);
    match rest {
        [b'\'', b' ', ..] => next(2),
        [b'/' | b'\'' | b'-' | b'&' | b'_', ..] => next(1),
        [b' ', digit, ..] => digit.is_ascii_digit(),
        [b'.', b' ', b'(', ..] => true,
        [b'.', b' ', ..] => next(2) && !folded.is_capital(at + 2),
        [b'.', ..] => next(1),
        _ => false,
    }
}

/// Whether a character that is not ASCII is punctuation: the marks of Latin texts, and the general and supplemental ones.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2000}'..='\u{206f}'
        | '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{fe6f}')
}

/// All terms as a tree of words, what each of them is, and the words themselves, with what is done with each.
fn compile(sections: &[Section], users: &[Vec<usize>], small: &Small<'_>) -> (Vocabulary, Phrases, Vec<Meaning>) {
    let mut vocabulary = Vocabulary::default();
    let mut phrases = Phrases::new();
    let mut meanings = Vec::new();
    for (at, (section, users)) in sections.iter().zip(users).enumerate() {
        let guessed = section.disguised && section.tier != Tier::Ambiguous && !users.is_empty();
        for term in &section.terms {
            let alone = guessed && term.steps.len() == 1;
            let traits = Traits { disguised: section.disguised, guessed, alone, ..Traits::default() };
            phrases.add(&term.steps, |word| vocabulary.learn(word, traits));
            meanings.push(Meaning::Term(at, term.outcome));
        }
        for steps in &section.except {
            phrases.add(steps, |word| vocabulary.learn(word, Traits::default()));
            meanings.push(Meaning::Innocent(at));
        }
    }
    let traits = Traits::default();
    for (words, traits) in [
        (small.glue, Traits { glue: true, ..traits }),
        (small.abbreviations, Traits { abbreviation: true, ..traits }),
        (small.names, Traits { name: true, ..traits }),
        (small.articles, Traits { article: true, ..traits }),
    ] {
        for word in words {
            vocabulary.learn(word, traits);
        }
    }
    vocabulary.finish();
    (vocabulary, phrases, meanings)
}
