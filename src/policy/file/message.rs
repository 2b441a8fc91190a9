//! `[messages]` and `[[message]]`: what is said to authors, and where.

use super::fields::{Place, Placed, Reading, Section, quoted};
use super::register::Register;
use crate::said::message::{Field, Messages, Piece, Template, Text, longest_fixed};
use crate::{Channel, Clause, Language, Notice, Organisation, Platform, Service};

/// Whose words stand in the messages of a policy, as far as they could be read.
pub(super) struct Speaker<'a> {
    pub(super) url: Option<&'a str>,
    pub(super) organisation: Option<&'a Organisation>,
    pub(super) clauses: &'a [Clause],
    pub(super) services: &'a [Service],
}

impl Speaker<'_> {
    /// The most characters that a field can need.
    fn longest(&self, field: Field, notice: Notice, language: Language) -> usize {
        let longest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text.chars().count()).max();
        let organisation = self.organisation;
        let length = match field {
            Field::ClauseNumber => longest(&mut self.clauses.iter().map(|clause| &clause.number)),
            Field::ClauseTitle => longest(&mut self.clauses.iter().map(|clause| &clause.title)),
            Field::Service => longest(&mut self.services.iter().map(|service| &service.name)),
            Field::ServiceUrl => longest(&mut self.services.iter().map(|service| &service.url)),
            Field::PolicyUrl => self.url.map(|url| url.chars().count()),
            Field::Contact => longest(&mut organisation.iter().map(|known| &known.email)),
            Field::Organisation => longest(&mut organisation.iter().map(|known| &known.name)),
            Field::Office => longest(&mut organisation.iter().map(|known| &known.office)),
            Field::Measure | Field::Until | Field::By | Field::Reference => longest_fixed(field, notice, language),
        };
        length.unwrap_or_default()
    }
}

pub(super) fn messages(reading: &Reading<'_>, top: &mut Section<'_>, speaker: &Speaker<'_>) -> Messages {
    let mut messages = Messages::default();
    if let Some(mut section) = top.optional_section("messages") {
        let choices = [Channel::Private, Channel::Public].map(|channel| (channel.as_str(), channel));
        if let Some(channel) = section.optional_choice("channel", &choices) {
            messages.channel = channel.value;
        }
        if let Some(channel) = section.optional_choice("redirect", &choices) {
            messages.redirect = channel.value;
        }
        if let Some(mut channels) = section.optional_section("channels") {
            for &platform in Platform::ALL {
                let channel = channels.optional_choice(platform.as_str(), &choices);
                messages.by_platform.extend(channel.map(|channel| (platform, channel.value)));
            }
            channels.finish();
        }
        section.finish();
    }
    messages.templates = templates(reading, top, speaker);
    messages
}

fn templates(reading: &Reading<'_>, top: &mut Section<'_>, speaker: &Speaker<'_>) -> Vec<Template> {
    let mut spoken: Vec<(Notice, Language, Place)> = Vec::new();
    let templates = Register::read(top.sections("message"), |section, names| {
        let notice = section.choice("notice", &Notice::ALL.map(|notice| (notice.as_str(), notice)));
        let language = section.choice("language", &Language::ALL.map(|language| (language.as_str(), language)));
        let text = section.text("text");
        let short = section.optional_text("short");
        let (Placed { value: notice, place }, language, written) = (notice?, language?, text?);
        let name = Placed { value: notice.as_str().to_owned(), place };
        names.declare_as(reading, &name, format!("{} {}", name.value, language.value));
        spoken.push((notice, language.value, language.place));
        let language = language.value;
        let text = template_text(reading, &written, notice);
        let short = short.map(|written| (template_text(reading, &written, notice), written));
        let (shortest, written) = short.as_ref().map_or((&text, &written), |(text, written)| (text, written));
        // A receipt is an e-mail, where there is room for it.
        if let Some(shortest) = shortest
            && notice != Notice::Receipt
        {
            check_length(reading, written, shortest, |field| speaker.longest(field, notice, language));
        }
        Some(Template { notice, language, text: text?, short: short.and_then(|(text, _)| text) })
    });
    for (notice, language, place) in &spoken {
        if !spoken.iter().any(|(other, known, _)| other == notice && *known == Language::Italian) {
            let found = format!("a message in {} alone", quoted(language.as_str()));
            reading.note(place, found, "one in \"it\" as well, for all other authors");
        }
    }
    templates.items
}

