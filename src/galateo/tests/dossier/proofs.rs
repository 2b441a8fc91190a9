//! The proofs in a dossier, verified by a program that shares no code with it.

use ledger::audit::{Hash, Inclusion, Seal};
use serde_json::{Value, json};

use super::{Desk, LATER, err, list, out};

#[test]
fn an_independent_program_verifies_the_proofs_and_finds_every_damage() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let dossier = desk.dossier_json(&id);
    let entries = list(&dossier["audit"]["entries"]);
    let sealed = entries.iter().filter(|line| line["sealed"].is_object()).count();
    assert_eq!(sealed, entries.len() - 1, "all but that this dossier was given out, which the next night seals");

    let seal = dossier["audit"]["seals"][0]["hash"].as_str().unwrap();
    let verified = desk.verify(&dossier, &["--organisation", "milano-monza-brianza-lodi", "--seal", seal]);
    assert_eq!(verified.status.code(), Some(0), "{}{}", out(&verified), err(&verified));
    let proved = format!("{sealed} of {} entries are proved by 1 seals", entries.len());
    assert!(out(&verified).contains(&proved), "{}", out(&verified));
    assert_eq!(desk.verify(&dossier, &["--organisation", "altro"]).status.code(), Some(1));
    assert_eq!(desk.verify(&dossier, &["--seal", &"0".repeat(64)]).status.code(), Some(1));

    let replace = |pointer: &str, with: &dyn Fn(&Value) -> Value| {
        let mut damaged = dossier.clone();
        let place = damaged.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"));
        *place = with(place);
        damaged
    };
    let flip = |value: &Value| {
        let text = value.as_str().unwrap();
        let last = if text.ends_with('0') { "1" } else { "0" };
        Value::from(format!("{}{last}", &text[..text.len() - 1]))
    };
    let add_one = |value: &Value| Value::from(value.as_u64().unwrap() + 1);
    let path = list(&entries[0]["sealed"]["path"]).len();
    let mut damages = vec![
        replace("/audit/entries/0/entry", &|text| text.as_str().unwrap().replace("hide", "allow").into()),
        replace("/audit/entries/0/hash", &flip),
        replace("/audit/entries/0/sealed/index", &add_one),
        replace("/audit/seals/0/hash", &flip),
        replace("/audit/seals/0/seal", &|text| text.as_str().unwrap().replace(r#""late":0"#, r#""late":1"#).into()),
        replace("/audit/seals", &|_| json!([])),
        replace("/audit/entries/1", &|_| entries[0].clone()),
        replace("/case/id", &flip),
        replace(&format!("/audit/entries/{sealed}/unsealed"), &|_| "missing".into()),
    ];
    damages.extend((0..path).map(|at| replace(&format!("/audit/entries/0/sealed/path/{at}"), &flip)));
    damages.push(replace("/audit/entries/0/sealed/path", &|path| list(path)[1..].into()));
    for (number, damaged) in damages.iter().enumerate() {
        assert_ne!(damaged, &dossier, "damage {number}");
        let verified = desk.verify(damaged, &[]);
        assert_eq!(verified.status.code(), Some(1), "damage {number}: {}{}", out(&verified), err(&verified));
    }
    assert_eq!(desk.verify(&json!({ "format": "galateo-dossier", "version": 2 }), &[]).status.code(), Some(2));
}

#[test]
fn a_published_seal_does_not_vouch_for_an_entry_under_another_seal() {
    let desk = Desk::after_the_demo();
    let mut dossier = desk.dossier_json(&desk.case("instagram", "R4"));
    let seal = dossier["audit"]["seals"][0]["hash"].as_str().unwrap().to_owned();
    let published = ["--seal", &seal];
    assert_eq!(desk.verify(&dossier, &published).status.code(), Some(0));

    // An entry with an invented seal of its own: they fit together.
    let entry = json!({ "case": dossier["case"]["id"], "fact": "removal" }).to_string();
    let (hash, day) = (Hash::of(&entry), "2026-11-03".parse().unwrap());
    let invented = Seal::new("milano-monza-brianza-lodi", day, &[hash], 0, LATER.parse().unwrap(), None);
    let audit = &mut dossier["audit"];
    let sealed = Inclusion::new(day, &[hash], 0);
    audit["entries"].as_array_mut().unwrap().push(json!({ "entry": entry, "hash": hash, "sealed": sealed }));
    let invented_hash = invented.hash().to_string();
    audit["seals"].as_array_mut().unwrap().push(json!({ "seal": invented.to_json(), "hash": invented_hash }));
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0));
    let verified = desk.verify(&dossier, &published);
    assert_eq!(verified.status.code(), Some(1), "{}", out(&verified));
    assert!(out(&verified).contains("its seal is none of the published ones"), "{}", out(&verified));
    assert_eq!(desk.verify(&dossier, &["--seal", &seal, "--seal", &invented_hash]).status.code(), Some(0));
}
