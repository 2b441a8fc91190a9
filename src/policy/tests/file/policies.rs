//! The published policies, and the smallest complete one, to which tests add sections.

use policy::{Policy, Problem, Source};

pub use crate::corpora::published;
use crate::prova::prova;

/// The policies of the repository.
pub const PUBLISHED: [&str; 2] = ["milano-monza-brianza-lodi.toml", "riviere-di-liguria.toml"];

/// The smallest complete policy. 47 lines and an empty one: what is added begins on line 49.
pub const COMPLETE: &str = prova!(lists r#"["lists/parole.toml"]"#, r#"[[account]]
platform = "facebook"
id = "1"
handle = "comune"
name = "Comune di Prova"
url = "https://www.facebook.com/comune"

[[service]]
id = "sportello"
name = "Sportello"
url = "https://sportello.comune.example"

[[clause]]
number = "N1"
section = "netiquette"
title = "Casi personali"
text = "Non qui."
category = "personal_case"
gravity = "light"

[[clause]]
number = "R1"
section = "removal"
title = "Linguaggio"
text = "Non volgare."
category = "language"
gravity = "ordinary"

[[rule]]
id = "parole"
clause = "R1"
outcome = "hide"
terms = ["brutte"]
"#);

/// The list of terms that it names.
pub const LIST: &str = "[[terms]]\nid = \"brutte\"\nwords = [\"accidenti\"]\n";

fn attempt(added: &str) -> Result<Policy, Vec<Problem>> {
    let file = Source { name: "prova.toml".to_owned(), text: format!("{COMPLETE}\n{added}") };
    Policy::load(&file, &[Source { name: "lists/parole.toml".to_owned(), text: LIST.to_owned() }])
}

/// The policy with these sections.
pub fn mini(added: &str) -> Policy {
    attempt(added).expect("nothing is wrong")
}

/// What is wrong with these sections: field, what was found and what was expected, without file and line. Every
/// problem must stand on one of their lines.
pub fn problems(added: &str) -> Vec<String> {
    let problems = attempt(added).expect_err("something is wrong");
    let before = COMPLETE.lines().count();
    let shown = |problem: &Problem| {
        assert!(problem.line > before, "{problem}");
        format!("{}: found {}, expected {}", problem.field, problem.found, problem.expected)
    };
    problems.iter().map(shown).collect()
}
