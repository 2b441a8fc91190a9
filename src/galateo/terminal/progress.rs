//! How far long work has come, for a person at a terminal: one line on standard error, which is gone when the work is
//! done. Elsewhere nothing is shown.

use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

use crate::terminal::output;

/// How often the line changes at most.
const EVERY: Duration = Duration::from_millis(100);

/// Work that takes less is not spoken of.
const SHORT: Duration = Duration::from_millis(500);

/// The line.
pub struct Progress {
    is_visible: bool,
    started: Instant,
    shown: Option<Instant>,
}

impl Progress {
    /// For work whose result is printed when it is done.
    pub fn new() -> Self {
        Self::visible(io::stderr().is_terminal())
    }

    /// For work that prints all the time: nothing is shown where that goes to the same terminal.
    pub fn beside_output() -> Self {
        Self::visible(io::stderr().is_terminal() && !io::stdout().is_terminal())
    }

    /// For a caller that knows whether anybody looks.
    pub fn visible(is_visible: bool) -> Self {
        Self { is_visible, started: Instant::now(), shown: None }
    }

    /// Shows this, unless something was shown just now or the work has only begun.
    pub fn show(&mut self, text: impl FnOnce() -> String) {
        let now = Instant::now();
        let is_due = match self.shown {
            Some(shown) => now - shown >= EVERY,
            None => now - self.started >= SHORT,
        };
        if self.is_visible && is_due {
            self.shown = Some(now);
            output::line(&text());
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.shown.take().is_some() {
            output::line("");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Waits for work of which nothing is known but that it goes on, and shows for how long.
pub async fn during<T>(what: &str, work: impl Future<Output = T>) -> T {
    let mut progress = Progress::new();
    let started = Instant::now();
    let mut ticks = tokio::time::interval(SHORT);
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = ticks.tick() => progress.show(|| format!("{what}: {} s", started.elapsed().as_secs())),
        }
    }
}

/// Counts the lines that go through it, and shows how many there were.
pub struct Counted<T> {
    inner: T,
    what: &'static str,
    lines: u64,
    progress: Progress,
}

impl<T> Counted<T> {
    /// `what` are the lines, for example "lines verified".
    pub fn new(inner: T, what: &'static str, progress: Progress) -> Self {
        Self { inner, what, lines: 0, progress }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let (lines, what) = (self.lines, self.what);
        self.progress.show(|| format!("{lines} {what}"));
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_on_their_way_and_nothing_else_happens_to_them() {
        let text = b"one\ntwo\nthree";
        let mut read = Counted::new(text.as_slice(), "lines", Progress::visible(false));
        let mut through = Vec::new();
        read.read_to_end(&mut through).unwrap();
        assert_eq!((through.as_slice(), read.lines), (text.as_slice(), 2));
        let mut written = Counted::new(Vec::new(), "lines", Progress::visible(false));
        written.write_all(text).unwrap();
        assert_eq!((written.inner.as_slice(), written.lines), (text.as_slice(), 2));
    }
}
