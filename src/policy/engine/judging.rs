//! One text being judged: what each rule finds in it.

use std::cmp::Reverse;
use std::ops::Range;

use text::{Folded, Unsaid};

use super::context::{Hit, Surroundings, quotes};
use super::rule::Rule;
use super::words::Word;
use super::{Engine, Meaning, floods, links};
use crate::detectors::{Set, find_all};
use crate::keys::{Held, Keys, Turned};
use crate::{Finding, Kind, Outcome, Stance, Subject, Verdict};

/// Shorter texts are written again by many, without any wrong: "grazie", "bravi tutti".
const SHORTEST_REPETITION: usize = 3;

/// The detectors of words, which alone need a second key.
const BY_WORDS: [&str; 2] = ["term", "pattern"];

/// How many words of its sentence are read on either side of a match.
const AROUND: usize = 8;

/// A match of a rule in the folded text.
struct Found {
    rule: usize,
    detector: &'static str,
    outcome: Outcome,
    span: Range<usize>,
}

/// One text being judged.
pub(super) struct Judging<'j> {
    engine: &'j Engine,
    subject: &'j Subject<'j>,
    folded: &'j Folded<'j>,
    unsaid: &'j [Unsaid],
    words: &'j [Word],
    /// Sorted by section and position.
    hits: &'j [Hit],
    quotes: Option<Vec<(usize, usize)>>,
    found: Vec<Found>,
}

impl<'j> Judging<'j> {
    /// A text as it was cut into words, with all matches of terms.
    pub(super) fn new(
        engine: &'j Engine,
        subject: &'j Subject<'j>,
        folded: &'j Folded<'j>,
        unsaid: &'j [Unsaid],
        words: &'j [Word],
        hits: &'j [Hit],
    ) -> Self {
        Self { engine, subject, folded, unsaid, words, hits, quotes: None, found: Vec::new() }
    }

    /// At most one finding for each rule and each way in which it recognises its clause, and one of the reader.
    pub(super) fn verdict(mut self, keys: Option<&Keys>) -> Verdict {
        self.judge_terms();
        self.judge_patterns();
        // What a person tells us in private about themselves is no disclosure.
        if self.subject.kind != Kind::Message {
            self.judge_personal_data();
        }
        self.judge_the_whole();
        let read = keys.and_then(|keys| self.turn(keys));
        let found = std::mem::take(&mut self.found);
        Verdict::new(found.into_iter().map(|found| self.finding(&found)).chain(read).collect())
    }

    /// Turns the second key: what the reader makes of what rules found by words, and what it says itself. Where somebody
    /// may be in danger a person looks anyway, whatever it says.
    fn turn(&mut self, keys: &Keys) -> Option<Finding> {
        let rules = &self.engine.rules;
        if self.found.iter().any(|found| rules[found.rule].urgent) {
            return None;
        }
        let reading = keys.read(self.folded)?;
        let (mut objected, mut agreed) = (None, None);
        let (words, whole, text) = (self.words, self.folded, self.subject.text);
        self.found.retain_mut(|found| {
            let rule = &rules[found.rule];
            if !BY_WORDS.contains(&found.detector) {
                return true;
            }
            let held = Held { rule: found.rule, category: rule.category, outcome: found.outcome };
            match keys.turn(&reading, &held, || read_around(keys, words, whole, text, &found.span)) {
                Turned::Stays => {}
                Turned::Objected => {
                    found.outcome = Outcome::Review;
                    objected.get_or_insert(found.rule);
                }
                Turned::Agreed => {
                    found.outcome = Outcome::Hide;
                    agreed.get_or_insert(found.rule);
                }
                Turned::LetGo => return false,
            }
            true
        });
        let stance = objected.map(|rule| (Stance::Objects, rule)).or(agreed.map(|rule| (Stance::Agrees, rule)));
        if let Some((stance, rule)) = stance {
            let rule = &rules[rule];
            return keys.about(stance, &reading, (&rule.clause, rule.category), text, self.folded);
        }
        let worst = self.found.iter().map(|found| found.outcome).max().unwrap_or(Outcome::Allow);
        keys.alone(&reading, self.subject, self.folded, worst)
    }

