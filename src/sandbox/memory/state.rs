//! What the platforms remember.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use policy::{Account, Platform, Surface};
use serde_json::Value;

use crate::memory::ids;
use crate::memory::objects::{Block, BlockKind, Comment, PrivateMessage, Visibility, Webhook};
use crate::memory::quota::Quota;
use crate::memory::settings::{Settings, UnknownObjects};
use crate::memory::subscriptions::{everything, subscriber};

/// A conversation between a person and one of our accounts: platform, account, person.
type ConversationKey = (Platform, String, String);

/// The longest id with which something never seen comes into being, in bytes. Those of the platforms have at most some 100.
const LONGEST_ID: usize = 256;

/// How many comments, messages, notifications and people the platforms remember; the last of each. A server may run for
/// months, and a platform here is not meant to hold more than a story needs.
const KEPT: usize = 5_000;

/// How many more there may be before the oldest are forgotten, all at once.
const SLACK: usize = KEPT / 4;

/// All five platforms' memory.
pub(crate) struct State {
    pub settings: Settings,
    pub comments: Vec<Comment>,
    index: HashMap<(Platform, String), usize>,
    /// The accounts that something was written to, listed in the settings or not.
    accounts_seen: BTreeSet<(Platform, String)>,
    pub blocks: BTreeSet<Block>,
    pub followers: BTreeMap<(Platform, String), u64>,
    pub messages: Vec<PrivateMessage>,
    /// When the person last wrote, by conversation.
    pub conversations: BTreeMap<ConversationKey, Timestamp>,
    /// Facebook's page-scoped ids by the ids shown next to comments.
    page_scoped: BTreeMap<String, String>,
    /// X: who takes no messages from us.
    pub unreachable: BTreeSet<String>,
    /// Posts whose comments are switched off.
    pub closed_threads: BTreeSet<(Platform, String)>,
    /// The webhook fields (Meta) or events (X) to which an account is subscribed. An Instagram account that is linked to
    /// a Page has those of the Page.
    pub subscriptions: BTreeMap<(Platform, String), Vec<String>>,
    /// LinkedIn: every notification, for those who pull.
    pub notifications: Vec<Value>,
    pub quota: Quota,
    pub outbox: Vec<Webhook>,
    next_id: u64,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        let subscribed = settings.accounts.iter().filter(|_| settings.subscribed);
        let subscriptions = subscribed.filter_map(everything).collect();
        Self {
            next_id: settings.first_id,
            settings,
            comments: Vec::new(),
            index: HashMap::new(),
            accounts_seen: BTreeSet::new(),
            blocks: BTreeSet::new(),
            followers: BTreeMap::new(),
            messages: Vec::new(),
            conversations: BTreeMap::new(),
            page_scoped: BTreeMap::new(),
            unreachable: BTreeSet::new(),
            closed_threads: BTreeSet::new(),
            subscriptions,
            notifications: Vec::new(),
            quota: Quota::default(),
            outbox: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    /// The next number of the one counter from which all ids are made.
    pub(crate) fn next(&mut self) -> u64 {
        let number = self.next_id;
        self.next_id += 1;
        number
    }

    /// The listed account with this id.
    pub(crate) fn account(&self, platform: Platform, id: &str) -> Option<&Account> {
        self.settings.accounts.iter().find(|account| account.platform == platform && account.id.as_str() == id)
    }

    /// The id of the account on whose behalf a call is made that does not name it.
    pub(crate) fn caller(&self, platform: Platform) -> String {
        let mut accounts = self.settings.accounts.iter().filter(|account| account.platform == platform);
        accounts.next().map_or_else(String::new, |account| account.id.as_str().to_owned())
    }

    /// Under what the subscription of an account is kept.
    pub(crate) fn subscriber(&self, platform: Platform, account: &str) -> (Platform, String) {
        let known = self.account(platform, account).map(subscriber);
        known.unwrap_or_else(|| (platform, account.to_owned()))
    }

    /// Whether an id that stands where an account's should is one.
    pub(crate) fn is_account(&self, platform: Platform, id: &str) -> bool {
        self.account(platform, id).is_some() || self.accounts_seen.contains(&(platform, id.to_owned()))
    }

    pub(crate) fn adopts(&self) -> bool {
        self.settings.unknown_objects == UnknownObjects::Adopt
    }

    /// A comment that exists, deleted or not.
    pub(crate) fn known(&self, platform: Platform, id: &str) -> Option<&Comment> {
        self.index.get(&(platform, id.to_owned())).map(|index| &self.comments[*index])
    }

    /// A comment that has not been deleted.
    pub(crate) fn living(&self, platform: Platform, id: &str) -> Option<&Comment> {
        self.known(platform, id).filter(|comment| !comment.deleted)
    }

    /// The comment that a call names: one that lives, or one never seen, which comes into being if the settings say
    /// so.
    pub(crate) fn reach(&mut self, platform: Platform, id: &str) -> Option<&mut Comment> {
        let key = (platform, id.to_owned());
        if !self.index.contains_key(&key) && self.adopts() && (1..=LONGEST_ID).contains(&id.len()) {
            let account = self.caller(platform);
            let now = self.now();
            let (thread, parent, surface) = ids::origin(platform, &account, id);
            self.insert(Comment {
                platform,
                account,
                id: id.to_owned(),
                surface,
                author: None,
                text: String::new(),
                thread,
                parent,
                visibility: Visibility::Visible,
                deleted: false,
                own: false,
                mentions_us: false,
                answered_privately: false,
                created: now,
                updated: now,
            });
        }
        let index = *self.index.get(&key)?;
        Some(&mut self.comments[index]).filter(|comment| !comment.deleted)
    }

    /// The living answers to a comment or post, the oldest first.
    pub(crate) fn under(&self, platform: Platform, id: &str) -> Vec<&Comment> {
        let below = |comment: &&Comment| match &comment.parent {
            Some(parent) => parent == id,
            None => comment.thread == id && comment.surface != Surface::Message,
        };
        self.comments.iter().filter(|comment| comment.platform == platform && !comment.deleted).filter(below).collect()
    }

    pub(crate) fn insert(&mut self, comment: Comment) {
        self.accounts_seen.insert((comment.platform, comment.account.clone()));
        self.index.insert((comment.platform, comment.id.clone()), self.comments.len());
        self.comments.push(comment);
        self.forget();
    }

    /// Forgets the oldest of what there is too much of. A forgotten comment that is named again is one never seen.
    fn forget(&mut self) {
        if self.comments.len() > KEPT + SLACK {
            let over = self.comments.len() - KEPT;
            self.comments.drain(..over);
            self.index.retain(|_, index| *index >= over);
            self.index.values_mut().for_each(|index| *index -= over);
        }
        let over = |length: usize| if length > KEPT + SLACK { length - KEPT } else { 0 };
        self.messages.drain(..over(self.messages.len()));
        self.notifications.drain(..over(self.notifications.len()));
        while self.conversations.len() > KEPT + SLACK {
            self.conversations.pop_first();
        }
        while self.page_scoped.len() > KEPT + SLACK {
            self.page_scoped.pop_first();
        }
    }

    pub(crate) fn set_followers(&mut self, platform: Platform, account: &str, count: u64) {
        self.accounts_seen.insert((platform, account.to_owned()));
        self.followers.insert((platform, account.to_owned()), count);
    }

    pub(crate) fn followers(&self, platform: Platform, account: &str) -> u64 {
        self.followers.get(&(platform, account.to_owned())).copied().unwrap_or(0)
    }

    /// The id under which Messenger knows a person, unlike the one next to comments.
    pub(crate) fn page_scoped(&mut self, person: &str) -> String {
        if let Some(id) = self.page_scoped.get(person) {
            return id.clone();
        }
        let id = (6_780_000_000_000_000 + self.next()).to_string();
        self.page_scoped.insert(person.to_owned(), id.clone());
        id
    }

    /// The person behind a Messenger id.
    pub(crate) fn behind_page_scoped(&self, id: &str) -> Option<String> {
        self.page_scoped.iter().find(|(_, scoped)| *scoped == id).map(|(person, _)| person.clone())
    }

    pub(crate) fn is_blocked(&self, platform: Platform, account: &str, person: &str, kind: BlockKind) -> bool {
        let (account, person) = (account.to_owned(), person.to_owned());
        self.blocks.contains(&Block { platform, account, person, kind })
    }

    pub(crate) fn block(&mut self, platform: Platform, account: &str, person: &str, kind: BlockKind, on: bool) {
        let block = Block { platform, account: account.to_owned(), person: person.to_owned(), kind };
        if on {
            self.blocks.insert(block);
        } else {
            self.blocks.remove(&block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_comments_are_remembered_and_the_one_that_is_named_is_found() {
        let mut state = State::new(Settings::default());
        for number in 0..3 * KEPT {
            let id = number.to_string();
            state.notifications.push(Value::Null);
            state.page_scoped(&id);
            state.set_hidden(Platform::Facebook, &id, true);
            assert_eq!(state.known(Platform::Facebook, &id).unwrap().visibility, Visibility::Hidden, "{number}");
            assert!(state.comments.len() <= KEPT + SLACK && state.index.len() == state.comments.len());
        }
        assert!(state.notifications.len() <= KEPT + SLACK && state.page_scoped.len() <= KEPT + SLACK);
        assert!(state.known(Platform::Facebook, "0").is_none());
        for comment in &state.comments {
            assert_eq!(state.known(Platform::Facebook, &comment.id).map(|found| &found.id), Some(&comment.id));
        }
        state.set_hidden(Platform::Facebook, "0", true);
        assert!(state.known(Platform::Facebook, "0").is_some(), "what was forgotten is as if it had never been seen");
    }
}
