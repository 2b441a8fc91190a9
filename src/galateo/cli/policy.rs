//! Policies, and texts that they judge: `policy`, `check`, `evaluate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use policy::{Kind, Outcome, Platform};

/// What can be done with a policy file.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Reports everything that is wrong with a policy file, or what it contains.
    Validate(ValidateOptions),
    /// Writes the policy as a page to publish: one HTML file, in Italian.
    Render(RenderOptions),
}

/// `galateo check`
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// The text to judge; `-` or nothing reads it from standard input.
    #[arg(conflicts_with = "jsonl")]
    pub text: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Where the text stands: facebook, instagram, linkedin, youtube or x.
    #[arg(long)]
    pub platform: Option<Platform>,
    /// What it is: comment, post, mention or message.
    #[arg(long, default_value = "comment")]
    pub kind: Kind,
    /// Judges one text per line: {"id", "text"} and optionally "platform", "kind"; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo evaluate`
#[derive(Debug, Args)]
pub struct EvaluateOptions {
    /// One labelled text per line: {"id", "text", "expected", "categories"} and optionally "platform", "kind"; where
    /// "post" is "DM", it is a private message; `-` for standard input. Other labels are understood too: several right
    /// verdicts in "expected", "expect" (clean, vulgar), "hateful" or "pejorative" (0, 1), "entity" with "valid".
    pub labelled: PathBuf,
    /// The right verdict for lines without a label: allow, redirect, review or hide.
    #[arg(long, value_name = "VERDICT")]
    pub expected: Option<Outcome>,
    /// Counts the lines by what they say in this field, too, for example "group" or "trick".
    #[arg(long, value_name = "FIELD")]
    pub by: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Ends with exit code 1 if a line that is to be allowed is hidden.
    #[arg(long)]
    pub gate: bool,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo policy validate`
#[derive(Debug, Args)]
pub struct ValidateOptions {
    /// The policy file.
    pub file: PathBuf,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo policy render`
#[derive(Debug, Args)]
pub struct RenderOptions {
    /// The policy file.
    pub file: PathBuf,
    /// Writes the page to this file; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
