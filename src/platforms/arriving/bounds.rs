//! How long the fields of what arrives may be. No platform sends anything near to these lengths; should one do so, or
//! somebody find out how to make it, the ledger could not store the item, and the platform would send the whole batch
//! again until it gives up. So every event passes here, on its way into a [`Delivery`](crate::Delivery).

use policy::{Author, Contribution, ContributionId, PlatformUserId, ThreadId};

use crate::arriving::lenient::fingerprint;
use crate::{Event, Lead, Removal, Unread};

/// The longest id, in bytes. The longest that are known, of Instagram's messages, have about 200.
pub(crate) const MAX_ID_BYTES: usize = 1024;

/// The longest name of a person that is kept, in bytes. Facebook's have up to 150 characters, YouTube's 100, X's 50.
const MAX_NAME_BYTES: usize = 600;

/// The longest address, in bytes: what browsers and proxies take.
const MAX_ADDRESS_BYTES: usize = 2048;

/// The longest text that is judged, in bytes: twice the longest that any platform takes, which is a post on Facebook
/// with its 63,206 characters of up to four bytes.
const MAX_TEXT_BYTES: usize = 512 * 1024;

/// An event as long as its fields may be. `None` where its own id is too long: nothing could be asked about it. What
/// was cut or left out is named in `too_long`, with its length and never with its value.
pub(crate) fn bounded(event: Event, too_long: &mut Vec<String>) -> Option<Event> {
    let mut bounds = Bounds { too_long };
    match event {
        Event::Contribution(contribution) => bounds.contribution(contribution).map(Event::Contribution),
        Event::Removal(removal) => bounds.removal(removal).map(Event::Removal),
        Event::Unread(unread) => bounds.unread(unread).map(Event::Unread),
        Event::Lead(lead) => bounds.lead(lead).map(Event::Lead),
    }
}

/// An id that an answer tells; `None` where it is too long to be kept, or asked with.
pub(crate) fn id(id: String) -> Option<String> {
    (id.len() <= MAX_ID_BYTES).then_some(id)
}

struct Bounds<'a> {
    too_long: &'a mut Vec<String>,
}

impl Bounds<'_> {
    fn contribution(&mut self, it: Contribution) -> Option<Contribution> {
        if !self.holds("id", it.id.as_str(), MAX_ID_BYTES) {
            return None;
        }
        // The id of the first revision stands for all: without it an edit would be judged as something new.
        if it.original.as_ref().is_some_and(|id| !self.holds("original", id.as_str(), MAX_ID_BYTES)) {
            return None;
        }
        Some(Contribution {
            // Equal for every delivery of a revision, and no other, it stays by its fingerprint.
            revision: if it.revision.len() > MAX_ID_BYTES { fingerprint(&it.revision) } else { it.revision },
            author: it.author.and_then(|author| self.author(author)),
            text: self.cut("text", it.text, MAX_TEXT_BYTES),
            thread: it.thread.filter(|id: &ThreadId| self.holds("thread", id.as_str(), MAX_ID_BYTES)),
            parent: it.parent.filter(|id: &ContributionId| self.holds("parent", id.as_str(), MAX_ID_BYTES)),
            permalink: it.permalink.filter(|address| self.holds("permalink", address, MAX_ADDRESS_BYTES)),
            ..it
        })
    }

    /// Whose id is too long stays unknown. Nobody of ours has such an id, so that it is not our own voice.
    fn author(&mut self, Author { id, name }: Author) -> Option<Author> {
        let name = name.map(|name| self.cut("author.name", name, MAX_NAME_BYTES));
        let holds = self.holds("author.id", PlatformUserId::as_str(&id), MAX_ID_BYTES);
        holds.then_some(Author { id, name })
    }

    fn removal(&mut self, it: Removal) -> Option<Removal> {
        self.holds("id", it.id.as_str(), MAX_ID_BYTES).then_some(it)
    }

    fn unread(&mut self, it: Unread) -> Option<Unread> {
        self.holds("id", it.id.as_str(), MAX_ID_BYTES).then(|| Unread {
            thread: it.thread.filter(|id| self.holds("thread", id.as_str(), MAX_ID_BYTES)),
            written: it.written.and_then(|written| self.contribution(written)),
            ..it
        })
    }

    fn lead(&mut self, it: Lead) -> Option<Lead> {
        (self.holds("lead", &it.id, MAX_ID_BYTES) && self.holds("form", &it.form, MAX_ID_BYTES)).then_some(it)
    }

    /// Whether a field that cannot be cut is of a length that can be kept.
    fn holds(&mut self, field: &str, value: &str, max_bytes: usize) -> bool {
        let holds = value.len() <= max_bytes;
        if !holds {
            self.too_long.push(format!("{field}: found {} bytes, expected at most {max_bytes}", value.len()));
        }
        holds
    }

    fn cut(&mut self, field: &str, mut value: String, max_bytes: usize) -> String {
        if !self.holds(field, &value, max_bytes) {
            value.truncate(value.floor_char_boundary(max_bytes));
            value.shrink_to_fit();
        }
        value
    }
}

#[cfg(test)]
pub(crate) mod tests;
