//! Sessions of the console: who has signed in, known by what only their browser holds. Here stands no more of that than
//! its hash, so that whoever reads the table can sign in as nobody.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use policy::Person;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::item::{Item, expiry, from_item, number, text, text_of, to_attribute, to_item};
use crate::table::keys::{SESSION, sortable};
use crate::table::store::{Query, Span};
use crate::table::tables::{EXPIRES, SK, Table};
use crate::table::write::{Change, HOLDS_UNTIL, Write, Written};
use crate::{Ledger, LedgerError, NotAnId};

const WHAT: &str = "session";
/// The version of a session that was not renewed yet.
const FIRST: u64 = 1;
/// The digits of a key: a SHA-256 in hex.
const DIGITS: usize = 64;

/// By what a session is known in the table: the SHA-256 of the secret that the browser holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionKey(String);

impl SessionKey {
    /// The key of the session with this secret.
    pub fn of(secret: &str) -> Self {
        Self(hex::encode(Sha256::digest(secret)))
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SessionKey {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one = text.len() == DIGITS && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if is_one { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
    }
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// What they may do, in the words of the console.
    pub roles: Vec<String>,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was used last, as far as that was written down.
    pub seen_at: Timestamp,
    /// Until when it holds, unless it is used before.
    pub idle_until: Timestamp,
    /// Until when it holds at the most.
    pub ends_at: Timestamp,
    /// Counts its renewals, from 1.
    #[serde(default)]
    pub version: u64,
}

impl Session {
    /// A session that begins now.
    pub fn new(person: Person, roles: Vec<String>, now: Timestamp, idle_until: Timestamp, ends_at: Timestamp) -> Self {
        Self { person, roles, began_at: now, seen_at: now, idle_until, ends_at, version: FIRST }
    }

    /// Until when it holds as it stands.
    pub fn holds_until(&self) -> Timestamp {
        self.idle_until.min(self.ends_at)
    }

    /// Whether it holds. What began in the future began by a clock that is wrong: it holds all the same, until its end.
    fn holds(&self, now: Timestamp) -> bool {
        self.holds_until() > now
    }
}

impl Ledger {
    /// Keeps a session that begins.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn begin_session(&self, key: &SessionKey, session: &Session) -> Result<(), LedgerError> {
        let mut item = to_item(WHAT, session)?;
        item.insert(EXPIRES.to_owned(), expiry(session.holds_until()));
        self.store.put(Table::Casebook, &self.keys.session(key), item).await
    }

    /// A session that holds; `None` where there is none, it was ended, or its time is over.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn session(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Session>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.session(key)).await?;
        let session: Option<Session> = item.map(|item| from_item(WHAT, item)).transpose()?;
        Ok(session.filter(|session| session.holds(now)))
    }

    /// Writes down that a session was used. One that was ended meanwhile stays so; of two uses at once one is written.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn renew_session(
        &self,
        key: &SessionKey,
        session: &Session,
        idle_until: Timestamp,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let renewed = Session { seen_at: now, idle_until, ..session.clone() };
        let set = Item::from([
            ("seen_at".to_owned(), to_attribute(WHAT, &now)?),
            ("idle_until".to_owned(), to_attribute(WHAT, &idle_until)?),
            (EXPIRES.to_owned(), expiry(renewed.holds_until())),
        ]);
        let change = Change { version: session.version, set, unset: Vec::new() };
        self.store.write(Write::Change(Table::Casebook, self.keys.session(key), change)).await?;
        Ok(())
    }

    /// Ends a session. Whether there was one.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn end_session(&self, key: &SessionKey) -> Result<bool, LedgerError> {
        let written = self.store.write(Write::Take(Table::Casebook, self.keys.session(key))).await?;
        Ok(written != Written::No)
    }

    /// The sessions that hold, in the order of their keys.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn sessions(&self, now: Timestamp) -> Result<Vec<(SessionKey, Session)>, LedgerError> {
        let partition = self.keys.sessions();
        let query = Query { span: Span::Beginning(SESSION), ..Query::of(Table::Casebook, &partition) };
        let mut sessions = Vec::new();
        for item in self.store.query(query).await? {
            let key = text_of(&item, SK).and_then(|sk| sk.strip_prefix(SESSION)).and_then(|key| key.parse().ok());
            let key = key.ok_or_else(|| LedgerError::Corrupt { what: WHAT, field: SK.to_owned() })?;
            let session: Session = from_item(WHAT, item)?;
            if session.holds(now) {
                sessions.push((key, session));
            }
        }
        Ok(sessions)
    }

    /// Ends all sessions. How many held.
    ///
    /// # Errors
    /// When the ledger is unavailable. Those that were ended until then stay so, and repeating ends the rest.
    pub async fn end_sessions(&self, now: Timestamp) -> Result<usize, LedgerError> {
        let sessions = self.sessions(now).await?;
        for (key, _) in &sessions {
            self.end_session(key).await?;
        }
        Ok(sessions.len())
    }

    /// Uses up an attempt to sign in, which is known by what only its browser holds, so that it leads to one session.
    /// Whether it was not used before. It is remembered until its proof would be refused anyway.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn use_sign_in(
        &self,
        attempt: &SessionKey,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let item = Item::from([
            (EXPIRES.to_owned(), expiry(until)),
            (HOLDS_UNTIL.to_owned(), text(&sortable(until))),
            ("version".to_owned(), number(FIRST)),
        ]);
        let written = self.store.write(Write::Renew(Table::Casebook, self.keys.sign_in(attempt), item, now)).await?;
        // Where nobody knows whether it was this call, the attempt is lost and the next one is not.
        Ok(written == Written::Yes)
    }
}
