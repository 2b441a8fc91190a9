//! What is said to authors: templates of the policy, filled with the facts of a case.
//!
//! There is no field for what the author wrote, so no message can repeat it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Clause, Language, Notice, Platform, Policy, Service};

/// 11 September 2026 at 9: no date is longer, in either language.
const LONG_DATE: Timestamp = Timestamp::constant(1_789_117_200, 0);

/// What a message says about a case.
#[derive(Clone, Copy, Debug)]
pub struct MessageFacts<'a> {
    /// The clause that was not kept, for every notice but [`Notice::Redirect`], [`Notice::Away`] and
    /// [`Notice::Receipt`].
    pub clause: Option<&'a Clause>,
    /// The online service, for [`Notice::Redirect`].
    pub service: Option<&'a Service>,
    /// What was really done about the contribution: a message never claims more.
    pub done: Measure,
    /// What the author can quote to be understood, the 24 hex digits of its reference; for [`Notice::Receipt`], that of
    /// the report. It also makes every message different, because platforms refuse equal ones (docs/platforms.md,
    /// section 5.4).
    pub reference: &'a str,
    /// For [`Notice::Block`], its end; for [`Notice::Away`], the next opening; for [`Notice::Receipt`], by when the
    /// report is looked at. `None`: nobody knows yet.
    pub until: Option<Timestamp>,
}

/// What was done about a contribution or its author, as a message tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The contribution is hidden and can be shown again. In an apology: it stays hidden, for something else.
    Hidden,
    /// The contribution is gone for good. In an apology: it cannot be brought back.
    Removed,
    /// The contribution is still visible, because the platform offers nothing else or nothing had to be done.
    Standing,
    /// The author cannot write for a time.
    Blocked,
    /// The author cannot write any more.
    Banned,
    /// The contribution is visible again.
    Restored,
    /// Nothing was done, or nothing of it remains.
    None,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 7] = [
        Measure::Hidden,
        Measure::Removed,
        Measure::Standing,
        Measure::Blocked,
        Measure::Banned,
        Measure::Restored,
        Measure::None,
    ];

    /// How a message says it, as a sentence without its capital and its full stop.
    fn words(self, notice: Notice, language: Language) -> &'static str {
        let (italian, english) = match (self, notice) {
            (Measure::Hidden, Notice::Apology) => (
                "l'intervento resta nascosto per un'altra violazione",
                "the comment stays hidden because of another violation",
            ),
            (Measure::Hidden, _) => ("l'intervento è stato nascosto", "the comment was hidden"),
            (Measure::Removed, Notice::Apology) => {
                ("l'intervento non può più essere ripubblicato", "the comment cannot be published again")
            }
            (Measure::Removed, _) => ("l'intervento è stato rimosso", "the comment was removed"),
            (Measure::Standing, _) => ("l'intervento resta visibile", "the comment is still visible"),
            (Measure::Blocked, _) => ("questo profilo è sospeso", "this profile is suspended"),
            (Measure::Banned, _) => {
                ("questo profilo è escluso dal canale", "this profile is excluded from the channel")
            }
            (Measure::Restored, _) => ("l'intervento è di nuovo visibile", "the comment is visible again"),
            (Measure::None, _) => ("nessuna misura è in vigore", "no measure is in force"),
        };
        match language {
            Language::Italian => italian,
            Language::English => english,
        }
    }
}

/// Where a message is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To the author alone.
    Private,
    /// Below the contribution, for everyone to read.
    Public,
}

impl Channel {
    /// The key used in files and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Channel::Private => "private",
            Channel::Public => "public",
        }
    }

    const fn then_the_other(self) -> &'static [Channel] {
        match self {
            Channel::Private => &[Channel::Private, Channel::Public],
            Channel::Public => &[Channel::Public, Channel::Private],
        }
    }
}

/// A placeholder of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    ClauseNumber,
    ClauseTitle,
    Measure,
    Until,
    By,
    Service,
    ServiceUrl,
    Reference,
    PolicyUrl,
    Contact,
    Organisation,
    Office,
}

