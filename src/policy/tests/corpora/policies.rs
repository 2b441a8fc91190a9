//! The published policies, as tests load them.

use std::fs;
use std::path::PathBuf;

use policy::{Policy, Source};

/// The folder of the whole project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A published policy with its lists.
pub fn published(name: &str) -> Policy {
    let source = |name: &str| Source {
        name: name.to_owned(),
        text: fs::read_to_string(root().join("policies").join(name)).expect("the file can be read"),
    };
    let file = source(name);
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|list| source(list)).collect();
    Policy::load(&file, &lists).expect("the policy has no problems")
}
