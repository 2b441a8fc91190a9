//! The one way out: everything that commands print goes through here. What strangers and colleagues wrote may hold
//! characters that steer a terminal, hide, or turn the direction of a line; none of them gets out as it is.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};

use anstyle::Style;
use comfy_table::{Cell, Table};
use pages::{escaped, is_unseen, visible};
use serde::Serialize;

use crate::language::{self, say};
use crate::terminal::failure::Failure;

/// Prints text to standard output, without colours. A reader that has seen enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    write(&plain(text, Ours::None))
}

/// Prints text with colours of ours, which stay where a terminal shows them.
pub fn print_styled(text: &Styled) -> Result<(), Failure> {
    write(&plain(text.as_str(), if colours() { Ours::Shown } else { Ours::Dropped }))
}

/// Prints help, whose colours are those of the library that wrote it.
pub fn print_help(text: &str) -> Result<(), Failure> {
    write(&plain(text, if colours() { Ours::Shown } else { Ours::Dropped }))
}

/// Text with colours of ours, which cannot be told from those of others once they are in it: everything that gets into it
/// is escaped on the way.
#[derive(Default)]
pub struct Styled(String);

impl Styled {
    /// Adds text in lines, without colours.
    pub fn text(&mut self, text: &str) {
        self.0 += &plain(text, Ours::None);
    }

    /// Adds a part of a line in a style.
    pub fn part(&mut self, style: Style, text: &str) {
        let _ = write!(self.0, "{style}{}{style:#}", visible(text));
    }

    /// Adds a table, whose cells are made with [`cell`].
    pub fn table(&mut self, table: &Table) {
        self.0 += &table.to_string();
        self.0.push('\n');
    }

    /// Adds what is styled already.
    pub fn append(&mut self, other: &Styled) {
        self.0 += &other.0;
    }

    /// The text with all its colours.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A cell of a table. A text of several lines keeps them.
pub fn cell(text: &str) -> Cell {
    Cell::new(text.lines().map(visible).collect::<Vec<_>>().join("\n"))
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

/// Whether what is printed is looked at by a person at a terminal that shows colours.
pub fn colours() -> bool {
    shows_colours(&io::stdout())
}

/// Whether this is a terminal that shows colours, to somebody who wants them.
pub fn shows_colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The failure of a command that cannot go on printing: none, where its reader has seen enough.
pub fn not_written(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::seen_enough(),
        _ => {
            let error = language::of_cause(&error);
            Failure::unprinted(say!("uscita standard: {error}", "standard output: {error}"))
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
    fn what_was_written_elsewhere_has_no_colours_and_no_lines_of_its_own() {
        let foreign = "R1\u{1b}[31;40m\nforged\u{1b}[0m";
        let mut styled = Styled::default();
        styled.part(anstyle::AnsiColor::Red.on_default(), foreign);
        styled.text(&format!(" {}", visible(foreign)));
        let mut table = Table::new();
        table.add_row([cell(foreign)]);
        styled.table(&table);
        let shown = plain(styled.as_str(), Ours::Shown);
        assert!(shown.starts_with("\u{1b}[31mR1\\u{1b}[31;40m\\nforged\\u{1b}[0m\u{1b}[0m R1\\u{1b}[31;40m\\nforged"));
        assert_eq!(shown.matches('\u{1b}').count(), 2, "{shown:?}");
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