impl Field {
    /// How templates write it, between braces.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Field::ClauseNumber => "clausola_numero",
            Field::ClauseTitle => "clausola_titolo",
            Field::Measure => "misura",
            Field::Until => "fino_al",
            Field::By => "entro_il",
            Field::Service => "servizio",
            Field::ServiceUrl => "servizio_url",
            Field::Reference => "riferimento",
            Field::PolicyUrl => "policy_url",
            Field::Contact => "contatto",
            Field::Organisation => "ente",
            Field::Office => "ufficio",
        }
    }
}

/// A template: words and placeholders in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Words(String),
    Field(Field),
}

impl Text {
    /// The text with its placeholders filled; `None` when one of them has nothing to stand for.
    fn filled<'a>(&self, value: impl Fn(Field) -> Option<Cow<'a, str>>) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => filled.push_str(words),
                Piece::Field(field) => filled.push_str(&value(*field)?),
            }
        }
        Some(filled)
    }
}

/// What the policy says on one occasion in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) notice: Notice,
    pub(crate) language: Language,
    pub(crate) text: Text,
    /// What it says where the text has no room.
    pub(crate) short: Option<Text>,
}

/// All templates, and where their messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Messages {
    pub(crate) templates: Vec<Template>,
    /// What is tried first.
    pub(crate) channel: Channel,
    /// The same for [`Notice::Redirect`].
    pub(crate) redirect: Channel,
    /// The same for all notices on one platform.
    pub(crate) by_platform: Vec<(Platform, Channel)>,
}

impl Default for Messages {
    /// Nothing to say. A sanction concerns only its author; a redirect answers a question that others have as well.
    fn default() -> Self {
        Self { templates: Vec::new(), channel: Channel::Private, redirect: Channel::Public, by_platform: Vec::new() }
    }
}

impl Messages {
    /// Room that every message fits into: a post on X has no more.
    pub(crate) const SHORTEST_LIMIT: usize = 280;
    /// The longest reference for which that holds.
    pub(crate) const LONGEST_REFERENCE: usize = 24;
}

impl Policy {
    /// What to say to an author, in at most this many characters (Unicode scalar values): the template's full text, or
    /// its short one where that does not fit. Without a template in the language, the Italian one speaks.
    ///
    /// `None` when the policy has no template for the notice, when the facts lack what the template names, or when
    /// even the short text is too long: with references of at most 24 characters, a loaded policy's texts fit in 280.
    pub fn message(
        &self,
        notice: Notice,
        language: Language,
        facts: &MessageFacts<'_>,
        max_chars: usize,
    ) -> Option<String> {
        let of = |language| {
            self.messages.templates.iter().find(move |known| known.notice == notice && known.language == language)
        };
        let template = of(language).or_else(|| of(Language::Italian))?;
        let value = |field| {
            Some(match field {
                Field::ClauseNumber => Cow::Borrowed(facts.clause?.number.as_str()),
                Field::ClauseTitle => facts.clause?.title.as_str().into(),
                Field::Measure => facts.done.words(notice, template.language).into(),
                Field::Until => until(facts.until, &self.time_zone, template.language),
                Field::By => by(facts.until?, &self.time_zone, template.language).into(),
                Field::Service => facts.service?.name.as_str().into(),
                Field::ServiceUrl => facts.service?.url.as_str().into(),
                Field::Reference => facts.reference.into(),
                Field::PolicyUrl => self.url.as_str().into(),
                Field::Contact => self.organisation.email.as_str().into(),
                Field::Organisation => self.organisation.name.as_str().into(),
                Field::Office => self.organisation.office.as_str().into(),
            })
        };
        let texts = std::iter::once(&template.text).chain(&template.short);
        texts.filter_map(|text| text.filled(value)).find(|message| message.chars().count() <= max_chars)
    }

    /// Where to say it, what the policy prefers first. Which of them the platform offers for a contribution is for the
    /// caller to see.
    pub fn channels(&self, platform: Platform, notice: Notice) -> &[Channel] {
        let of_platform = self.messages.by_platform.iter().find(|(known, _)| *known == platform);
        match (notice, of_platform) {
            // One answers who wrote in private; the other, said in public, would point at what it is to protect.
            (Notice::Away | Notice::Protection, _) => &[Channel::Private],
            (_, Some((_, channel))) => channel.then_the_other(),
            (Notice::Redirect, None) => self.messages.redirect.then_the_other(),
            (_, None) => self.messages.channel.then_the_other(),
        }
    }
}

