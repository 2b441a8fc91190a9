//! What happens to comments, whoever does it, and the webhooks that it causes.

use policy::{Platform, Surface};
use secrecy::ExposeSecret;

use crate::memory::ids;
use crate::memory::objects::{BlockKind, Comment, NewComment, Person, Refusal, Visibility, Webhook};
use crate::memory::settings::DEVELOPMENT_SECRET;
use crate::memory::state::State;
use crate::webhooks::bodies::{self, Happening};
use crate::webhooks::delivery::sign;

impl State {
    /// Writes a person's contribution, and sends its webhook.
    pub(crate) fn add(&mut self, platform: Platform, new: NewComment) -> Result<String, Refusal> {
        if !ids::has_surface(platform, new.surface) {
            return Err(Refusal::NoSuchSurface);
        }
        if let Some(parent) = &new.parent
            && self.living(platform, parent).is_none()
        {
            return Err(Refusal::Gone);
        }
        let kept_out = new.author.as_ref().is_some_and(|author| {
            self.is_blocked(platform, &new.account, &author.id, BlockKind::Everything)
                || (new.surface == Surface::Message
                    && self.is_blocked(platform, &new.account, &author.id, BlockKind::Messages))
        });
        // YouTube takes what a banned person writes, and rejects it by itself.
        if kept_out && platform != Platform::Youtube {
            return Err(Refusal::Blocked);
        }
        let thread = match (&new.thread, &new.parent) {
            (Some(thread), _) => thread.clone(),
            (None, Some(parent)) => {
                self.living(platform, parent).map_or_else(String::new, |parent| parent.thread.clone())
            }
            (None, None) => ids::default_thread(platform, &new.account),
        };
        if self.closed_threads.contains(&(platform, thread.clone())) {
            return Err(Refusal::Closed);
        }
        let number = self.next();
        let id = ids::new_id(platform, new.surface, &new.account, &thread, new.parent.as_deref(), number);
        let now = self.now();
        if new.surface == Surface::Message
            && let Some(author) = &new.author
        {
            self.conversations.insert((platform, new.account.clone(), author.id.clone()), now);
        }
        let comment = Comment {
            platform,
            account: new.account,
            id: id.clone(),
            surface: new.surface,
            author: new.author,
            text: new.text,
            thread,
            parent: new.parent,
            visibility: if kept_out { Visibility::Rejected } else { Visibility::Visible },
            deleted: false,
            own: false,
            mentions_us: new.mentions_us || new.surface == Surface::Mention,
            answered_privately: false,
            created: new.written_at.unwrap_or(now),
            updated: new.written_at.unwrap_or(now),
        };
        self.announce(&comment, Happening::Added);
        self.insert(comment);
        Ok(id)
    }

    /// Writes a comment of our account, on a thread and perhaps below another comment, and sends the webhook that it
    /// causes.
    pub(crate) fn answer(
        &mut self,
        platform: Platform,
        account: &str,
        thread: &str,
        parent: Option<String>,
        text: &str,
    ) -> Comment {
        let number = self.next();
        let name = self.account(platform, account).map_or("", |account| account.name.as_str()).to_owned();
        let now = self.now();
        let comment = Comment {
            platform,
            account: account.to_owned(),
            id: ids::new_id(platform, Surface::Comment, account, thread, parent.as_deref(), number),
            surface: Surface::Comment,
            author: Some(Person { id: account.to_owned(), name }),
            text: text.to_owned(),
            thread: thread.to_owned(),
            parent,
            visibility: Visibility::Visible,
            deleted: false,
            own: true,
            mentions_us: false,
            answered_privately: false,
            created: now,
            updated: now,
        };
        self.announce(&comment, Happening::Added);
        self.insert(comment.clone());
        comment
    }

    /// Deletes a comment, whoever does it, and sends the webhook that it causes.
    pub(crate) fn delete(&mut self, platform: Platform, id: &str) -> Result<(), Refusal> {
        let comment = self.reach(platform, id).ok_or(Refusal::Gone)?;
        comment.deleted = true;
        let comment = comment.clone();
        self.announce(&comment, Happening::Removed);
        Ok(())
    }

    /// Rewrites a comment, and sends the webhook that it causes.
    pub(crate) fn edit(&mut self, platform: Platform, id: &str, text: &str) -> Result<(), Refusal> {
        let now = self.now();
        let comment = self.reach(platform, id).ok_or(Refusal::Gone)?;
        comment.text = text.to_owned();
        comment.updated = now;
        let comment = comment.clone();
        self.announce(&comment, Happening::Edited);
        Ok(())
    }

    /// Hides a comment or shows it again, and sends the webhook that it causes. Nothing happens when it is so
    /// already.
    pub(crate) fn set_hidden(&mut self, platform: Platform, id: &str, hidden: bool) {
        let visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
        let Some(comment) = self.reach(platform, id).filter(|comment| comment.visibility != visibility) else { return };
        comment.visibility = visibility;
        let comment = comment.clone();
        self.announce(&comment, if hidden { Happening::Hidden } else { Happening::Unhidden });
    }

    /// Signs a body as the platform does and puts it among the webhooks to send.
    pub(crate) fn send(&mut self, platform: Platform, body: Vec<u8>) {
        let secret = self.settings.secrets.get(&platform).map_or(DEVELOPMENT_SECRET, ExposeSecret::expose_secret);
        let (name, value) = sign(platform, secret, &body);
        let content_type = if platform == Platform::Youtube { "application/atom+xml" } else { "application/json" };
        let headers = vec![("content-type".to_owned(), content_type.to_owned()), (name.to_owned(), value)];
        self.outbox.push(Webhook { platform, headers, body });
    }

    fn announce(&mut self, comment: &Comment, happening: Happening) {
        if let Some(body) = bodies::about(self, comment, happening) {
            self.send(comment.platform, body);
        }
    }
}
