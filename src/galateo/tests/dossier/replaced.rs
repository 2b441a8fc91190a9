//! No output takes the place of records, or of the policy that a command reads.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::Desk;

/// A policy with its list, in the desk's folder.
fn policy_beside(desk: &Desk) -> (PathBuf, PathBuf) {
    let folder = desk.folder.path().join("policy");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    copy(&from, &folder);
    let mut lists = fs::read_dir(folder.join("lists")).unwrap().map(|entry| entry.unwrap().path());
    let list = lists.find(|path| path.extension().is_some_and(|ending| ending == "toml")).unwrap();
    (folder.join("milano-monza-brianza-lodi.toml"), list)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &there),
            false => drop(fs::copy(entry.path(), there).unwrap()),
        }
    }
}

#[test]
fn no_output_takes_the_place_of_a_ledger_or_of_the_policy() {
    let desk = Desk::after_the_demo();
    let id = desk.case("youtube", "R2");
    let folder = desk.folder.path();
    let (policy, list) = policy_beside(&desk);
    let named = |name: &str| folder.join(name);
    fs::copy(&desk.data, named("another.db")).unwrap();
    symlink(&desk.data, named("link.html")).unwrap();
    fs::hard_link(named("another.db"), named("second-name.html")).unwrap();
    symlink(&policy, named("policy.html")).unwrap();
    fs::hard_link(&list, named("list.html")).unwrap();

    let data = desk.data.file_name().unwrap().to_str().unwrap().to_owned();
    let beside = |suffix: &str| named(&format!("{data}{suffix}"));
    let of_ledgers = [
        desk.data.clone(),
        folder.join("policy/..").join(&data),
        named("link.html"),
        named("another.db"),
        named("second-name.html"),
        beside("-wal"),
        beside("-shm"),
        beside(".open"),
        beside(".lock"),
    ];
    let of_policies = [policy.clone(), list, named("policy.html"), named("list.html")];
    let policy = policy.to_str().unwrap();
    let commands: [&[&str]; 5] = [
        &["case", "dossier", &id, "--by", "anna", "--policy", policy, "--output"],
        &["audit", "export", "--by", "anna", "--policy", policy, "--out"],
        &["statistics", "--format", "html", "--policy", policy, "--out"],
        &["statistics", "--format", "json", "--policy", policy, "--out"],
        &["policy", "render", policy, "--output"],
    ];
    let count = |name: &str| {
        let export = desk.json(&["audit", "export", "--by", "anna", "--out", named(name).to_str().unwrap()]);
        export["entries"].as_u64().unwrap()
    };
    let entries = count("before.jsonl");
    for command in commands {
        for output in of_ledgers.iter().chain(&of_policies) {
            let before = fs::read(output).ok();
            let arguments = [command, &[output.to_str().unwrap()]].concat();
            let ran = if command[0] == "policy" { super::galateo(&arguments) } else { desk.run(&arguments) };
            let said = super::err(&ran);
            assert_eq!(ran.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains("non è stato scritto nulla") || said.contains("nothing was written"), "{said}");
            assert_eq!(fs::read(output).ok(), before, "{arguments:?}");
        }
    }
    assert_eq!(count("after.jsonl"), entries, "what was refused is on record");
    // Another name serves, also where an earlier output has it.
    let page = named("page.html");
    for _ in 0..2 {
        desk.done(&["case", "dossier", &id, "--by", "anna", "--output", page.to_str().unwrap()]);
    }
}
