//! Every section, invariant, decision, file and heading that documents and comments cite exists. Nothing is listed by
//! hand: what exists is read from `docs/` and from the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::{FOLDERS, INVARIANTS, PLATFORMS, leading_number, root, sections, texts};

/// What can be cited.
struct Library {
    root: PathBuf,
    /// By page, the text below each numbered heading.
    sections: BTreeMap<String, BTreeMap<String, String>>,
    /// The numbers of the decisions, four digits each.
    decisions: BTreeSet<String>,
}

/// A text in one line, without the marks of comments: a citation may be broken anywhere.
struct Flat {
    text: String,
    /// Where each line of the original begins.
    lines: Vec<usize>,
}

/// A word before numbers, as in `sections 1.5, 5.1 to 5.3`.
struct Cited<'t> {
    at: usize,
    numbers: Vec<&'t str>,
    /// What comes behind the numbers.
    rest: &'t str,
}

impl Library {
    fn of(texts: &BTreeMap<String, String>) -> Self {
        let pages = texts.iter().filter(|(path, _)| path.starts_with("docs/") && path.ends_with(".md"));
        let sections = pages
            .map(|(path, text)| (path.clone(), sections(text)))
            .filter(|(_, sections)| !sections.is_empty())
            .collect();
        let decisions = texts.keys().filter_map(|path| path.strip_prefix("docs/decisions/"));
        Library { root: root(), sections, decisions: decisions.map(|name| name.chars().take(4).collect()).collect() }
    }

    /// Everything that a file cites and that does not exist, with the line.
    fn dead(&self, path: &str, text: &str) -> Vec<String> {
        let flat = Flat::of(text);
        let lower = flat.text.to_ascii_lowercase();
        let mut dead = Vec::new();
        for cited in cited(&lower, "section") {
            if let Err(reason) = self.section(path, &lower[..cited.at], &cited) {
                dead.push((cited.at, format!("section {}: {reason}", cited.numbers.join(", "))));
            }
        }
        for cited in cited(&lower, "invariant") {
            let known = self.sections.get(INVARIANTS);
            for number in &cited.numbers {
                if !known.is_some_and(|known| known.contains_key(*number)) {
                    dead.push((cited.at, format!("invariant {number} is not in {INVARIANTS}")));
                }
            }
        }
        for cited in cited(&lower, "decision") {
            // Cases have a first and a second decision, too: those of the project have four digits.
            for number in cited.numbers.iter().filter(|number| number.len() == 4) {
                if !self.decisions.contains(*number) {
                    dead.push((cited.at, format!("decision {number} is not in docs/decisions")));
                }
            }
        }
        for (at, cited) in paths(&flat.text) {
            // A manifest and a front page name the files of their own crate.
            if !self.root.join(cited).exists() && !self.root.join(beside(path, cited)).exists() {
                dead.push((at, format!("{cited} does not exist")));
            }
        }
        if path.ends_with(".md") {
            for (at, target) in links(&flat.text) {
                if let Err(reason) = self.link(path, target) {
                    dead.push((at, format!("{target}: {reason}")));
                }
            }
        }
        dead.into_iter().map(|(at, what)| format!("{path}:{}: {what}", flat.line(at))).collect()
    }

    /// Whether the section of a citation exists. The page stands before it; a page with numbers means itself.
    fn section(&self, path: &str, before: &str, cited: &Cited<'_>) -> Result<(), String> {
        let before = before.trim_end_matches([' ', ',', '`', '(', ')', ']']);
        let mut words = before.rsplit([' ', '(', '`', '[']);
        let last = words.next().unwrap_or_default();
        if words.next().is_some_and(|word| word.ends_with("rfc")) {
            return Ok(());
        }
        let page = if last.ends_with(".md") { beside(path, last) } else { path.to_owned() };
        let page = if self.sections.contains_key(last) { last.to_owned() } else { page };
        let known = self.sections.get(&page).ok_or("which page is meant is not said, or it has no numbers")?;
        for number in &cited.numbers {
            let body = known.get(*number).ok_or_else(|| format!("there is no {number} in {page}"))?;
            let points =
                ["point ", "points "].into_iter().find_map(|word| cited.rest.strip_prefix(", ")?.strip_prefix(word));
            for point in points.map(|text| numbers(text).0).unwrap_or_default() {
                if !body.contains(&format!("\n{point}. ")) {
                    return Err(format!("it has no point {point}"));
                }
            }
            let note = cited.rest.strip_prefix(", note ").and_then(|text| text.chars().next());
            if note.is_some_and(|note| !body.contains(&format!("\n- ({note}) "))) {
                return Err(format!("it has no note {}", note.unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// Whether what a link of a Markdown file leads to exists, and the heading in it.
    fn link(&self, path: &str, target: &str) -> Result<(), &'static str> {
        if target.contains("://") || target.contains("::") || target.starts_with("mailto:") {
            return Ok(());
        }
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let file = if file.is_empty() { path.to_owned() } else { beside(path, file) };
        if !self.root.join(&file).exists() {
            return Err("does not exist");
        }
        if heading.is_empty() {
            return Ok(());
        }
        let text = fs::read_to_string(self.root.join(&file)).map_err(|_| "cannot be read")?;
        let mut headings = text.lines().filter(|line| line.starts_with('#'));
        headings.any(|line| anchor(line) == heading).then_some(()).ok_or("has no such heading")
    }
}

impl Flat {
    fn of(text: &str) -> Self {
        let mut flat = Flat { text: String::new(), lines: Vec::new() };
        for line in text.lines() {
            flat.lines.push(flat.text.len());
            let line = line.trim();
            let line = ["///", "//!", "//", "#"].into_iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
            flat.text.push_str(line.trim());
            flat.text.push(' ');
        }
        flat
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at)
    }
}

/// Where a word, or its plural, stands before numbers.
fn cited<'t>(text: &'t str, word: &str) -> Vec<Cited<'t>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(word) {
        let begins = !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let after = &text[at + word.len()..];
        let after = after.strip_prefix('s').unwrap_or(after);
        let (numbers, rest) = after.strip_prefix(' ').map(numbers).unwrap_or_default();
        if begins && !numbers.is_empty() {
            found.push(Cited { at, numbers, rest });
        }
    }
    found
}

