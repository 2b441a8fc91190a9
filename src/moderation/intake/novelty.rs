//! Whether a revision violates the rules by something that none before it said.

use std::collections::HashSet;
use std::ops::Range;

use ledger::{Case, Revision};
use policy::{Contribution, Finding, Outcome, Policy, Subject, Verdict};

/// How many bytes are read to find out about one text, however often: what a comment can hold more than a hundred times.
/// Who hides something new behind more than that is not told apart from who does not.
const MOST_READ: usize = 1_000_000;

/// What is recognised by a text as a whole, and not by its words.
const WHOLE: [&str; 5] = ["repetition", "capitals", "flood", "attachment", "reader"];

/// The revisions before one, as far as they are kept.
#[derive(Default)]
pub(crate) struct Earlier {
    pub(crate) revisions: Vec<Revision>,
    /// The rules that found something in those that are not kept any more.
    pub(crate) forgotten: HashSet<String>,
}

impl Earlier {
    /// What these cases of a contribution hold.
    pub(crate) fn of(cases: &[Case]) -> Self {
        Self {
            revisions: cases.iter().flat_map(Case::all_revisions).collect(),
            forgotten: cases.iter().flat_map(|case| case.rules_left_out.iter().cloned()).collect(),
        }
    }
}

/// What the revisions before said.
struct Known<'p> {
    policy: &'p Policy,
    /// The stems of their words, and of those that the rules recognised in disguise.
    stems: HashSet<String>,
    /// The stems of the words by which the rules found something in them.
    found: HashSet<String>,
    /// All that each of them said, without spaces and punctuation.
    said: Vec<String>,
    /// The clauses that they touched, and the rules that found it.
    touched: HashSet<String>,
    /// The rules that found something in those whose text is not kept any more.
    forgotten: HashSet<String>,
}

/// Whether a text violates the rules by something that stood in no earlier revision, or is doubtful by it where no more than
/// that was found. What is the same violation with other words in its midst, in another form or spelling is nothing new; nor
/// is what nobody can compare any more because the earlier text is gone and its rule had found something: in doubt for the
/// author.
pub(crate) fn is_new(policy: &Policy, earlier: &Earlier, contribution: &Contribution, verdict: &Verdict) -> bool {
    is_beyond(&Known::of(policy, earlier, contribution), contribution, verdict, verdict.outcome())
}

/// Whether a text holds anything that is to be looked at and that no person has seen in these cases. Nothing is known of what
/// nobody can compare any more: here nobody would be asked, and it would stay up.
pub(crate) fn says_more(policy: &Policy, cleared: &[Case], contribution: &Contribution, verdict: &Verdict) -> bool {
    let mut revisions: Vec<Revision> = cleared.iter().flat_map(Case::all_revisions).collect();
    revisions.retain(|revision| revision.content.is_some());
    let earlier = Earlier { revisions, forgotten: HashSet::new() };
    is_beyond(&Known::of(policy, &earlier, contribution), contribution, verdict, Outcome::Review)
}

/// Whether there is a finding, of this outcome at least, that is not known.
fn is_beyond(known: &Known<'_>, contribution: &Contribution, verdict: &Verdict, least: Outcome) -> bool {
    let mut text = contribution.text.clone();
    let mut verdict = verdict.clone();
    let rounds = MOST_READ / text.len().max(1);
    for _ in 0..rounds.max(1) {
        let mut aside: Vec<Range<usize>> = Vec::new();
        for finding in verdict.findings().iter().filter(|finding| finding.outcome >= least) {
            if known.forgotten.contains(&finding.rule) {
                aside.push(finding.span.clone());
                continue;
            }
            if WHOLE.contains(&finding.detector) {
                // What the reader says is about a clause, whichever words it says it of.
                let is_opinion = finding.opinion.is_some() && known.touched.contains(&finding.clause);
                if is_opinion || known.touched.contains(&finding.rule) {
                    continue;
                }
                return true;
            }
            if !known.is_about(finding) {
                return true;
            }
            match known.in_known_words(&text, finding, contribution) {
                Some(span) => aside.push(span),
                None => return true,
            }
        }
        // A rule tells of the first place where it finds something: what else it finds shows once that is set aside.
        // Only its last word is: a new violation may share the others.
        let words = words(&text);
        let last = |span: &Range<usize>| words.iter().rfind(|word| is_in(word, span)).cloned();
        let aside: Vec<Range<usize>> = aside.iter().filter_map(last).collect();
        if aside.is_empty() {
            return false;
        }
        for word in aside {
            blank(&mut text, &word);
        }
        verdict = judged(known.policy, contribution, &text);
    }
    false
}

