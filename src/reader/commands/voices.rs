//! The voices of this folder, from their files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use reader::training::Voice;

/// Every voice, in the order of their names.
pub fn read() -> Result<Vec<Voice>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("voices");
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    let voice = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Voice::parse(&name, &text)?)
    };
    paths.iter().map(voice).collect()
}
