//! Reads policy files from disk, or takes the built-in one.

use std::fs;
use std::path::Path;

use policy::{Policy, Problem, Source};

use crate::failure::Failure;

/// The policy that is used where none is named.
pub const DEFAULT_POLICY: &str = "milano-monza-brianza-lodi";

/// Loads a policy from a file, or the built-in default.
pub fn load(file: Option<&Path>) -> Result<Policy, Failure> {
    let Some(file) = file else {
        return moderation::built_in(DEFAULT_POLICY).map_err(|error| Failure::unusable(error.to_string()));
    };
    parse(file)?.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::unusable(format!("the policy cannot be used:\n{}", lines.join("\n")))
    })
}

/// Reads a policy file with the term lists that it names, from beside it, and parses them; what is wrong *in* them is
/// the inner error. A list that does not exist is such a mistake: the policy names it.
pub fn parse(file: &Path) -> Result<Result<Policy, Vec<Problem>>, Failure> {
    let source = read(file, file.display().to_string())?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut lists = Vec::new();
    for name in Policy::list_names(&source) {
        let path = folder.join(&name);
        if path.exists() {
            lists.push(read(&path, name)?);
        }
    }
    Ok(Policy::load(&source, &lists))
}

fn read(path: &Path, name: String) -> Result<Source, Failure> {
    let bytes = fs::read(path).map_err(|e| Failure::unusable(format!("{}: {e}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::unusable(format!("{}:{line}: found bytes that are not UTF-8, expected UTF-8 text", path.display()))
    })?;
    Ok(Source { name, text })
}
