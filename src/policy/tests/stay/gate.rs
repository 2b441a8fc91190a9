//! What both gates ask of a corpus.

use std::collections::HashSet;

use policy::{Outcome, Policy, Verdict};

use crate::corpora::{Line, lines, published};

/// The policies that are asked.
pub const POLICIES: [&str; 2] = ["milano-monza-brianza-lodi.toml", "riviere-di-liguria.toml"];

/// The lines of a corpus that is as large as it must be, has no line twice, and no violation among them.
pub fn lawful(corpus: &str, least: usize, expected: &[&str]) -> Vec<Line> {
    let lines = lines(corpus);
    assert!(lines.len() >= least, "{corpus} has {} lines", lines.len());
    let ids: HashSet<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    let texts: HashSet<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!((ids.len(), texts.len()), (lines.len(), lines.len()));
    for line in &lines {
        assert!(expected.contains(&line.expected.as_str()), "{}: {}", line.id, line.expected);
        assert!(line.categories.is_empty() && !line.urgent, "{} is no violation", line.id);
    }
    lines
}

/// Fails if some published policy hides one of these lines.
pub fn is_never_hidden(lines: &[Line]) {
    for name in POLICIES {
        let policy = published(name);
        let hidden = |line: &Line| {
            // Neither by the rules alone, which is what there is where nobody reads, nor with both keys.
            let verdicts = [line.judged_by(&policy), line.found_by_rules_of(&policy)];
            let mut findings = verdicts.iter().flat_map(Verdict::findings);
            let first = findings.find(|finding| finding.outcome == Outcome::Hide)?;
            Some(format!("{}: {} {:?} in {:?}", line.id, first.rule, first.matched, line.text))
        };
        let hidden: Vec<String> = lines.iter().filter_map(hidden).collect();
        assert!(hidden.is_empty(), "{name} hides {} lines:\n{}", hidden.len(), hidden.join("\n"));
    }
}

/// How many of the lines to allow the first policy sends to a person.
pub fn in_review(lines: &[Line], judge: impl Fn(&Line, &Policy) -> Verdict) -> Vec<&Line> {
    let policy = published(POLICIES[0]);
    let is_reviewed = |line: &&Line| line.expected == "allow" && judge(line, &policy).outcome() == Outcome::Review;
    lines.iter().filter(is_reviewed).collect()
}
