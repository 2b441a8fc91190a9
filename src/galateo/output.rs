//! The one way out: everything that commands print goes through here. What strangers and colleagues wrote may hold
//! characters that steer a terminal, hide, or turn the direction of a line; none of them gets out as it is.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use crate::failure::Failure;
use crate::language::{self, say};

/// Prints text to standard output. Colours of ours stay where a terminal shows them. A reader that has seen enough, such as
/// `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    write(&plain(text, if colours() { Ours::Shown } else { Ours::Dropped }))
}

/// Prints a value as one line of JSON, with such characters as `\u` escapes, which every reader of JSON undoes.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    write(&format!("{}\n", to_json(value)?))
}

/// A value as JSON that is safe to look at.
pub fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value);
    let text = text.map_err(|error| {
        Failure::unusable(say!(
            "il risultato non si può scrivere in JSON: {error}",
            "the result cannot be written as JSON: {error}"
        ))
    })?;
    Ok(escaped_json(&text))
}

/// JSON that is there already, with such characters as `\u` escapes. Outside of strings JSON has none of them.
pub fn escaped_json(text: &str) -> String {
    escaped(text, |text, character| {
        if matches!(character, '\n' | '\r' | '\t') {
            text.push(character);
            return;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    })
}

/// Prints JSON that was written elsewhere.
pub fn written_json(text: &str) -> Result<(), Failure> {
    write(&escaped_json(text))
}

/// Prints a page of HTML, with such characters as references, which a browser undoes.
pub fn html(text: &str) -> Result<(), Failure> {
    write(&escaped(text, |text, character| {
        if matches!(character, '\n' | '\r' | '\t') {
            text.push(character);
        } else {
            let _ = write!(text, "&#x{:x};", u32::from(character));
        }
    }))
}

/// Says something beside the output, on standard error. Whoever has closed that is not told, and nothing stops.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{}", plain(text, Ours::None));
}

/// Puts this in place of what stands in the last line of a terminal on standard error. A line that cannot be shown is no
/// reason to stop.
pub fn line(text: &str) {
    let mut err = io::stderr().lock();
    let _ = write!(err, "\r\x1b[K{}", visible(text)).and_then(|()| err.flush());
}

/// Text of a page that is not ours, in one line or several: with escapes for what would steer a terminal or would not
/// show. Joiners stay: emoji are made with them.
pub fn visible(text: &str) -> String {
    escaped(text, |text, character| text.extend(character.escape_default()))
}

/// Whether what is printed is looked at by a person at a terminal that shows colours.
pub fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The failure of a command that cannot go on printing: none, where its reader has seen enough.
pub fn not_written(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::seen_enough(),
        _ => {
            let error = language::of_cause(&error);
            Failure::unusable(say!("uscita standard: {error}", "standard output: {error}"))
        }
    }
}

/// What becomes of colours in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ours {
    /// They are ours, and shown.
    Shown,
    /// They are ours, and left out.
    Dropped,
    /// We put none in: what looks like one is shown as it is written.
    None,
}

/// Text in lines, of which only our own colours may steer anything.
fn plain(text: &str, ours: Ours) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(length) = colour(rest).filter(|_| ours != Ours::None) {
            if ours == Ours::Shown {
                shown.push_str(&rest[..length]);
            }
            rest = &rest[length..];
            continue;
        }
        match character {
            '\n' | '\t' => shown.push(character),
            _ if is_unseen(character) => shown.extend(character.escape_default()),
            _ => shown.push(character),
        }
        rest = &rest[character.len_utf8()..];
    }
    shown
}

/// How long the change of colour is with which a text begins: `ESC [ number ; .. m`. To conceal a text, or to have it
/// blink, is none.
fn colour(text: &str) -> Option<usize> {
    let (codes, _) = text.strip_prefix("\u{1b}[")?.split_once('m')?;
    // What is left out is 0.
    let number = |code: &str| if code.is_empty() { Some(0_u8) } else { code.parse().ok() };
    let mut numbers = codes.split(';').map(number);
    while let Some(code) = numbers.next() {
        match code? {
            // One of 256 colours, or of all.
            38 | 48 => match numbers.next()?? {
                5 => numbers.next()?.map(drop)?,
                2 => (0..3).try_for_each(|_| numbers.next()?.map(drop))?,
                _ => return None,
            },
            5 | 6 | 8 => return None,
            _ => {}
        }
    }
    Some("\u{1b}[".len() + codes.len() + "m".len())
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            escape(&mut shown, character);
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, marks that change the direction, and what takes no place.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
            | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(error)),
        _ => Ok(()),
    }
}

/// Standard error for the log, of which each write is a whole line.
pub struct Log {
    /// Whether our own colours stay.
    pub colours: bool,
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(
            plain(&String::from_utf8_lossy(line), if self.colours { Ours::Shown } else { Ours::None }).as_bytes(),
        )?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal escape, one of C1, marks of direction, an invisible letter, a tag.
    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{200f}f\u{200b}g\u{e0041}h\u{7f}i\u{7}j\rk\u{85}l";

    fn is_safe(text: &str) -> bool {
        text.chars().all(|character| !is_unseen(character))
    }

    #[test]
    fn text_shows_what_would_steer_a_terminal_and_keeps_its_lines() {
        let shown = plain(&format!("uno\n\tdue {HOSTILE}"), Ours::Shown);
        assert!(shown.starts_with("uno\n\tdue a\\u{1b}[2Jb\\u{9b}31mc\\u{202e}d"), "{shown:?}");
        assert!(is_safe(&shown.replace(['\n', '\t'], "")), "{shown:?}");
        assert!(is_safe(&visible(HOSTILE)));
    }

    #[test]
    fn only_colours_pass_and_only_to_a_terminal() {
        assert_eq!(plain("\u{1b}[1;31ma\u{1b}[0m\u{1b}[m", Ours::Shown), "\u{1b}[1;31ma\u{1b}[0m\u{1b}[m");
        assert_eq!(plain("\u{1b}[1;31ma\u{1b}[0m", Ours::Dropped), "a");
        assert_eq!(plain("\u{1b}[0m", Ours::None), "\\u{1b}[0m");
        for steering in
            ["\u{1b}[8m", "\u{1b}[1;8ma", "\u{1b}]0;x\u{7}m", "\u{1b}[?25lm", "\u{1b}[1000000m", "\u{1b}c", "\u{1b}["]
        {
            assert!(is_safe(&plain(steering, Ours::Shown)), "{steering:?}");
        }
    }

    #[test]
    fn json_is_escaped_and_reads_as_it_was() {
        let value = serde_json::json!({ (HOSTILE): [HOSTILE, "è 👩\u{200d}🚒"] });
        let text = to_json(&value).unwrap();
        assert!(is_safe(&text) && text.contains("\\u202e") && text.contains("\\udb40\\udc41"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        let said = |kind: ErrorKind| not_written(io::Error::from(kind)).to_string();
        assert_eq!(said(ErrorKind::BrokenPipe), "");
        assert!(said(ErrorKind::StorageFull).starts_with("standard output: "), "{}", said(ErrorKind::StorageFull));
    }
}