/// The numbers that a text begins with, and what comes behind them.
fn numbers(text: &str) -> (Vec<&str>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    let mut next = Some(text);
    while let Some((number, after)) = next.and_then(leading_number) {
        found.push(number);
        rest = after;
        next = [", ", " and ", " to "].into_iter().find_map(|between| after.strip_prefix(between));
    }
    (found, rest)
}

/// The paths of the repository that a text names. Of a pattern, as in `events/*.json`, only the folder.
fn paths(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for (at, _) in text.match_indices(folder) {
            if text[..at].ends_with(|before: char| before.is_alphanumeric() || "/._-*}$".contains(before)) {
                continue;
            }
            let named = &text[at..];
            let end = named.find(|letter: char| !letter.is_ascii_alphanumeric() && !"/._-".contains(letter));
            let (path, behind) = named.split_at(end.unwrap_or(named.len()));
            let is_pattern = behind.starts_with(['*', '{', '<', '…', '$']);
            let path = if is_pattern { &path[..path.rfind('/').unwrap_or(0)] } else { path };
            found.push((at, path.trim_end_matches(['.', '/', '-'])));
        }
    }
    found
}

/// The targets of the links of a Markdown text.
fn links(text: &str) -> Vec<(usize, &str)> {
    let begins = text.match_indices("](").map(|(at, mark)| at + mark.len());
    begins.filter_map(|at| Some((at, text[at..].split_once(')')?.0))).collect()
}

/// A path that a file names as seen from its own folder.
fn beside(path: &str, named: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in named.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor under which forges show a heading.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn nothing_that_is_cited_is_missing() {
    let texts = texts();
    let library = Library::of(&texts);
    let dead: Vec<_> = texts.iter().flat_map(|(path, text)| library.dead(path, text)).collect();
    assert!(dead.is_empty(), "dead references:\n{}", dead.join("\n"));
    // That there was something to look at.
    let cites = |word: &str| texts.values().map(|text| cited(&Flat::of(text).text, word).len()).sum::<usize>();
    assert!(cites("section") > 80 && cites("invariant") > 30, "few citations were found");
}

#[test]
fn a_dead_reference_is_found_wherever_it_is_broken() {
    let pages = [
        (
            PLATFORMS,
            "# The platforms\n\n## 0. First\n\n### 0.1 Points\n\n1. One.\n2. Two.\n\n## 2. Notes\n\n- (b) This.\n",
        ),
        (INVARIANTS, "## 1. Once\n\n## 2. Durable\n"),
        ("docs/decisions/0007-what-holds.md", "# 0007. What holds\n"),
    ];
    let texts = BTreeMap::from(pages.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let library = Library::of(&texts);
    for alive in [
        "//! As said (docs/platforms.md, sections 0.1 and\n//! 2; RFC 6962, section 2.1.1).",
        "/// By `docs/platforms.md`, section 0.1, points 1 and\n/// 2, and (docs/platforms.md,\n/// section 2, note b).",
        "# Invariants 1 and 2, decision 0007, the third decision 3 of a case",
        "// tests/meta, `src/policy/README.md`, events/<platform>/comment.json, developers.example/docs/nothing.",
    ] {
        assert_eq!(library.dead("src/policy/lib.rs", alive), [""; 0], "{alive}");
    }
    for (dead, what) in [
        (
            "//! As said (docs/platforms.md, sections 0.1 and\n//! 3).",
            "section 0.1, 3: there is no 3 in docs/platforms.md",
        ),
        ("/// By docs/platforms.md, section\n/// 0.1, point 3.", "section 0.1: it has no point 3"),
        ("/// By docs/platforms.md, section 2, note c.", "section 2: it has no note c"),
        ("// See section 2.", "section 2: which page is meant is not said, or it has no numbers"),
        ("// (invariants 2 and 3)", "invariant 3 is not in docs/invariants.md"),
        ("// (decision 0008)", "decision 0008 is not in docs/decisions"),
        ("// See `docs/nothing.md`.", "docs/nothing.md does not exist"),
    ] {
        assert_eq!(library.dead("src/policy/lib.rs", dead), [format!("src/policy/lib.rs:1: {what}")], "{dead}");
    }
    for (link, right) in [
        ("[here](operations.md)", true),
        ("[here](../README.md#configuration)", true),
        ("[here](https://example.org/nothing.md)", true),
        ("[here](../README.md#nothing)", false),
        ("[here](nothing.md)", false),
    ] {
        assert_eq!(library.dead("docs/architecture.md", link).is_empty(), right, "{link}");
    }
}
