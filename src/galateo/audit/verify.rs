//! `galateo audit verify`: verifies an export, offline.

use std::fmt::Write;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use jiff::civil::Date;
use ledger::audit::{Expected, Hash, Seal, Verification};
use local::files;
use pages::visible;

use crate::cli::VerifyOptions;
use crate::terminal::failure::Failure;
use crate::terminal::output;
use crate::terminal::progress::{Counted, Progress};

/// The largest file with a seal, in bytes. A seal takes a few hundred.
const LONGEST_SEAL: u64 = 64 * 1024;

/// Verifies an export and prints what is wrong, what is proved and what is not.
pub fn verify(options: &VerifyOptions) -> Result<(), Failure> {
    let name = options.export.display();
    let unreadable = |error: io::Error| Failure::unusable(format!("{name}: {error}"));
    let published = options.seals.iter().map(|seal| published(seal)).collect::<Result<_, _>>()?;
    let expected = Expected { organisation: options.organisation.clone(), published };
    let input: Box<dyn BufRead> = if options.export == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = files::input(&options.export).map_err(unreadable)?;
        Box::new(BufReader::with_capacity(1 << 20, Counted::new(file, "lines verified", Progress::new())))
    };
    // The input, and with it what it shows, ends with the call.
    let found = ledger::audit::verify(input, &expected);
    let found = found.map_err(|error| Failure::unusable(format!("{name}: {error}")))?;
    if options.json {
        output::json(&found)?;
    } else {
        output::print(&report(&found))?;
    }
    match found.problem_count {
        0 => Ok(()),
        1 => Err(Failure::negative(format!("{name}: 1 problem"))),
        count => Err(Failure::negative(format!("{name}: {count} problems"))),
    }
}

/// A seal published elsewhere: its hash, or the file with it.
fn published(seal: &str) -> Result<(Option<Date>, Hash), Failure> {
    if let Ok(hash) = seal.parse() {
        return Ok((None, hash));
    }
    let text = files::read(Path::new(seal), LONGEST_SEAL)
        .map_err(|e| Failure::unusable(format!("{seal}: neither the hash of a seal nor a file with one: {e}")))?;
    let text = String::from_utf8_lossy(&text);
    let text = text.trim_end();
    let parsed: Result<Seal, _> = serde_json::from_str(text);
    let parsed = parsed.map_err(|e| Failure::unusable(format!("{seal}: not a seal: {e}")))?;
    // Over the bytes as they were published, whatever this version would write.
    Ok((Some(parsed.day), Hash::of(text)))
}

fn report(found: &Verification) -> String {
    let Verification { organisation, from, to, entries, sealed, late, older, seals, .. } = found;
    let mut text = format!("{}, {from} to {to}: {entries} entries, {seals} seals\n", visible(organisation));
    for problem in &found.problems {
        // It may quote what somebody has written into the export.
        let _ = writeln!(text, "  {}", visible(&problem.to_string()));
    }
    let unlisted = found.problem_count - found.problems.len() as u64;
    if unlisted > 0 {
        let _ = writeln!(text, "  and {unlisted} more");
    }
    if !found.is_valid() {
        return text;
    }
    if let (Some((first, _)), Some((last, hash))) = (found.first_seal, found.last_seal) {
        let _ = writeln!(
            text,
            "proved: the {sealed} entries from {first} to {last} are complete, unchanged and in order, as their seals \
             bind them\n        ({late} of them recorded after the seal of their day); last seal {hash}"
        );
        match found.published_until {
            Some(day) => {
                let _ = writeln!(text, "proved: up to {day}, the seals are those published elsewhere");
            }
            None => {
                text += "not proved: that these are the seals made at the time. Compare with a published one: --seal\n";
            }
        }
    }
    if *older > 0 {
        let _ = writeln!(
            text,
            "not proved: {older} entries older than the first seal, which no seal will ever bind: the clock was wrong when \
             they were written"
        );
    }
    let unsealed = entries - sealed - older;
    if unsealed > 0 {
        let _ = writeln!(text, "not proved: {unsealed} entries that are not sealed yet");
    }
    if *entries == 0 {
        text += "there are no entries in this period\n";
    }
    text
}