/// The end of a period with its preposition: "fino all'8 dicembre 2026, ore 09:00". Italian contracts the preposition
/// with the number, so a template cannot write it.
fn until(at: Option<Timestamp>, time_zone: &TimeZone, language: Language) -> Cow<'static, str> {
    let Some(at) = at else {
        return Cow::Borrowed(match language {
            Language::Italian => "fino a nuova comunicazione",
            Language::English => "until further notice",
        });
    };
    Cow::Owned(match language {
        Language::Italian => format!("fino {}", moment("al", "all'", at, time_zone)),
        Language::English => format!("until {}", english(at, time_zone)),
    })
}

/// A deadline with its preposition: "entro l'8 dicembre 2026, ore 09:00".
fn by(at: Timestamp, time_zone: &TimeZone, language: Language) -> String {
    match language {
        Language::Italian => format!("entro {}", moment("il", "l'", at, time_zone)),
        Language::English => format!("by {}", english(at, time_zone)),
    }
}

/// A moment in Italian, behind a word that is contracted with the numbers that begin with a vowel.
fn moment(word: &str, contracted: &str, at: Timestamp, time_zone: &TimeZone) -> String {
    let at = time_zone.to_datetime(at);
    let day = match at.day() {
        1 => format!("{word} 1°"),
        day @ (8 | 11) => format!("{contracted}{day}"),
        day => format!("{word} {day}"),
    };
    let month = Language::Italian.month(at.date());
    format!("{day} {month} {}, ore {}", at.year(), at.strftime("%H:%M"))
}

fn english(at: Timestamp, time_zone: &TimeZone) -> String {
    time_zone.to_datetime(at).strftime("%-d %B %Y at %H:%M").to_string()
}

/// The most characters that a field can need whose values are the same in every policy; `None` for the others.
pub(crate) fn longest_fixed(field: Field, notice: Notice, language: Language) -> Option<usize> {
    match field {
        Field::Measure => Measure::ALL.iter().map(|one| one.words(notice, language).chars().count()).max(),
        Field::Until => Some(until(Some(LONG_DATE), &TimeZone::UTC, language).chars().count()),
        Field::By => Some(by(LONG_DATE, &TimeZone::UTC, language).chars().count()),
        Field::Reference => Some(Messages::LONGEST_REFERENCE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::*;

    #[test]
    fn the_end_of_a_period_is_said_as_people_say_it() {
        let rome = TimeZoneDatabase::bundled().get("Europe/Rome").expect("the zone is bundled");
        let said = |at: &str| {
            let at = at.parse().ok();
            assert!(at.is_some());
            Language::ALL.map(|language| until(at, &rome, language).into_owned())
        };
        assert_eq!(
            said("2026-11-23T08:00:00Z"),
            ["fino al 23 novembre 2026, ore 09:00", "until 23 November 2026 at 09:00"]
        );
        assert_eq!(said("2026-07-31T22:05:00Z")[0], "fino al 1° agosto 2026, ore 00:05", "summer time");
        assert_eq!(said("2026-12-08T17:00:00Z")[0], "fino all'8 dicembre 2026, ore 18:00");
        assert_eq!(said("2027-01-11T17:00:00Z")[0], "fino all'11 gennaio 2027, ore 18:00");
        let deadline = "2026-12-08T08:00:00Z".parse().expect("a time");
        let said = Language::ALL.map(|language| by(deadline, &rome, language));
        assert_eq!(said, ["entro l'8 dicembre 2026, ore 09:00", "by 8 December 2026 at 09:00"]);
        assert_eq!(until(None, &rome, Language::Italian), "fino a nuova comunicazione");
    }

    #[test]
    fn no_date_is_longer_than_what_templates_leave_room_for() {
        for language in Language::ALL {
            let room = longest_fixed(Field::Until, Notice::Block, language).expect("it is fixed");
            let days = std::iter::successors(Some(jiff::civil::date(2026, 1, 1)), |day| day.tomorrow().ok()).take(730);
            for day in days {
                let at = day.at(23, 59, 0, 0).to_zoned(TimeZone::UTC).expect("UTC has every hour").timestamp();
                assert!(until(Some(at), &TimeZone::UTC, language).chars().count() <= room, "{day}");
            }
        }
    }
}
