//! The state of a verification between two lines, and what each kind of line does to it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::audit::hash::Hash;
use crate::audit::lines::{
    self, ENTRY, EntryLine, Exported, FOOTER, FORMAT, GONE, HEADER, Header, Link, SEAL, Unsealed,
};
use crate::audit::merkle::Tree;
use crate::audit::problem::{Flaw, Problem};
use crate::audit::seal::{LOOKBACK_DAYS, Seal};
use crate::audit::verify::{Expected, Unusable, Verification};
use crate::audit::{SEAL_VERSION, VERSION};

/// How many problems are listed. The others are counted.
const MAX_PROBLEMS: usize = 100;

/// What verification reads of an entry. Everything else in it is covered by its hash.
#[derive(Deserialize)]
struct Entry<'e> {
    at: Timestamp,
    day: Date,
    #[serde(borrow, default)]
    case: Option<&'e str>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

/// A verification under way.
pub(super) struct Verifier<'e> {
    expected: &'e Expected,
    found: Verification,
    /// When the export says that it was made.
    made_at: Date,
    /// The line being read.
    pub(super) line: u64,
    /// Over all bytes so far.
    hasher: Sha256,
    /// The highest number of an entry so far, and the link after it; `None` when a line could not be read since.
    last: Option<(u64, Option<Link>)>,
    day: Day,
    chain: Chain,
    /// The published seals that were found.
    published: Vec<Hash>,
    /// The day whose end comes next.
    next: Date,
    /// The days without a seal since the last one, of those that should have one: the line where they end.
    overdue: Vec<(u64, Date)>,
    unsealed: u64,
    ended: bool,
}

/// What the next seal has to follow.
#[derive(Clone, Copy)]
enum Chain {
    /// Whatever stands before the export.
    Unknown,
    /// The seal with this hash.
    Sealed(Hash),
    /// A day without a seal.
    Open,
}

/// The entries since the end of the day before.
#[derive(Default)]
struct Day {
    tree: Tree,
    late: u64,
    /// The line, the name and the day of the first of them.
    first_late: Option<(u64, Option<String>, Date)>,
    gone: u64,
    /// The last entry that could be read.
    last: Option<(Timestamp, Hash)>,
    /// The first hundred, by line and name, in case no seal binds them.
    named: Vec<(u64, String)>,
}

impl<'e> Verifier<'e> {
    /// Reads the header.
    pub(super) fn begin(line: &[u8], expected: &'e Expected) -> Result<Self, Unusable> {
        let text = line.strip_suffix(b"\n").ok_or(Unusable::NotAnExport)?;
        let object = text.strip_prefix(HEADER).and_then(|text| text.strip_suffix(b"}"));
        let versioned = object.and_then(|object| serde_json::from_slice::<Versioned>(object).ok());
        let Versioned { version: found } = versioned.ok_or(Unusable::NotAnExport)?;
        if found > u64::from(VERSION) {
            return Err(Unusable::Newer { line: 1, found });
        }
        let header: Header = lines::parse_object(HEADER, text).ok_or(Unusable::NotAnExport)?;
        if header.format != FORMAT || header.version == 0 || header.to < header.from {
            return Err(Unusable::NotAnExport);
        }
        let mut verifier = Self {
            expected,
            made_at: header.at.to_zoned(TimeZone::UTC).date(),
            line: 1,
            hasher: Sha256::new_with_prefix(line),
            last: Some((0, None)),
            day: Day::default(),
            chain: Chain::Unknown,
            published: Vec::new(),
            next: header.from,
            overdue: Vec::new(),
            unsealed: 0,
            ended: false,
            found: Verification {
                organisation: header.organisation,
                from: header.from,
                to: header.to,
                entries: 0,
                sealed: 0,
                late: 0,
                older: 0,
                seals: 0,
                first_seal: None,
                last_seal: None,
                published_until: None,
                problems: Vec::new(),
                problem_count: 0,
            },
        };
        if let Some(expected) = expected.organisation.as_ref().filter(|name| **name != verifier.found.organisation) {
            let flaw =
                Flaw::OtherOrganisation { found: verifier.found.organisation.clone(), expected: expected.clone() };
            verifier.problem(None, None, flaw);
        }
        Ok(verifier)
    }

    fn problem(&mut self, day: Option<Date>, entry: Option<String>, flaw: Flaw) {
        self.problem_at(self.line, day, entry, flaw);
    }

    fn problem_at(&mut self, line: u64, day: Option<Date>, entry: Option<String>, flaw: Flaw) {
        self.found.problem_count += 1;
        if self.found.problems.len() < MAX_PROBLEMS {
            self.found.problems.push(Problem { line, day, entry, flaw });
        }
    }