    fn judge_terms(&mut self) {
        let engine = self.engine;
        let near = Surroundings::new(self.folded.text(), self.words, self.hits);
        for hit in self.hits {
            let users = &engine.users[hit.section];
            if users.is_empty() || !near.allow(&engine.contexts[hit.section], hit.from, hit.to) {
                continue;
            }
            let own = match engine.meanings[hit.term] {
                Meaning::Term(_, outcome) => outcome,
                Meaning::Innocent(_) => None,
            };
            for &rule in users {
                let outcome = own.unwrap_or(engine.rules[rule].outcome);
                self.judge_match(&near, rule, "term", outcome, hit.from..hit.to, None);
            }
        }
    }

    fn judge_patterns(&mut self) {
        let engine = self.engine;
        let text = self.folded.text();
        let mut announced: Vec<(usize, usize)> = Vec::new();
        for literal in engine.literals.find_overlapping_iter(text) {
            for pattern in &engine.announced[literal.pattern().as_usize()] {
                if !announced.contains(pattern) {
                    announced.push(*pattern);
                }
            }
        }
        let near = Surroundings::new(self.folded.text(), self.words, self.hits);
        for (at, rule) in engine.rules.iter().enumerate() {
            for (nth, pattern) in rule.patterns.iter().enumerate() {
                if (pattern.literals().is_empty() || announced.contains(&(at, nth)))
                    && rule.scope.covers(self.subject)
                    && let Some(span) = pattern.find(text, |at| self.is_said(at))
                {
                    let from = self.words.partition_point(|word| word.to <= span.start);
                    let to = self.words.partition_point(|word| word.from < span.end).max(from + 1);
                    self.judge_match(&near, at, "pattern", rule.outcome, from..to, Some(span));
                }
            }
        }
    }

    /// Whether the byte at this place of the folded text is said.
    fn is_said(&self, at: usize) -> bool {
        let next = self.unsaid.partition_point(|unsaid| unsaid.span.end <= at);
        self.unsaid.get(next).is_none_or(|unsaid| at < unsaid.span.start)
    }

    /// A match by words: it counts where its context holds, and as much as quoting and the like leave of it.
    fn judge_match(
        &mut self,
        near: &Surroundings<'_>,
        rule: usize,
        detector: &'static str,
        mut outcome: Outcome,
        at: Range<usize>,
        span: Option<Range<usize>>,
    ) {
        let engine = self.engine;
        let known = &engine.rules[rule];
        if !known.scope.covers(self.subject) || !near.allow(&known.context, at.start, at.end) {
            return;
        }
        let matched = self.words.get(at.clone()).unwrap_or_default();
        let span = span
            .unwrap_or_else(|| matched.first().map_or(0, |first| first.from)..matched.last().map_or(0, |last| last.to));
        if matched.iter().any(|word| !word.certain) {
            outcome = outcome.min(Outcome::Review);
        }
        for lower in &engine.lowers {
            if outcome > lower.to
                && lower.rules.contains(&rule)
                && (!lower.quoted || self.is_quoted(&span))
                && (!lower.asked || self.is_asked(&(at.start..near.end_of(&lower.context, at.end))))
                && near.allow(&lower.context, at.start, at.end)
            {
                outcome = lower.to;
            }
        }
        if outcome != Outcome::Allow {
            self.add(rule, detector, outcome, span);
        }
    }

    /// Whether these words are all that their sentence says, and ask it, and the text goes on.
    fn is_asked(&self, at: &Range<usize>) -> bool {
        let (Some(last), Some(next)) = (self.words.get(at.end.saturating_sub(1)), self.words.get(at.end)) else {
            return false;
        };
        let opens = at.start.checked_sub(1).is_none_or(|before| self.words[before].sentence != last.sentence);
        let ends = next.sentence != last.sentence;
        opens && ends && self.folded.text().get(last.to..next.from).is_some_and(|between| between.contains('?'))
    }

    fn is_quoted(&mut self, span: &Range<usize>) -> bool {
        let text = self.folded.text();
        let quotes = self.quotes.get_or_insert_with(|| quotes(text));
        let next = quotes.partition_point(|(start, _)| *start < span.start);
        next.checked_sub(1).and_then(|at| quotes.get(at)).is_some_and(|(_, end)| *end >= span.end)
    }

    fn judge_personal_data(&mut self) {
        let engine = self.engine;
        let asked = |set: Set, rule: &Rule| {
            if rule.detectors.is_empty() || !rule.scope.covers(self.subject) {
                return set;
            }
            rule.detectors.iter().fold(set, |set, &detector| set.with(detector))
        };
        let wanted = engine.rules.iter().fold(Set::EMPTY, asked);
        let folded = self.folded;
        find_all(folded.text(), &|at| folded.is_capital(at), &engine.own, wanted, |detector, span| {
            for (at, rule) in engine.rules.iter().enumerate() {
                if rule.detectors.contains(&detector) && rule.scope.covers(self.subject) {
                    self.add(at, detector.as_str(), rule.outcome, span.clone());
                }
            }
        });
    }

