//! Training gives the same weights for the same lines, and lines that are none are refused.

use reader::training::{Settings, Voice, train};
use reader::{Class, Reader};
use text::Folded;

/// Of the weights of the lines below. It changes with training, and never with the machine.
const SHA256: &str = "d698d71930ad95ccdb6468b0584363ec92923580ae5461210a03823af819b7c8";

const ONE: &str = r#"{"id": "a-1", "post": "Orari", "text": "a che ora apre lo sportello domani?", "expected": "allow", "categories": []}
{"id": "a-2", "post": "Orari", "text": "siete degli idioti patentati", "expected": "hide", "categories": ["language"]}
{"id": "a-3", "post": "DM", "text": "la mia pratica 123 è ferma da un mese", "expected": "redirect", "categories": ["personal_case"]}
{"id": "a-4", "post": "Orari", "text": "guadagna subito, scrivimi in privato", "expected": "hide", "categories": ["spam"]}"#;

const OTHER: &str = r#"{"id": "b-1", "post": "Sedi", "text": "lo sportello di Lecco domani apre?", "expected": "allow", "categories": []}
{"id": "b-2", "post": "Sedi", "text": "idioti e pure ladri", "expected": "hide", "categories": ["language", "offensive"]}
{"id": "b-3", "post": "Sedi", "text": "che fine ha fatto la mia pratica di marzo?", "expected": "redirect", "categories": []}
{"id": "b-4", "post": "Sedi", "text": "mah, forse idioti no ma quasi", "expected": "review", "categories": ["language"], "urgent": false}"#;

fn voices() -> [Voice; 2] {
    [Voice::parse("a", ONE).unwrap(), Voice::parse("b", OTHER).unwrap()]
}

fn settings() -> Settings {
    Settings { fewest_lines: 2, ..Settings::default() }
}

#[test]
fn the_same_lines_give_the_same_weights_on_every_machine() {
    let bytes = train(&voices(), &settings());
    assert_eq!(bytes, train(&voices(), &settings()));
    assert_eq!(Reader::from_bytes(&bytes).unwrap().sha256(), SHA256);
}

#[test]
fn a_reader_of_eight_lines_has_learned_them() {
    let reader = Reader::from_bytes(&train(&voices(), &settings())).unwrap();
    for (text, class) in [
        ("lo sportello apre domani", Class::Lawful),
        ("idioti", Class::Language),
        ("la mia pratica", Class::PersonalCase),
    ] {
        let reading = reader.read(&Folded::new(text));
        let best = Class::ALL.into_iter().max_by_key(|class| reading.of(*class));
        assert_eq!(best, Some(class), "{text}: {reading:?}");
    }
}

#[test]
fn what_one_voice_alone_wrote_does_not_count() {
    let reader = Reader::from_bytes(&train(&voices(), &settings())).unwrap();
    assert_eq!(reader.read(&Folded::new("patentati")).known(), 0);
    assert_eq!(reader.read(&Folded::new("idioti")).known(), 1_000);
    let lonely = train(&voices()[..1], &settings());
    assert_eq!(Reader::from_bytes(&lonely).unwrap().features(), 0);
}

#[test]
fn a_line_that_is_none_is_named() {
    for (text, error) in [
        ("{\"id\": 1}", "prova, line 1: invalid type: integer `1`, expected a string at line 1 column 8"),
        (
            "\n{\"id\": \"x\", \"text\": \"y\", \"expected\": \"hide\", \"categories\": [\"rude\"]}",
            "prova, line 2: unknown category \"rude\"",
        ),
    ] {
        assert_eq!(Voice::parse("prova", text).unwrap_err().to_string(), error);
    }
}
