//! `[retention]`: how long what authors wrote and users reported may be kept.

use super::fields::Section;
use crate::retention::Retention;

pub(super) fn retention(top: &mut Section<'_>) -> Retention {
    let default = Retention::default();
    let Some(mut section) = top.optional_section("retention") else { return default };
    let mut days = |key, most, otherwise| section.number(key, 1..=most).map_or(otherwise, |days| days * 24);
    let facebook = days("facebook_days", Retention::MOST_DAYS, default.facebook);
    let instagram = days("instagram_days", Retention::MOST_DAYS, default.instagram);
    let youtube = days("youtube_days", Retention::MOST_YOUTUBE_DAYS, default.youtube);
    let x = days("x_days", Retention::MOST_DAYS, default.x);
    let messages = days("message_days", Retention::MOST_DAYS, default.messages);
    let reports = days("report_days", Retention::MOST_DAYS, default.reports);
    let linkedin = section.number("linkedin_hours", 1..=Retention::MOST_LINKEDIN_HOURS).unwrap_or(default.linkedin);
    section.finish();
    Retention { facebook, instagram, linkedin, youtube, x, messages, reports }
}