/// A template of words and `{placeholders}`, with all that is wrong with it noted.
fn template_text(reading: &Reading<'_>, written: &Placed<String>, notice: Notice) -> Option<Text> {
    let fields = fields(notice);
    let mut pieces = Vec::new();
    let mut rest = written.value.as_str();
    while let Some(open) = rest.find(['{', '}']) {
        let close = rest[open..].starts_with('{').then(|| rest[open..].find('}')).flatten();
        let Some(close) = close.map(|length| open + length) else {
            reading.note(&written.place, quoted(&rest[open..]), "a closing brace for each opening one");
            return None;
        };
        let name = &rest[open + 1..close];
        let Some(field) = fields.iter().map(|(field, _)| *field).find(|field| field.as_str() == name) else {
            let expected = listed(fields.iter().map(|(field, _)| *field));
            reading.note(&written.place, quoted(&rest[open..=close]), format_args!("one of {expected}"));
            return None;
        };
        if open > 0 {
            pieces.push(Piece::Words(rest[..open].to_owned()));
        }
        pieces.push(Piece::Field(field));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    let is_missing = |field: &Field| !pieces.contains(&Piece::Field(*field));
    let missing =
        listed(fields.iter().filter(|(_, is_required)| *is_required).map(|(field, _)| *field).filter(is_missing));
    if !missing.is_empty() {
        reading.note(&written.place, quoted(&written.value), format_args!("a text with {missing}"));
    }
    // A person decided on what an apology is for.
    if notice != Notice::Apology && !written.value.to_lowercase().contains("automatic") {
        let expected = "words that say that it is automatic";
        reading.note(&written.place, quoted(&written.value), expected);
    }
    Some(Text(pieces))
}

/// What a message on an occasion can name, and whether it must.
fn fields(notice: Notice) -> Vec<(Field, bool)> {
    let own: &[(Field, bool)] = match notice {
        Notice::Warning | Notice::LastWarning | Notice::Ban | Notice::Protection => &[
            (Field::ClauseNumber, true),
            (Field::ClauseTitle, true),
            (Field::Measure, true),
            (Field::Contact, true),
            (Field::PolicyUrl, true),
        ],
        Notice::Block => &[
            (Field::ClauseNumber, true),
            (Field::ClauseTitle, true),
            (Field::Measure, true),
            (Field::Until, true),
            (Field::Contact, true),
            (Field::PolicyUrl, true),
        ],
        Notice::Redirect => {
            &[(Field::Service, true), (Field::ServiceUrl, true), (Field::Contact, false), (Field::PolicyUrl, false)]
        }
        Notice::Away => &[(Field::Until, true), (Field::Contact, false), (Field::PolicyUrl, false)],
        Notice::Apology => &[
            (Field::ClauseNumber, false),
            (Field::ClauseTitle, false),
            (Field::Measure, true),
            (Field::Contact, false),
            (Field::PolicyUrl, false),
        ],
        Notice::Receipt => &[(Field::By, true), (Field::Contact, false), (Field::PolicyUrl, false)],
    };
    // Without the reference two messages could be equal, which platforms refuse (docs/platforms.md, section 5.4).
    let shared = [(Field::Reference, true), (Field::Organisation, false), (Field::Office, false)];
    own.iter().copied().chain(shared).collect()
}

fn listed(fields: impl Iterator<Item = Field>) -> String {
    fields.map(|field| format!("{{{}}}", field.as_str())).collect::<Vec<_>>().join(", ")
}

fn check_length(reading: &Reading<'_>, written: &Placed<String>, text: &Text, longest: impl Fn(Field) -> usize) {
    let lengths = text.0.iter().map(|piece| match piece {
        Piece::Words(words) => words.chars().count(),
        Piece::Field(field) => longest(*field),
    });
    let length: usize = lengths.sum();
    if length > Messages::SHORTEST_LIMIT {
        reading.note(
            &written.place,
            format!("a text of up to {length} characters"),
            format_args!(
                "at most {} with the longest names and addresses of the policy, or a field short",
                Messages::SHORTEST_LIMIT
            ),
        );
    }
}