    /// What is judged by the text as a whole: links, repetition, shouting, floods, attachments.
    fn judge_the_whole(&mut self) {
        let engine = self.engine;
        let text = self.folded.text();
        let all = 0..text.len();
        let has_inner_dot = text.as_bytes().windows(2).any(|two| two[0] == b'.' && two[1].is_ascii_alphanumeric());
        for (at, rule) in engine.rules.iter().enumerate() {
            if !rule.scope.covers(self.subject) {
                continue;
            }
            let mut add = |detector, span| self.add(at, detector, rule.outcome, span);
            if let Some(links) = &rule.links
                && has_inner_dot
                && let Some(domain) = links::domains(text).find(|domain| links.cover(domain, &engine.own_domains))
            {
                add("link", domain.span);
            }
            if rule.repetition.is_some_and(|times| self.subject.repeats.saturating_add(1) >= times)
                && self.words.len() >= SHORTEST_REPETITION
            {
                self.add(at, "repetition", rule.outcome, all.clone());
            }
            if rule.capitals.is_some_and(|capitals| floods::shouts(self.subject.text, capitals)) {
                self.add(at, "capitals", rule.outcome, all.clone());
            }
            if let Some(span) = rule.flood.and_then(|times| floods::flood(text, self.words, times)) {
                self.add(at, "flood", rule.outcome, span);
            }
            if rule.attachments && self.subject.has_attachment && text.trim().is_empty() {
                self.add(at, "attachment", rule.outcome, all.clone());
            }
        }
    }

    /// Keeps the most severe match of a rule, of those the first in the text, and of those the longest.
    fn add(&mut self, rule: usize, detector: &'static str, outcome: Outcome, span: Range<usize>) {
        let rank = |found: &Found| (Reverse(found.outcome), found.span.start, Reverse(found.span.end));
        let new = Found { rule, detector, outcome, span };
        match self.found.iter_mut().find(|found| found.rule == rule && found.detector == detector) {
            Some(found) if rank(&new) < rank(found) => *found = new,
            Some(_) => {}
            None => self.found.push(new),
        }
    }

    fn finding(&self, found: &Found) -> Finding {
        let rule = &self.engine.rules[found.rule];
        let span = self.folded.original(&found.span);
        Finding {
            clause: rule.clause.clone(),
            category: rule.category,
            rule: rule.id.clone(),
            detector: found.detector,
            outcome: found.outcome,
            matched: self.subject.text.get(span.clone()).unwrap_or_default().to_owned(),
            folded: self.normalised(found),
            urgent: rule.urgent,
            span,
            opinion: None,
        }
    }

    /// The form that matched: the words that were recognised, or the folded text.
    fn normalised(&self, found: &Found) -> String {
        let written = |span: Range<usize>| self.folded.text().get(span).unwrap_or_default();
        if found.detector != "term" {
            return written(found.span.clone()).to_owned();
        }
        let first = self.words.partition_point(|word| word.from < found.span.start);
        let matched = self.words[first..].iter().take_while(|word| word.to <= found.span.end);
        let spellings: Vec<&str> =
            matched.map(|word| self.engine.vocabulary.word(word.id).unwrap_or(written(word.from..word.to))).collect();
        spellings.join(" ")
    }
}

/// What the reader says about the words of its sentence around a match, a span of the folded text.
fn read_around(
    keys: &Keys,
    words: &[Word],
    folded: &Folded<'_>,
    text: &str,
    span: &Range<usize>,
) -> Option<reader::Reading> {
    let from = words.partition_point(|word| word.to <= span.start);
    let to = words.partition_point(|word| word.from < span.end).max(from + 1);
    let within = |at: &usize| words[*at].sentence;
    let sentence = words.get(from)?.sentence..=words.get(to - 1)?.sentence;
    let first = (from.saturating_sub(AROUND)..=from).find(|at| sentence.contains(&within(at)))?;
    let last = (to - 1..words.len().min(to + AROUND)).rev().find(|at| sentence.contains(&within(at)))?;
    let around = folded.original(&(words[first].from..words[last].to));
    keys.read(&Folded::new(text.get(around)?))
}
