//! Reads policy files from disk, or takes the built-in one.

pub mod render;
pub mod validate;

use std::path::{Path, PathBuf};

use local::files;
use policy::{Policy, Problem, Source};

use crate::language::{self, either};
use crate::terminal::failure::Failure;

/// The largest policy file and list, in bytes. The largest there are take a fiftieth.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The policy that is used where none is named.
pub const DEFAULT_POLICY: &str = "milano-monza-brianza-lodi";

/// Loads a policy from a file, or the built-in default.
pub fn load(file: Option<&Path>) -> Result<Policy, Failure> {
    let Some(file) = file else {
        return moderation::built_in(DEFAULT_POLICY).map_err(|error| Failure::unusable(error.to_string()));
    };
    parse(file)?.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let cannot = either("la policy non si può usare", "the policy cannot be used");
        Failure::unusable(format!("{cannot}:\n{}", lines.join("\n")))
    })
}

/// Reads a policy file with the term lists that it names, from beside it, and parses them; what is wrong *in* them is
/// the inner error. A list that does not exist is such a mistake: the policy names it.
pub fn parse(file: &Path) -> Result<Result<Policy, Vec<Problem>>, Failure> {
    let source = read(file, file.display().to_string())?;
    let mut lists = Vec::new();
    for (name, path) in lists_beside(file, &source) {
        stays_inside(folder(file), &path, &name)?;
        lists.push(read(&path, name)?);
    }
    Ok(Policy::load(&source, &lists))
}

/// The lists that a policy names, with where they are, as far as they are there.
fn lists_beside(file: &Path, source: &Source) -> impl Iterator<Item = (String, PathBuf)> {
    let folder = folder(file).to_owned();
    let named = Policy::list_names(source).into_iter().map(move |name| (folder.join(&name), name));
    named.filter(|(path, _)| path.exists()).map(|(path, name)| (name, path))
}

fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// The policy file and its lists, as far as they are there.
///
/// # Errors
/// The policy file cannot be read.
pub fn files(file: &Path) -> Result<Vec<PathBuf>, Failure> {
    let source = read(file, file.display().to_string())?;
    let lists = lists_beside(file, &source).map(|(_, path)| path);
    Ok([file.to_owned()].into_iter().chain(lists).collect())
}

/// A list lies in the folder of its policy, also where a link stands for it: what is wrong in a list is printed, and a
/// policy that comes from elsewhere would show whatever file it names.
fn stays_inside(folder: &Path, list: &Path, name: &str) -> Result<(), Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match (folder.canonicalize(), list.canonicalize()) {
        (Ok(folder), Ok(list)) if list.starts_with(&folder) => Ok(()),
        _ => {
            let why = language::of_cause(&"leads out of the folder of the policy, expected a list in it");
            Err(Failure::unusable(format!("{name:?} {why}")))
        }
    }
}

fn read(path: &Path, name: String) -> Result<Source, Failure> {
    let unreadable = |error| Failure::unusable(format!("{}: {}", path.display(), language::of_cause(&error)));
    let bytes = files::read(path, LARGEST).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        let why = language::of_cause(&"found bytes that are not UTF-8, expected UTF-8 text");
        Failure::unusable(format!("{}:{line}: {why}", path.display()))
    })?;
    Ok(Source { name, text })
}
