//! How rules and reader judge together, on voices that the reader never saw: the voices in eleven groups, as
//! `evaluate` of the crate `reader` leaves them out, each judged by the policy with a reader that was trained on the others.
//!
//! ```text
//! cargo run --release -p evaluation --example left_out [POLICY.toml] [--rules]
//! ```
//!
//! With `--rules` the reader takes no part.

#![allow(clippy::print_stdout, reason = "a command that measures")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use evaluation::{Counting, Line, Report};
use policy::{Policy, Source};
use reader::Reader;
use reader::training::{Settings, Voice, train};

/// In how many groups voices are left out.
const GROUPS: usize = 11;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let by_rules = arguments.iter().any(|argument| argument == "--rules");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = arguments.iter().find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let file = named.unwrap_or_else(|| root.join("policies/milano-monza-brianza-lodi.toml"));
    let voices = voices(&root.join("src/reader/voices"))?;
    let mut report = Report::default();
    for left_out in 0..GROUPS {
        let policy = load(&file)?;
        let policy = if by_rules {
            policy
        } else {
            let others = voices.iter().enumerate().filter(|(nth, _)| nth % GROUPS != left_out);
            policy.read_by(Reader::from_bytes(&train(others.map(|(_, (voice, _))| voice), &Settings::default()))?)
        };
        for (_, (_, lines)) in voices.iter().enumerate().filter(|(nth, _)| nth % GROUPS == left_out) {
            for (number, line) in (1..).zip(lines.lines()) {
                let line: Line = serde_json::from_str(line)?;
                report.judge(&policy, number, line, Counting::default())?;
            }
        }
        eprintln!("group {} of {GROUPS}", left_out + 1);
    }
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// Every voice with its file, in the order of their names.
fn voices(folder: &Path) -> Result<Vec<(Voice, String)>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    let mut voices = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        voices.push((Voice::parse(&name, &text)?, text));
    }
    Ok(voices)
}

fn load(file: &Path) -> Result<Policy, Box<dyn Error>> {
    let read = |path: &Path, name: String| Ok::<_, std::io::Error>(Source { name, text: fs::read_to_string(path)? });
    let source = read(file, file.display().to_string())?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let lists = Policy::list_names(&source).into_iter().map(|name| read(&folder.join(&name), name));
    let lists = lists.collect::<Result<Vec<_>, _>>()?;
    Policy::load(&source, &lists)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into())
}
