//! The language in which an author is answered.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use whatlang::{Detector, Lang};

/// A text counts as English from this confidence on. Below it stand single words, names and Italian full of English
/// terms, which Italians write every day.
const CERTAIN: f64 = 0.3;

/// The months as dates write them, in Italian and in English.
const MONTHS: [(&str, &str); 12] = [
    ("gennaio", "January"),
    ("febbraio", "February"),
    ("marzo", "March"),
    ("aprile", "April"),
    ("maggio", "May"),
    ("giugno", "June"),
    ("luglio", "July"),
    ("agosto", "August"),
    ("settembre", "September"),
    ("ottobre", "October"),
    ("novembre", "November"),
    ("dicembre", "December"),
];

/// A language in which people are addressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// Italian, the language of the office.
    #[default]
    #[serde(rename = "it")]
    Italian,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::Italian, Language::English];

    /// The key used in files and tables, as ISO 639-1 has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::Italian => "it",
            Language::English => "en",
        }
    }

    /// The name of a date's month.
    pub fn month(self, date: Date) -> &'static str {
        let (italian, english) = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
        match self {
            Language::Italian => italian,
            Language::English => english,
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|language| language.as_str() == text).ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

/// A text names no language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown language {0:?}, expected it or en")]
pub struct UnknownLanguage(String);

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// In which language to answer a text: in English where it clearly is English, else in Italian. It costs some tenths
/// of a millisecond, so it is for texts that get an answer.
pub fn language_of(text: &str) -> Language {
    let found = Detector::with_allowlist(vec![Lang::Eng, Lang::Ita]).detect(text);
    match found {
        Some(info) if info.lang() == Lang::Eng && info.confidence() >= CERTAIN => Language::English,
        _ => Language::Italian,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITALIAN: [&str; 20] = [
        "Buongiorno, quando apre il bando per le imprese?",
        "Non si capisce niente del vostro sito",
        "Ho mandato la pratica tre settimane fa e nessuno risponde",
        "Complimenti per l'evento di ieri",
        "Ma quanto costa la visura?",
        "Che vergogna, siete sempre chiusi",
        "Bravi!",
        "Chi paga? Sempre noi",
        "A che ora comincia il webinar di domani?",
        "Il link al form non funziona, fate un check",
        "Siete dei ladri e basta",
        "Per il pitch delle startup serve la PEC?",
        "Ok grazie",
        "Ma va a ciapà i ratt",
        "Il nuovo hub per lo smart working è bellissimo",
        "Manca il parcheggio vicino alla sede di Monza",
        "Io non ho ricevuto nulla",
        "Si può fare tutto online?",
        "Top!",
        "Sono d'accordo con chi ha scritto prima",
    ];

    const ENGLISH: [&str; 20] = [
        "Hello, when does the call for applications open?",
        "How can I register a company in Milan?",
        "Your website never works, it is a disgrace",
        "I have been waiting for three weeks and nobody answers",
        "Great event yesterday, well done to the whole team",
        "Is this service free?",
        "The office is closed again",
        "Where can I find the form?",
        "Please contact me about my company registration",
        "This is a scam, do not pay",
        "You should be ashamed of the way you treat people",
        "What are the opening hours of the Monza office?",
        "We would like to take part in the programme",
        "Nobody from your office ever picks up the phone",
        "Can foreign companies apply for this grant?",
        "I think these fees are far too high for small firms",
        "Thank you for sharing this with us",
        "There was no answer to my last message",
        "They only help their friends, as usual",
        "My brother asked the same question last year",
    ];

    #[test]
    fn english_is_answered_in_english_and_italian_in_italian() {
        for text in ITALIAN {
            assert_eq!(language_of(text), Language::Italian, "{text}");
        }
        for text in ENGLISH {
            assert_eq!(language_of(text), Language::English, "{text}");
        }
    }

    #[test]
    fn what_is_short_or_neither_is_answered_in_italian() {
        for text in ["", "👏👏👏", "ok", "nice", "123", "https://example.com", "Спасибо большое", "@comune"]
        {
            assert_eq!(language_of(text), Language::Italian, "{text}");
        }
    }
}
