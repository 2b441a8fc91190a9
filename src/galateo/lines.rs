//! Texts to judge as JSON lines: one object a line, in a file or on standard input.

use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use local::files;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The longest line that is read, in bytes: the longest text of any platform, each character of it escaped.
pub const LONGEST_LINE: u64 = 1024 * 1024;

/// How many lines that cannot be read are named. The others are counted.
pub const NAMED: usize = 100;

/// Hands out every line of a file (`-` is standard input) with its number, counted from 1; empty lines are passed
/// over. A line that cannot be read, or is too long, does not lose the others: it is left out, and such lines are named,
/// by file and number, in the failure at the end. However long the file and its lines are, one line is in memory.
pub fn read<T: DeserializeOwned>(
    file: &Path,
    mut each: impl FnMut(usize, T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (name, mut reader): (_, Box<dyn BufRead>) = if file == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let opened = files::input(file).map_err(|e| Failure::unusable(format!("{}: {e}", file.display())))?;
        (file.display().to_string(), Box::new(BufReader::new(opened)))
    };
    let (mut refused, mut unnamed) = (Vec::new(), 0_usize);
    let mut bytes = Vec::new();
    for number in 1.. {
        let read = next(&mut reader, &mut bytes).map_err(|e| Failure::unusable(format!("{name}:{number}: {e}")))?;
        let problem = match read {
            Read::End => break,
            Read::TooLong => format!("found a line longer than {LONGEST_LINE} bytes, expected at most that"),
            Read::Line => {
                let line = String::from_utf8_lossy(&bytes);
                if line.trim().is_empty() {
                    continue;
                }
                match serde_json::from_str(line.trim()) {
                    Ok(line) => {
                        each(number, line)?;
                        continue;
                    }
                    Err(error) => error.to_string(),
                }
            }
        };
        if refused.len() < NAMED {
            refused.push(format!("{name}:{number}: {problem}"));
        } else {
            unnamed += 1;
        }
    }
    if unnamed > 0 {
        refused.push(format!("{name}: and {unnamed} more such lines"));
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::unusable(refused.join("\ngalateo: "))) }
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    Line,
    TooLong,
    End,
}

/// Reads the next line, without its end. Of one that is too long the rest is passed over.
fn next(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Read> {
    line.clear();
    if (&mut *reader).take(LONGEST_LINE + 1).read_until(b'\n', line)? == 0 {
        return Ok(Read::End);
    }
    if line.ends_with(b"\n") {
        line.pop();
    } else if line.len() as u64 > LONGEST_LINE {
        line.clear();
        reader.skip_until(b'\n')?;
        return Ok(Read::TooLong);
    }
    Ok(Read::Line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_others_are_read() {
        let long = "x".repeat(3 * LONGEST_LINE as usize);
        let fits = "y".repeat(LONGEST_LINE as usize);
        let text = format!("a\n{long}\n\n{fits}\nb");
        let mut reader = BufReader::new(text.as_bytes());
        let mut line = Vec::new();
        let mut found = Vec::new();
        loop {
            let read = next(&mut reader, &mut line).unwrap();
            if read == Read::End {
                break;
            }
            assert!(line.capacity() as u64 <= 2 * LONGEST_LINE, "the whole line is in memory");
            found.push((read, line.len()));
        }
        let whole = LONGEST_LINE as usize;
        assert_eq!(found, [(Read::Line, 1), (Read::TooLong, 0), (Read::Line, 0), (Read::Line, whole), (Read::Line, 1)]);
    }
}
