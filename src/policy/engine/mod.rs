//! Rules, compiled, and how they judge a text.
//!
//! The text is folded once. One pass of an automaton over it finds every term and everything that could be the
//! beginning or end of a pattern; only then are patterns compiled and run, and only those for which something was
//! found. Detectors look at the text when a rule in scope asks for them. The cost is linear in the text and, but for
//! patterns without a fixed beginning or end, does not depend on how many rules there are.

mod pattern;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};

pub(crate) use self::pattern::Pattern;
use crate::detectors::{Contacts, Detector};
use crate::fold::{Folded, stands_alone};
use crate::{AccountId, Category, Finding, Kind, Outcome, Platform, Subject, Verdict};

/// How a clause is recognised: where the rule applies, what it looks for and what it leads to.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) clause: String,
    pub(crate) category: Category,
    pub(crate) outcome: Outcome,
    /// The id of the service, for a rule that redirects.
    pub(crate) service: Option<String>,
    /// Folded terms, which match as whole words.
    pub(crate) words: Vec<String>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) detectors: Vec<Detector>,
    pub(crate) scope: Scope,
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
    fn covers(&self, subject: &Subject<'_>) -> bool {
        let covers_platform =
            self.platforms.is_empty() || subject.platform.is_some_and(|at| self.platforms.contains(&at));
        let covers_account = self.accounts.is_empty() || subject.account.is_some_and(|at| self.accounts.contains(at));
        covers_platform && covers_account && (self.kinds.is_empty() || self.kinds.contains(&subject.kind))
    }
}

/// All rules of a policy.
pub(crate) struct Engine {
    rules: Vec<Rule>,
    /// Finds every term and every literal that a pattern cannot do without.
    needles: AhoCorasick,
    /// What each needle means.
    meanings: Vec<Meaning>,
    term_count: usize,
    own: Contacts,
}

/// What follows from a needle in the text.
#[derive(Default)]
struct Meaning {
    /// The rules that have it as a term.
    rules: Vec<usize>,
    /// The patterns that it may announce, as indices of a rule and of its pattern.
    patterns: Vec<(usize, usize)>,
}

/// A match of a rule in the folded text.
struct Hit {
    rule: usize,
    detector: &'static str,
    span: Range<usize>,
}

/// The matches in one text, at most one for each rule and detector.
struct Hits {
    /// For each rule, whether the subject is in its scope.
    open: Vec<bool>,
    found: Vec<Hit>,
}

impl Hits {
    /// Takes a match of a rule in scope, if it comes before the one already there or is longer.
    fn add(&mut self, rule: usize, detector: &'static str, span: Range<usize>) {
        if !self.open[rule] {
            return;
        }
        match self.found.iter_mut().find(|hit| hit.rule == rule && hit.detector == detector) {
            Some(hit) if (span.start, Reverse(span.end)) < (hit.span.start, Reverse(hit.span.end)) => hit.span = span,
            Some(_) => {}
            None => self.found.push(Hit { rule, detector, span }),
        }
    }
}

impl Engine {
    /// Compiles rules. Patterns are not compiled yet.
    ///
    /// # Errors
    /// When the terms are too many or too long for one automaton.
    pub(crate) fn new(rules: Vec<Rule>, own: Contacts) -> Result<Self, BuildError> {
        let mut needles: Vec<&[u8]> = Vec::new();
        let mut meanings: Vec<Meaning> = Vec::new();
        let mut index = HashMap::new();
        let mut meaning_of = |needle| {
            *index.entry(needle).or_insert_with(|| {
                needles.push(needle);
                meanings.push(Meaning::default());
                meanings.len() - 1
            })
        };
        let mut as_terms = Vec::new();
        let mut as_literals = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            as_terms.extend(rule.words.iter().map(|word| (meaning_of(word.as_bytes()), at)));
            for (nth, pattern) in rule.patterns.iter().enumerate() {
                as_literals.extend(pattern.literals().iter().map(|literal| (meaning_of(literal), (at, nth))));
            }
        }
        let needles = AhoCorasick::new(needles)?;
        for (meaning, rule) in as_terms {
            meanings[meaning].rules.push(rule);
        }
        for (meaning, pattern) in as_literals {
            meanings[meaning].patterns.push(pattern);
        }
        let term_count = meanings.iter().filter(|meaning| !meaning.rules.is_empty()).count();
        Ok(Self { needles, meanings, term_count, own, rules })
    }

    /// The rules, in the order of the file.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// How many different terms the rules look for.
    pub(crate) fn term_count(&self) -> usize {
        self.term_count
    }

    /// Judges a text: at most one finding for each rule and each way in which it recognises its clause, the first in
    /// the text and there the longest. So the verdict on a text stays small, however long the text.
    pub(crate) fn judge(&self, subject: &Subject<'_>) -> Verdict {
        let folded = Folded::new(subject.text);
        let open = self.rules.iter().map(|rule| rule.scope.covers(subject)).collect();
        let mut hits = Hits { open, found: Vec::new() };
        self.find_terms_and_patterns(folded.text(), &mut hits);
        // What a person tells us in private about themselves is no disclosure.
        if subject.kind != Kind::Message {
            self.find_personal_data(folded.text(), &mut hits);
        }
        let findings = hits.found.into_iter().map(|hit| self.finding(subject, &folded, &hit));
        Verdict::new(findings.collect())
    }

    fn find_terms_and_patterns(&self, text: &str, hits: &mut Hits) {
        let mut announced = Vec::new();
        for needle in self.needles.find_overlapping_iter(text) {
            let meaning = &self.meanings[needle.pattern().as_usize()];
            if !meaning.rules.is_empty() && stands_alone(text, &needle.range()) {
                for &rule in &meaning.rules {
                    hits.add(rule, "term", needle.range());
                }
            }
            for pattern in &meaning.patterns {
                if !announced.contains(pattern) {
                    announced.push(*pattern);
                }
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            for (nth, pattern) in rule.patterns.iter().enumerate() {
                let is_possible = pattern.literals().is_empty() || announced.contains(&(at, nth));
                if is_possible
                    && hits.open[at]
                    && let Some(span) = pattern.find(text)
                {
                    hits.add(at, "pattern", span);
                }
            }
        }
    }

    fn find_personal_data(&self, text: &str, hits: &mut Hits) {
        for detector in Detector::ALL {
            let asks = |at: &usize| hits.open[*at] && self.rules[*at].detectors.contains(&detector);
            let asking: Vec<usize> = (0..self.rules.len()).filter(asks).collect();
            if !asking.is_empty()
                && let Some(span) = detector.find(text, &self.own)
            {
                asking.into_iter().for_each(|rule| hits.add(rule, detector.as_str(), span.clone()));
            }
        }
    }

    fn finding(&self, subject: &Subject<'_>, folded: &Folded<'_>, hit: &Hit) -> Finding {
        let rule = &self.rules[hit.rule];
        let span = folded.original(&hit.span);
        Finding {
            clause: rule.clause.clone(),
            category: rule.category,
            rule: rule.id.clone(),
            detector: hit.detector,
            outcome: rule.outcome,
            matched: subject.text.get(span.clone()).unwrap_or_default().to_owned(),
            span,
        }
    }
}
