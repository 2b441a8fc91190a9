//! The lines of an export: how each is written, byte by byte, and read. `docs/audit-format.md`, section 3.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use policy::PolicyRef;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::VERSION;
use crate::audit::canonical::canonical_of;
use crate::audit::hash::Hash;
use crate::audit::seal::Seal;

/// What the header calls the format.
pub(super) const FORMAT: &str = "galateo-audit";

pub(super) const HEADER: &[u8] = b"{\"header\":";
pub(super) const ENTRY: &[u8] = b"{\"entry\":";
pub(super) const SEAL: &[u8] = b"{\"seal\":";
pub(super) const UNSEALED: &[u8] = b"{\"unsealed\":";
pub(super) const FOOTER: &[u8] = b"{\"footer\":";
/// What stands in the place of an entry that is sealed and no longer on record.
pub(super) const GONE: &[u8] = b"null";

const BEFORE_HASH: &[u8] = b",\"hash\":\"";
const BEFORE_LINK: &[u8] = b"\",\"link\":\"";
const BEFORE_NUMBER: &[u8] = b"\",\"n\":";

/// The first line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The name of the format: `galateo-audit`.
    pub format: String,
    /// Its version.
    pub version: u32,
    /// Whose audit log it is.
    pub organisation: String,
    /// The first day of the period.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// When the export was made.
    pub at: Timestamp,
    /// The policy in force then.
    pub policy: PolicyRef,
}

impl Header {
    /// The header of an export in the version of the format that is written here.
    pub fn new(organisation: &str, period: (Date, Date), policy: &PolicyRef, at: Timestamp) -> Self {
        let (from, to) = period;
        let (format, organisation, policy) = (FORMAT.to_owned(), organisation.to_owned(), policy.clone());
        Self { format, version: VERSION, organisation, from, to, at, policy }
    }
}

/// What an export contains, as its last line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// How many lines of entries.
    pub entries: u64,
    /// How many seals.
    pub seals: u64,
    /// How many of the entries no seal in it binds.
    pub unsealed: u64,
    /// The SHA-256 of all bytes before the last line.
    pub sha256: Hash,
}

impl Exported {
    /// The last line of an export.
    pub(super) fn to_line(&self) -> Vec<u8> {
        [FOOTER, canonical_of(self).as_bytes(), b"}\n"].concat()
    }
}

/// The line that ends the entries of a day without a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unsealed {
    pub(super) count: u64,
    pub(super) day: Date,
}

/// Ties an entry to the one before it in the file: 16 hex digits.
pub(super) type Link = [u8; 16];

/// What follows a link; before the first entry there is none.
pub(super) fn link(before: Option<&Link>, hash: &Hash) -> Link {
    let hasher = Sha256::new().chain_update(before.map_or(&[][..], |link| link));
    let hash = Hash::finish(hasher.chain_update(digits(hash)));
    let mut link = Link::default();
    link.copy_from_slice(&digits(&hash)[..16]);
    link
}

fn digits(hash: &Hash) -> [u8; 64] {
    let mut digits = [0; 64];
    // The length fits, so it cannot fail.
    let _ = hex::encode_to_slice(hash.as_bytes(), &mut digits);
    digits
}

/// Writes an export line by line, from the first day of its period to the last: the entries of a day, then its seal or
/// that it has none.
pub struct ExportWriter<W> {
    out: W,
    /// Over all bytes so far.
    hasher: Sha256,
    link: Option<Link>,
    entries: u64,
    seals: u64,
    unsealed: u64,
    /// The entries since the last seal.
    open: u64,
    line: Vec<u8>,
}

