//! What the domain says names no command and no option: whoever shows it knows how things are done there.

use crate::texts;

/// The rooms that a page or a mail uses as well as the command line.
const DOMAIN: [&str; 3] = ["src/ledger/", "src/moderation/", "src/words/"];

/// Every string literal of a Rust source, with its line. The tests at the end of a file are not read: a test may name
/// what it likes.
fn strings(source: &str) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut rest = source;
    let line = |rest: &str| source[..source.len() - rest.len()].matches('\n').count() + 1;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some((before, end)) = raw(rest) {
            let body = &rest[before..];
            let (text, behind) = body.split_once(&end).unwrap_or((body, ""));
            found.push((line(rest), text.to_owned()));
            rest = behind;
        } else if first == '"' {
            let end = closing(&rest[1..]);
            found.push((line(rest), joined(&rest[1..=end])));
            rest = rest.get(end + 2..).unwrap_or_default();
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\") {
            rest = &rest[2..];
            rest = rest.split_once('\'').map_or("", |(_, rest)| rest);
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

/// How long the beginning of a raw string is, where one begins here, and how it ends.
fn raw(rest: &str) -> Option<(usize, String)> {
    let hashes = rest.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    hashes[count..].starts_with('"').then(|| (count + 2, format!("\"{}", "#".repeat(count))))
}

/// Where the quotation mark stands that ends a string.
fn closing(body: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in body.char_indices() {
        match letter {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    body.len() - 1
}

/// A string as it reads, when its lines are joined.
fn joined(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start())
}

/// The command or option that a text names, if it does: `galateo case`, `--reason`.
fn named(text: &str) -> Option<&str> {
    let begins = |behind: &str| behind.starts_with(|first: char| first.is_ascii_lowercase());
    let option = text.match_indices("--").find(|(at, _)| {
        begins(&text[at + 2..]) && !text[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '-')
    });
    let command = text.match_indices("galateo ").find(|(at, name)| begins(&text[at + name.len()..]));
    option.or(command).map(|(at, _)| &text[at..])
}

#[test]
fn no_string_of_the_domain_names_a_command_or_an_option() {
    let mut guilty = Vec::new();
    let mut read = 0;
    for (path, text) in texts() {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/");
        if !DOMAIN.iter().any(|room| path.starts_with(room)) || !path.ends_with(".rs") || is_test {
            continue;
        }
        for (line, string) in strings(&text) {
            read += 1;
            guilty.extend(named(&string).map(|named| format!("{path}:{line}: {named}")));
        }
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
    assert!(read > 500, "only {read} strings were read");
}

#[test]
fn strings_are_found_wherever_they_stand_and_comments_are_not_read() {
    let source = r##"
#[cfg(test)]
mod tests;
/// `galateo case show` may be named here.
#[error("manca chi decide (--by)")]
let (quote, lifetime): (char, &'static str) = ('"', "a \"b\" \
    c");
let raw = r#"say "galateo task list""#; // "not --this"
#[cfg(test)]
mod tests { const NOT: &str = "--this"; }
"##;
    let found = strings(source);
    let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["manca chi decide (--by)", "a \\\"b\\\" c", "say \"galateo task list\""]);
    assert_eq!(found[0].0, 5);
    let guilty: Vec<Option<&str>> = texts.iter().map(|text| named(text)).collect();
    assert_eq!(guilty, [Some("--by)"), None, Some("galateo task list\"")]);
    for innocent in ["galateo-audit", "Galateo è", "a -- b", "x--y", "------", "galateo"] {
        assert_eq!(named(innocent), None, "{innocent}");
    }
}