impl<'p> Known<'p> {
    fn of(policy: &'p Policy, earlier: &Earlier, contribution: &Contribution) -> Self {
        let mut known = Self {
            policy,
            stems: HashSet::new(),
            found: HashSet::new(),
            said: Vec::new(),
            touched: HashSet::new(),
            forgotten: earlier.forgotten.clone(),
        };
        for revision in &earlier.revisions {
            for finding in revision.findings.iter().filter(|finding| finding.outcome >= Outcome::Review) {
                known.touched.extend([finding.clause.clone(), finding.rule.clone()]);
            }
            let Some(content) = &revision.content else {
                known.forgotten.extend(revision.findings.iter().map(|finding| finding.rule.clone()));
                continue;
            };
            let text = &content.text;
            known.said.push(policy.words_of(text));
            known.stems.extend(words(text).into_iter().map(|word| stem(policy, &text[word])));
            for finding in judged(policy, contribution, text).findings() {
                known.found.extend(finding.folded.split_whitespace().map(|word| stem(policy, word)));
            }
        }
        known.stems.extend(known.found.iter().cloned());
        known
    }

    /// Whether a violation is of a clause that was touched before, or by a word that something was found by before.
    fn is_about(&self, finding: &Finding) -> bool {
        let was_found = |word: &str| self.found.contains(&stem(self.policy, word));
        self.touched.contains(&finding.clause) || finding.folded.split_whitespace().any(was_found)
    }

    /// Where a violation stands in words that an earlier revision has; `None` where it needs a new one.
    fn in_known_words(&self, text: &str, finding: &Finding, contribution: &Contribution) -> Option<Range<usize>> {
        let span = finding.span.clone();
        let is_known = |word: &str| self.stems.contains(&stem(self.policy, word));
        let matched = self.policy.words_of(&finding.matched);
        let is_recognised = finding.detector == "term" && finding.folded.split_whitespace().all(is_known);
        if is_recognised || self.said.iter().any(|said| said.contains(&matched)) {
            return Some(span);
        }
        // Without its new words: what is still found did not need them.
        let mut rest = text.to_owned();
        for word in words(text).into_iter().filter(|word| is_in(word, &span)) {
            if !is_known(&text[word.clone()]) {
                blank(&mut rest, &word);
            }
        }
        let verdict = judged(self.policy, contribution, &rest);
        let same = verdict.findings().iter().find(|other| is_in(&other.span, &span) && other.rule == finding.rule);
        same.map(|same| same.span.clone())
    }
}

/// What the rules find in a part of a text: the reader reads whole ones.
fn judged(policy: &Policy, contribution: &Contribution, text: &str) -> Verdict {
    policy.found_by_rules(&Subject {
        platform: Some(contribution.platform),
        account: Some(&contribution.account),
        kind: contribution.surface.kind(),
        ..Subject::of(text)
    })
}

/// Where the words of a text stand.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (start, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace() && !c.is_ascii_punctuation() && *c != '’')
    {
        match words.last_mut() {
            Some(word) if word.end == start => word.end = start + c.len_utf8(),
            _ => words.push(start..start + c.len_utf8()),
        }
    }
    words
}

/// Whether something stands in a part of a text, at least with a piece of it.
const fn is_in(one: &Range<usize>, part: &Range<usize>) -> bool {
    one.start < part.end && one.end > part.start
}

/// Puts spaces in place of a part of a text, so that the rest stays where it is.
fn blank(text: &mut String, part: &Range<usize>) {
    text.replace_range(part.clone(), &" ".repeat(part.len()));
}

/// What a word has in common with its inflected forms: coglione and coglioni, vecchio and vecchie.
fn stem(policy: &Policy, word: &str) -> String {
    let mut stem = policy.words_of(word);
    for endings in ["aeiou", "i", "h"] {
        let is_inflected = stem.chars().count() > 3 && stem.chars().all(char::is_alphabetic);
        if is_inflected && stem.ends_with(|last: char| endings.contains(last)) {
            stem.pop();
        }
    }
    stem
}