impl<W: Write> ExportWriter<W> {
    /// Begins an export.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: W, header: &Header) -> io::Result<Self> {
        let hasher = Sha256::new();
        let line = Vec::new();
        let mut writer = Self { out, hasher, link: None, entries: 0, seals: 0, unsealed: 0, open: 0, line };
        writer.object(HEADER, canonical_of(header).as_bytes())?;
        Ok(writer)
    }

    /// Writes an entry in its canonical form, with the hash that it was recorded with; `None` in place of one that is
    /// sealed and no longer on record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn entry(&mut self, canonical: Option<&[u8]>, hash: &Hash) -> io::Result<()> {
        let next = link(self.link.as_ref(), hash);
        self.link = Some(next);
        self.entries += 1;
        self.open += 1;
        let number = self.entries.to_string();
        let parts = [
            ENTRY,
            canonical.unwrap_or(GONE),
            BEFORE_HASH,
            &digits(hash),
            BEFORE_LINK,
            &next,
            BEFORE_NUMBER,
            number.as_bytes(),
            b"}\n",
        ];
        self.line.clear();
        parts.iter().for_each(|part| self.line.extend_from_slice(part));
        self.write()
    }

    /// Ends the entries of a day with their seal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn seal(&mut self, seal: &Seal) -> io::Result<()> {
        self.seals += 1;
        self.open = 0;
        self.line.clear();
        for part in [SEAL, seal.to_json().as_bytes(), BEFORE_HASH, &digits(&seal.hash()), b"\"}\n"] {
            self.line.extend_from_slice(part);
        }
        self.write()
    }

    /// Ends the entries of a day that no seal binds.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn unsealed(&mut self, day: Date) -> io::Result<()> {
        let count = std::mem::take(&mut self.open);
        self.unsealed += count;
        self.object(UNSEALED, canonical_of(&Unsealed { count, day }).as_bytes())
    }

    /// Writes the last line.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<Exported> {
        let sha256 = Hash::finish(self.hasher.clone());
        let exported = Exported { entries: self.entries, seals: self.seals, unsealed: self.unsealed, sha256 };
        self.out.write_all(&exported.to_line())?;
        self.out.flush()?;
        Ok(exported)
    }

    fn object(&mut self, before: &[u8], object: &[u8]) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(before);
        self.line.extend_from_slice(object);
        self.line.extend_from_slice(b"}\n");
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        self.hasher.update(&self.line);
        self.out.write_all(&self.line)
    }
}

/// The line of an entry, taken apart.
pub(super) struct EntryLine<'l> {
    /// The entry as it was hashed, or `null`.
    pub(super) entry: &'l [u8],
    pub(super) hash: Hash,
    pub(super) link: Link,
    pub(super) number: u64,
}

impl<'l> EntryLine<'l> {
    /// Takes a line apart that begins like an entry; `None` unless every byte of it is where it has to be.
    pub(super) fn parse(line: &'l [u8]) -> Option<Self> {
        let line = line.strip_prefix(ENTRY)?.strip_suffix(b"}")?;
        let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (line, number) = line.split_at(line.len() - digits);
        let number = natural(number)?;
        let (line, link) = line.strip_suffix(BEFORE_NUMBER)?.split_last_chunk()?;
        let (line, hash) = line.strip_suffix(BEFORE_LINK)?.split_last_chunk::<64>()?;
        let entry = line.strip_suffix(BEFORE_HASH)?;
        Some(Self { entry, hash: Hash::from_digits(hash)?, link: *link, number })
    }
}

/// A number as it is written: without a sign and without zeros before it.
fn natural(digits: &[u8]) -> Option<u64> {
    let number = str::from_utf8(digits).ok()?.parse().ok()?;
    (digits.first() != Some(&b'0')).then_some(number)
}

/// Takes the line of a seal apart: the seal as it was hashed, and the hash.
pub(super) fn parse_seal(line: &[u8]) -> Option<(&[u8], Hash)> {
    let (line, hash) = line.strip_prefix(SEAL)?.strip_suffix(b"\"}")?.split_last_chunk::<64>()?;
    Some((line.strip_suffix(BEFORE_HASH)?, Hash::from_digits(hash)?))
}

/// The value in the line of a header, an `unsealed` or a footer; `None` unless it stands in its canonical form.
pub(super) fn parse_object<T: Serialize + for<'de> Deserialize<'de>>(before: &[u8], line: &[u8]) -> Option<T> {
    let object = line.strip_prefix(before)?.strip_suffix(b"}")?;
    let value: T = serde_json::from_slice(object).ok()?;
    (canonical_of(&value).as_bytes() == object).then_some(value)
}
