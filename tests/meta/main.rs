//! What the repository says about itself, in documents, comments and `template.yaml`.

mod calls;
mod citations;
mod edge;
mod grants;
mod layers;
mod pages;
mod template;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files with these endings are read, and `.ci/run`.
const READ: [&str; 7] = ["md", "mjs", "py", "rs", "toml", "yaml", "yml"];

/// Paths that begin like this are those of the repository.
const FOLDERS: [&str; 8] = [".ci/", ".github/", "docs/", "events/", "infra/", "policies/", "src/", "tests/"];

const INVARIANTS: &str = "docs/invariants.md";
const PLATFORMS: &str = "docs/platforms.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the repository that is read, by its path from the root.
fn texts() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_ours = FOLDERS.iter().any(|folder| folder.trim_end_matches('/') == name);
        if is_ours || path.is_file() {
            read(&path, &mut found);
        }
    }
    found
}

fn read(path: &Path, found: &mut BTreeMap<String, String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            read(&entry.unwrap().path(), found);
        }
        return;
    }
    let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
    // The samples of these tests cite what does not exist.
    let is_read = (READ.contains(&ending.as_str()) || name == ".ci/run") && !name.starts_with("tests/meta/");
    if is_read {
        found.insert(name, fs::read_to_string(path).unwrap());
    }
}

/// The text below each numbered heading of a page, by its number.
fn sections(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        if line.starts_with('#') {
            current = leading_number(line.trim_start_matches('#').trim()).map(|(number, _)| number.to_owned());
        }
        if let Some(number) = &current {
            let body = found.entry(number.clone()).or_default();
            body.push_str(line);
            body.push('\n');
        }
    }
    found
}

/// The number that a text begins with, without the full stop of a sentence: `2.10` of `2.10. And so on`.
fn leading_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    let is_number = number.starts_with(|first: char| first.is_ascii_digit());
    is_number.then(|| (number, &text[number.len()..]))
}

/// What stands between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