    /// Reads the next line, with its end.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<(), Unusable> {
        self.line += 1;
        if self.ended {
            if self.found.problems.last().is_none_or(|problem| problem.flaw != Flaw::Trailing) {
                self.problem(None, None, Flaw::Trailing);
            }
            return Ok(());
        }
        if line.starts_with(FOOTER) {
            self.footer(line);
            return Ok(());
        }
        self.hasher.update(line);
        let Some(text) = line.strip_suffix(b"\n") else {
            self.unreadable();
            return Ok(());
        };
        if text.starts_with(ENTRY) {
            match EntryLine::parse(text) {
                Some(entry) => self.entry(&entry),
                None => self.unreadable(),
            }
        } else if text.starts_with(SEAL) {
            match lines::parse_seal(text) {
                Some((seal, hash)) => self.seal(seal, hash)?,
                None => self.unreadable(),
            }
        } else {
            match lines::parse_object(lines::UNSEALED, text) {
                Some(unsealed) => self.unsealed(&unsealed),
                None => self.unreadable(),
            }
        }
        Ok(())
    }

    fn unreadable(&mut self) {
        self.problem(None, None, Flaw::Unreadable);
        // Whether it was an entry cannot be told: the next one begins anew.
        self.last = None;
    }

    fn entry(&mut self, line: &EntryLine<'_>) {
        self.found.entries += 1;
        let section = self.next;
        let gone = line.entry == GONE;
        let read: Option<Entry<'_>> = if gone { None } else { serde_json::from_slice(line.entry).ok() };
        let case = read.as_ref().and_then(|entry| entry.case).filter(|case| is_name(case));
        let name = || Some(case.map_or_else(|| line.hash.to_string(), str::to_owned));
        if self.day.named.len() < MAX_PROBLEMS {
            self.day.named.push((self.line, name().unwrap_or_default()));
        }
        let repeated = self.day.last.is_some_and(|(_, last)| last == line.hash);
        match self.last {
            _ if repeated => self.problem(Some(section), name(), Flaw::Repeated),
            Some((last, _)) if line.number <= last => {
                self.problem(Some(section), name(), Flaw::Displaced { number: line.number, after: last });
            }
            Some((last, _)) if line.number > last + 1 => {
                self.problem(Some(section), name(), Flaw::Missing { first: last + 1, last: line.number - 1 });
                self.last = Some((line.number, Some(line.link)));
            }
            Some((_, link)) => {
                if lines::link(link.as_ref(), &line.hash) != line.link {
                    self.problem(Some(section), name(), Flaw::Unlinked);
                }
                self.last = Some((line.number, Some(line.link)));
            }
            None => self.last = Some((line.number, Some(line.link))),
        }
        self.day.tree.push(&line.hash);
        if gone {
            self.day.gone += 1;
            self.problem(Some(section), name(), Flaw::Gone);
            return;
        }
        if Hash::of(line.entry) != line.hash {
            self.problem(Some(section), name(), Flaw::Changed);
        }
        let Some(entry) = read else {
            self.problem(Some(section), name(), Flaw::Unreadable);
            return;
        };
        let this = (entry.at, line.hash);
        if !repeated && self.day.last.is_some_and(|last| last >= this) {
            self.problem(Some(section), name(), Flaw::OutOfOrder);
        }
        self.day.last = Some(this);
        if entry.day < section {
            self.day.late += 1;
            if self.day.first_late.is_none() {
                self.day.first_late = Some((self.line, name(), entry.day));
            }
        }
        if entry.day > section || entry.day < section.saturating_sub(LOOKBACK_DAYS.days()) {
            self.problem(Some(section), name(), Flaw::WrongDay { recorded: entry.day, section });
        }
    }

    fn seal(&mut self, text: &[u8], hash: Hash) -> Result<(), Unusable> {
        self.found.seals += 1;
        let section = std::mem::take(&mut self.day);
        if Hash::of(text) != hash {
            self.problem(Some(self.next), None, Flaw::SealChanged);
        } else if let Ok(Versioned { version: found }) = serde_json::from_slice(text)
            && found > u64::from(SEAL_VERSION)
        {
            return Err(Unusable::Newer { line: self.line, found });
        }
        let seal: Option<Seal> = serde_json::from_slice(text).ok();
        let Some(seal) = seal.filter(|seal| seal.to_json().as_bytes() == text && seal.version == SEAL_VERSION) else {
            self.problem(Some(self.next), None, Flaw::Unreadable);
            self.chain = Chain::Sealed(hash);
            self.next = self.next.saturating_add(1.day());
            return Ok(());
        };
        let day = seal.day;
        self.expect_day(day);
        if seal.organisation != self.found.organisation {
            self.problem(Some(day), None, Flaw::SealOfOther);
        }
        let follows = match self.chain {
            Chain::Unknown => true,
            Chain::Sealed(previous) => seal.previous == Some(previous),
            // The chain may begin within the period.
            Chain::Open => seal.previous.is_none() && self.found.first_seal.is_none(),
        };
        if !follows {
            self.problem(Some(day), None, Flaw::Unchained);
        } else if seal.previous.is_none() {
            self.overdue.clear();
            self.found.older = self.unsealed;
        }
        let found = section.tree.leaves();
        if found != seal.count || section.tree.root() != seal.root {
            self.problem(Some(day), None, Flaw::NotTheSealed { found, sealed: seal.count });
        } else if section.gone == 0 && section.late != seal.late {
            self.problem(Some(day), None, Flaw::Miscounted { counted: seal.late, found: section.late });
        }
        for (published, other) in &self.expected.published {
            if *other == hash {
                self.found.published_until = Some(day);
                self.published.push(hash);
            } else if *published == Some(day) {
                self.problem(Some(day), None, Flaw::NotThePublished { day: *published });
            }
        }
        self.found.sealed += found;
        self.found.late += section.late;
        self.found.first_seal.get_or_insert((day, hash));
        self.found.last_seal = Some((day, hash));
        self.chain = Chain::Sealed(hash);
        Ok(())
    }

    fn unsealed(&mut self, unsealed: &Unsealed) {
        let section = std::mem::take(&mut self.day);
        let Unsealed { day, count } = *unsealed;
        let found = section.tree.leaves();
        self.unsealed += found;
        if count != found {
            self.problem(Some(day), None, Flaw::Miscounted { counted: count, found });
        }
        if matches!(self.chain, Chain::Sealed(_)) && day.tomorrow().ok() == Some(self.next) {
            let unnamed = found - section.named.len() as u64;
            for (line, name) in section.named {
                self.problem_at(line, Some(day), Some(name), Flaw::Unbound);
            }
            self.found.problem_count += unnamed;
            return;
        }
        self.expect_day(day);
        if let Some((line, name, recorded)) = section.first_late {
            self.problem_at(line, Some(day), name, Flaw::WrongDay { recorded, section: day });
        }
        self.chain = Chain::Open;
        if day.saturating_add(2.days()) <= self.made_at && self.overdue.len() < MAX_PROBLEMS {
            self.overdue.push((self.line, day));
        }
    }

    /// Every day of the period ends once, one after the other.
    fn expect_day(&mut self, day: Date) {
        let expected = self.next;
        if day != expected {
            self.problem(Some(day), None, Flaw::MissingDay { expected, found: day });
        }
        self.next = day.saturating_add(1.day());
    }

    fn footer(&mut self, line: &[u8]) {
        self.ended = true;
        let last = self.next.saturating_sub(1.day());
        if self.day.tree.leaves() > 0 || last != self.found.to {
            let to = self.found.to;
            self.problem(Some(self.next), None, Flaw::NotThePeriod { to, last });
        }
        let sha256 = Hash::finish(self.hasher.clone());
        let Verification { entries, seals, .. } = self.found;
        let footer = Exported { entries, seals, unsealed: self.unsealed, sha256 }.to_line();
        if footer != line {
            self.problem(None, None, Flaw::NotTheWritten);
        }
    }

    /// Ends with what was found.
    pub(super) fn end(mut self) -> Verification {
        if !self.ended {
            self.problem(None, None, Flaw::Truncated);
        }
        for (line, day) in std::mem::take(&mut self.overdue) {
            self.problem_at(line, Some(day), None, Flaw::SealMissing);
        }
        let sealed = self.found.first_seal.zip(self.found.last_seal);
        let expected = self.expected;
        for (day, hash) in &expected.published {
            // Where the day has another seal in the export, that was said there.
            let has_other = day.is_some_and(|day| sealed.is_some_and(|((a, _), (z, _))| (a..=z).contains(&day)));
            if !has_other && !self.published.contains(hash) {
                self.problem(None, None, Flaw::NotThePublished { day: *day });
            }
        }
        self.found.problems.sort_by_key(|problem| problem.line);
        self.found
    }
}

/// Whether a text can be the id of a case: nothing else of an entry is repeated in what is found.
fn is_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
