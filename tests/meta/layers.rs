//! Which room may use which, and how large a file of it may be: what `docs/architecture.md` says of them.

use std::collections::BTreeSet;
use std::fs;

use crate::{root, texts};

/// Each room below the two entries, with the rooms that it may use. Whoever adds an arrow decides about it here, and says
/// so in `docs/architecture.md`.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("local", &[]),
    ("text", &[]),
    ("reader", &["text"]),
    ("policy", &["reader", "text"]),
    ("pages", &["policy", "words"]),
    ("evaluation", &["policy"]),
    ("platforms", &["policy"]),
    ("sandbox", &["local", "policy"]),
    ("ledger", &["local", "policy"]),
    ("words", &["ledger", "policy"]),
    ("publish", &["ledger", "local"]),
    ("moderation", &["ledger", "pages", "platforms", "policy"]),
    ("statistics", &["ledger", "pages", "platforms", "policy"]),
    ("disclosure", &["ledger", "pages", "platforms", "policy", "words"]),
    ("console", &["disclosure", "ledger", "moderation", "pages", "policy", "statistics", "words"]),
];

/// What uses the rooms, and is used by none.
const ENTRIES: [&str; 2] = ["functions", "galateo"];

/// The longest file of a room. Beyond that it holds two things.
const LONGEST: usize = 400;

/// The rooms that a room's manifest names outside of its tests.
pub(crate) fn used(manifest: &str) -> BTreeSet<&str> {
    let behind = manifest.split_once("\n[dependencies]\n").map_or("", |(_, behind)| behind);
    let dependencies = behind.split("\n[").next().unwrap_or_default();
    let names = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| MAY_USE.iter().any(|(room, _)| room == name)).collect()
}

#[test]
fn every_room_uses_only_what_it_may() {
    for (room, may_use) in MAY_USE {
        let manifest = fs::read_to_string(root().join("src").join(room).join("Cargo.toml")).unwrap();
        let allowed: BTreeSet<&str> = may_use.iter().copied().collect();
        assert_eq!(used(&manifest), allowed, "{room}");
    }
}

#[test]
fn every_room_is_in_the_table_of_the_architecture_and_has_a_page_of_its_own() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rooms: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<String> = MAY_USE.iter().map(|(room, _)| *room).chain(ENTRIES).map(str::to_owned).collect();
    assert_eq!(rooms, known);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let crates = readme.split("\n\n").find(|paragraph| paragraph.starts_with("The folders of `src/`")).unwrap();
    for room in &rooms {
        assert!(crates.contains(&format!("`{room}`")), "the crates in README are without {room}");
        assert!(page.contains(&format!("\n| `src/{room}` | ")), "{room} is not in the table");
        let readme = root().join("src").join(room).join("README.md");
        assert!(room == "functions" || readme.exists(), "{room} has no README");
    }
}

#[test]
fn no_file_of_a_room_is_longer_than_it_may_be() {
    let is_production = |path: &str| {
        path.starts_with("src/")
            && path.ends_with(".rs")
            && !path.ends_with("/tests.rs")
            && !["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
    };
    let texts = texts();
    let lengths = texts.iter().filter(|(path, _)| is_production(path)).map(|(path, text)| (path, text.lines().count()));
    let long: Vec<&str> = lengths.filter(|(_, lines)| *lines > LONGEST).map(|(path, _)| path.as_str()).collect();
    assert!(long.is_empty(), "{long:?}");
}
