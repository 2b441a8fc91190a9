//! Trains the shipped weights: reads `voices/`, writes `weights/reader.weights` and its hash.
//!
//! With `--check` it writes nothing, and fails where the weights that are there are not what training gives.

use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use reader::Reader;
use reader::training::{Settings, train};

mod voices;

fn main() -> Result<()> {
    let check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("unknown argument {other:?}; there is only --check"),
    };
    let started = Instant::now();
    let voices = voices::read()?;
    let bytes = train(&voices, &Settings::default());
    let reader = Reader::from_bytes(&bytes)?;
    let lines: usize = voices.iter().map(|voice| voice.lines.len()).sum();
    println!("{lines} lines of {} voices, {} s", voices.len(), started.elapsed().as_secs());
    println!("{} features, {} bytes, sha256 {}", reader.features(), bytes.len(), reader.sha256());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/reader.weights");
    if check {
        let there = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if there != bytes {
            bail!("{} is not what training gives", path.display());
        }
        println!("{} is what training gives", path.display());
        return Ok(());
    }
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    fs::write(path.with_extension("sha256"), format!("{}\n", reader.sha256()))?;
    Ok(())
}
