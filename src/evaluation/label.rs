//! What people said of a line, in the shapes in which sets of labelled texts say it.

use policy::{Category, Kind, Outcome, Platform};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::text::LossyText;

/// What `post` says of a private message.
const PRIVATE: &str = "DM";

/// The kinds of personal data that a policy may look for, as the tests of recognisers name them. Lines about others, such
/// as an IP address, say nothing about a policy.
const ENTITIES: &[&str] = &[
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "IBAN_CODE",
    "CREDIT_CARD",
    "IT_FISCAL_CODE",
    "IT_VAT_CODE",
    "IT_IDENTITY_CARD",
    "IT_PASSPORT",
    "IT_DRIVER_LICENSE",
];

const VERDICTS: &str = "allow, redirect, review, hide";

/// A text with what people said of it. Fields that no label needs may stand beside.
#[derive(Deserialize)]
pub struct Line {
    #[serde(default)]
    pub(crate) id: Value,
    pub(crate) text: LossyText,
    #[serde(default)]
    pub(crate) categories: Vec<Category>,
    pub(crate) platform: Option<Platform>,
    kind: Option<Kind>,
    post: Option<LossyText>,
    /// Our own shape: the right verdict, or each that is right.
    expected: Option<OneOrMore>,
    /// Sets of traps and of disguises.
    expect: Option<Expect>,
    /// Sets of hate speech: 1 or 0.
    hateful: Option<Flag>,
    /// Sets of words that insult by their context: 1 or 0.
    pejorative: Option<Flag>,
    /// Tests of recognisers of personal data: the kind, and whether the text holds one.
    entity: Option<String>,
    valid: Option<bool>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// One verdict, or a list of them.
#[derive(Deserialize)]
#[serde(try_from = "Value")]
struct OneOrMore(Vec<Outcome>);

impl TryFrom<Value> for OneOrMore {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let verdict = |value: &Value| match value {
            Value::String(text) => {
                text.parse().map_err(|_| format!("unknown verdict `{text}`, expected one of {VERDICTS}"))
            }
            other => Err(format!("found {other}, expected one of {VERDICTS}")),
        };
        match &value {
            Value::Array(several) => several.iter().map(verdict).collect::<Result<_, _>>().map(Self),
            one => verdict(one).map(|one| Self(vec![one])),
        }
    }
}

#[derive(Deserialize)]
enum Expect {
    #[serde(rename = "clean")]
    Clean,
    #[serde(rename = "vulgar", alias = "vulgar/threat")]
    Vulgar,
}

#[derive(Deserialize)]
#[serde(try_from = "u8")]
struct Flag(bool);

impl TryFrom<u8> for Flag {
    type Error = String;

    fn try_from(flag: u8) -> Result<Self, String> {
        match flag {
            0 => Ok(Self(false)),
            1 => Ok(Self(true)),
            other => Err(format!("found {other}, expected 0 or 1")),
        }
    }
}

/// The right verdicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The one that the line counts for.
    pub(crate) first: Outcome,
    /// Others that are as right.
    pub(crate) others: Vec<Outcome>,
    /// Of what alone it speaks, where that is not everything.
    pub(crate) about: Option<Category>,
}

impl Expected {
    /// One verdict, and no other is as right.
    pub(crate) fn one(first: Outcome) -> Self {
        Self { first, others: Vec::new(), about: None }
    }

    /// What is to be noticed, whether it is hidden or a person is called.
    fn noticed(is_violation: bool) -> Self {
        let violation = Self { others: vec![Outcome::Review], ..Self::one(Outcome::Hide) };
        if is_violation { violation } else { Self::one(Outcome::Allow) }
    }
}

/// What a line's label comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Labelled {
    As(Expected),
    /// It is about something that no policy looks for.
    Beside,
    /// It has no label.
    Not,
}

impl Line {
    /// Where it stands.
    pub(crate) fn kind(&self) -> Kind {
        let is_private = self.post.as_ref().is_some_and(|post| post.0 == PRIVATE);
        self.kind.unwrap_or(if is_private { Kind::Message } else { Kind::Comment })
    }

    /// Its label, by the first of the fields that has one.
    pub(crate) fn label(&self) -> Labelled {
        let expected = match (&self.expected, &self.expect, self.hateful.as_ref().or(self.pejorative.as_ref())) {
            (Some(OneOrMore(right)), ..) => {
                right.split_first().map(|(first, others)| Expected { others: others.to_vec(), ..Expected::one(*first) })
            }
            (None, Some(expect), _) => Some(Expected::noticed(matches!(expect, Expect::Vulgar))),
            (None, None, Some(Flag(is_violation))) => Some(Expected::noticed(*is_violation)),
            (None, None, None) => match (&self.entity, self.valid) {
                (Some(entity), Some(_)) if !ENTITIES.contains(&entity.as_str()) => return Labelled::Beside,
                (Some(_), Some(is_there)) => {
                    Some(Expected { about: Some(Category::PersonalData), ..Expected::noticed(is_there) })
                }
                _ => None,
            },
        };
        expected.map_or(Labelled::Not, Labelled::As)
    }

    /// What a field says, as a heading.
    pub(crate) fn field(&self, name: &str) -> String {
        match (name, self.other.get(name)) {
            ("entity", _) => self.entity.clone().unwrap_or_else(|| "none".to_owned()),
            (_, None | Some(Value::Null)) => "none".to_owned(),
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(other)) => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn label(fields: Value) -> Labelled {
        let mut line = json!({ "id": 1, "text": "una riga" });
        line.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value::<Line>(line).unwrap().label()
    }

    #[test]
    fn every_shape_of_label_is_read() {
        use Outcome::{Allow, Hide, Review};
        let of = |first, others: &[Outcome], about| Labelled::As(Expected { first, others: others.to_vec(), about });
        let personal = Some(Category::PersonalData);
        for (fields, expected) in [
            (json!({ "expected": "review" }), of(Review, &[], None)),
            (json!({ "expected": ["allow", "review"], "seen": "hide" }), of(Allow, &[Review], None)),
            (json!({ "expect": "clean", "cat": "toponimo" }), of(Allow, &[], None)),
            (json!({ "expect": "vulgar", "trick": "stars" }), of(Hide, &[Review], None)),
            (json!({ "expect": "vulgar/threat" }), of(Hide, &[Review], None)),
            (json!({ "hateful": 1, "func": "slur" }), of(Hide, &[Review], None)),
            (json!({ "hateful": 0 }), of(Allow, &[], None)),
            (json!({ "pejorative": 1, "misogyny": 0 }), of(Hide, &[Review], None)),
            (json!({ "pejorative": 0 }), of(Allow, &[], None)),
            (json!({ "entity": "IBAN_CODE", "valid": true }), of(Hide, &[Review], personal)),
            (json!({ "entity": "IBAN_CODE", "valid": false }), of(Allow, &[], personal)),
            (json!({ "entity": "IP_ADDRESS", "valid": true }), Labelled::Beside),
            (json!({ "expected": [] }), Labelled::Not),
            (json!({ "entity": "IBAN_CODE" }), Labelled::Not),
            (json!({}), Labelled::Not),
        ] {
            assert_eq!(label(fields.clone()), expected, "{fields}");
        }
    }
}
