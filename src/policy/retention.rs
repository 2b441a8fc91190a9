//! How long what authors wrote may be kept.

use jiff::{SignedDuration, Timestamp};

use crate::{Platform, Policy, Surface};

/// How long texts, names and platform ids may be kept, in hours from when they arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retention {
    pub(crate) facebook: u32,
    pub(crate) instagram: u32,
    pub(crate) linkedin: u32,
    pub(crate) youtube: u32,
    pub(crate) x: u32,
    /// Private messages, on every platform.
    pub(crate) messages: u32,
    /// What users report by e-mail.
    pub(crate) reports: u32,
}

impl Retention {
    /// LinkedIn allows no more for comments and other social activity (docs/platforms.md, section 7.2).
    pub(crate) const MOST_LINKEDIN_HOURS: u32 = 48;
    /// What YouTube allows for data read without the channel's consent (docs/platforms.md, section 7.3). Data read with
    /// it may be kept longer while the consent is verified every 30 days; keeping to the shorter time needs no such
    /// proof.
    pub(crate) const MOST_YOUTUBE_DAYS: u32 = 30;
    /// Elsewhere the platforms set no number, and the purpose sets the limit (docs/platforms.md, sections 7.1 and 7.5):
    /// an author's strikes expire after a year, and nobody needs the text after that.
    pub(crate) const MOST_DAYS: u32 = 365;

    fn on(&self, platform: Platform) -> u32 {
        match platform {
            Platform::Facebook => self.facebook,
            Platform::Instagram => self.instagram,
            Platform::Linkedin => self.linkedin,
            Platform::Youtube => self.youtube,
            Platform::X => self.x,
        }
    }
}

impl Default for Retention {
    /// Half a year on Facebook and Instagram: long enough for an objection (docs/platforms.md, section 7.1, sets no
    /// number). 30 days on X, which wants what disappears there deleted here too (docs/platforms.md, section 7.4): what
    /// is not kept cannot be overlooked. 30 days for private messages, which nobody published (docs/platforms.md,
    /// section 7.5). Half a year for users' reports: as long as what they are about can be objected to.
    fn default() -> Self {
        let days = |days: u32| days * 24;
        Retention {
            facebook: days(180),
            instagram: days(180),
            linkedin: Self::MOST_LINKEDIN_HOURS,
            youtube: days(Self::MOST_YOUTUBE_DAYS),
            x: days(30),
            messages: days(30),
            reports: days(180),
        }
    }
}

impl Policy {
    /// Until when the text of a contribution, its author's name and the platform's ids may be kept (invariant 10). For
    /// a private message, until the sooner of what holds for its platform and for messages.
    pub fn keep_until(&self, platform: Platform, surface: Surface, received_at: Timestamp) -> Timestamp {
        let hours = self.retention.on(platform);
        let hours = if surface == Surface::Message { hours.min(self.retention.messages) } else { hours };
        received_at.saturating_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX)
    }

    /// Until when a user's report may be kept: its text, its subject and the address of its sender.
    pub fn keep_report_until(&self, received_at: Timestamp) -> Timestamp {
        let hours = self.retention.reports;
        received_at.saturating_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX)
    }
}
