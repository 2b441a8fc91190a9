//! Texts to judge as JSON lines: one object a line, in a file or on standard input.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, de::DeserializeOwned};

use crate::failure::Failure;

/// A JSON string of which lone surrogates are replaced rather than refused: what people type gets a verdict.
pub struct LossyText(pub String);

impl<'de> Deserialize<'de> for LossyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = LossyText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<LossyText, E> {
                Ok(LossyText(text.to_owned()))
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<LossyText, E> {
                Ok(LossyText(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Text)
    }
}

/// Hands out every line of a file (`-` is standard input) with its number, counted from 1; empty lines are passed
/// over. A line that cannot be read does not lose the others: it is left out, and all such lines are named, by file
/// and number, in the failure at the end.
pub fn read<T: DeserializeOwned>(
    file: &Path,
    mut each: impl FnMut(usize, T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (name, reader): (_, Box<dyn BufRead>) = if file == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let opened = File::open(file).map_err(|e| Failure::unusable(format!("{}: {e}", file.display())))?;
        (file.display().to_string(), Box::new(BufReader::new(opened)))
    };
    let mut refused = Vec::new();
    for (number, bytes) in (1..).zip(reader.split(b'\n')) {
        let bytes = bytes.map_err(|e| Failure::unusable(format!("{name}:{number}: {e}")))?;
        let line = String::from_utf8_lossy(&bytes);
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(line.trim()) {
            Ok(line) => each(number, line)?,
            Err(error) => refused.push(format!("{name}:{number}: {error}")),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::unusable(refused.join("\ngalateo: "))) }
}
