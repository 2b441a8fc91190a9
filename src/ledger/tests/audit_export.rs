//! Exports of real records, verified.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use ledger::audit::{Expected, Export, Exported, Flaw, Hash, Unusable, Verification, verify};
use ledger::{DecisionKind, Halt, HaltCause, Judged, Note, Recorded, Scope, StrikeChange, Task, TaskKind};
use policy::{ActionKind, Person, Platform, SanctionKind};
use serde_json::Value;

use crate::support::{
    Sample, World, at, by_hand, comment, decision, done, on_each_engine, on_the_embedded_engine, person, policy,
    serving, strike, task,
};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub async fn export(world: &World, from: &str, to: &str, now: &str) -> (Exported, Vec<u8>) {
    let policy = policy();
    let export = Export { from: date(from), to: date(to), by: &person("the court"), policy: &policy };
    let mut bytes = Vec::new();
    let exported = world.ledger.export(&export, &mut bytes, at(now)).await.unwrap();
    (exported, bytes)
}

pub fn verified(bytes: &[u8]) -> Verification {
    verify(bytes, &Expected::default()).unwrap()
}

pub fn flaws(bytes: &[u8]) -> Vec<Flaw> {
    verified(bytes).problems.into_iter().map(|problem| problem.flaw).collect()
}

/// Three days of records of every kind, the first two sealed; the third is today.
pub async fn three_days(world: &World) {
    world.ledger.activate(&policy(), at("2026-02-02T08:00:00Z")).await.unwrap();
    for (id, received_at, violates) in [
        ("1_1", "2026-02-02T09:00:00.5Z", false),
        ("1_2", "2026-02-02T09:00:00.51Z", true),
        ("1_3", "2026-02-03T09:00:00Z", true),
        ("1_4", "2026-02-03T09:00:00Z", false),
        ("1_5", "2026-02-04T09:00:00Z", false),
    ] {
        let sample = if violates { Sample::violating(comment(id)) } else { Sample::clean(comment(id)) };
        world.ledger.record(&sample.judged(at(received_at))).await.unwrap();
    }
    let work = world.claim_first(at("2026-02-03T09:00:02Z")).await.unwrap();
    world.ledger.settle(&work, &done(), at("2026-02-03T09:00:03Z")).await.unwrap();
    world.ledger.seal_until(at("2026-02-04T02:10:00Z")).await.unwrap();
}

#[tokio::test]
async fn an_export_has_everything_once_and_verifies() {
    on_each_engine(async |world| {
        three_days(&world).await;
        let (exported, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-04T10:00:00Z").await;
        // The activation, five verdicts, an effect, and the export itself.
        assert_eq!((exported.entries, exported.seals, exported.unsealed), (8, 2, 2));
        let found = verified(&bytes);
        assert!(found.is_valid(), "{:?}", found.problems);
        assert_eq!((found.entries, found.sealed, found.seals, found.late), (8, 6, 2, 0));
        let last = world.ledger.seal_of(date("2026-02-03")).await.unwrap().unwrap();
        assert_eq!(found.last_seal, Some((last.day, last.hash())));
        let text = String::from_utf8(bytes).unwrap();
        for hash in world.ledger.entries(date("2026-02-04")).await.unwrap().iter().map(|entry| &entry.hash) {
            assert_eq!(text.matches(hash.as_str()).count(), 1);
        }
    })
    .await;
}

/// A day on which everything happens that the log records, but an export.
async fn a_full_day(world: &World) {
    let (now, ledger) = (at("2026-02-03T09:00:01Z"), &world.ledger);
    ledger.activate(&policy(), at("2026-02-03T08:00:00Z")).await.unwrap();
    let mut undated = comment("1_1");
    undated.at = None;
    ledger.record(&Sample::clean(undated).judged(now)).await.unwrap();
    let sample = Sample::violating(comment("1_2"));
    ledger.record(&Judged { halted: Some("halt-1".to_owned()), ..sample.judged(now) }).await.unwrap();
    let id = sample.case_id(ledger);
    world.sanction(&id, SanctionKind::Warning, vec![serving(ActionKind::Reply)]).await;
    let hide = world.claim_first(now).await.unwrap();
    ledger.settle(&hide, &done(), now).await.unwrap();
    ledger.put_task(&Task { case: Some(id.clone()), ..task("t") }).await.unwrap();
    ledger.finish_task("t", &by_hand(true)).await.unwrap();
    world
        .amend(&id, |amendment| {
            amendment.decision = Some(decision(DecisionKind::Confirm));
            amendment.strike = StrikeChange::Add(strike());
        })
        .await;
    let scope = Scope::Rule(Platform::Facebook, sample.contribution.account.clone(), "telefono".to_owned());
    let reason = "La regola va provata".to_owned();
    let group = "halt-1".to_owned();
    let halt =
        Halt { scope, cause: HaltCause::Switch, since: now, by: Some(person("Anna")), reason, counted: None, group };
    let task = Task { kind: TaskKind::Halted, created_at: now, ..task("halt-1") };
    ledger.halt(&halt, &task, &policy(), now).await.unwrap();
    ledger.resume(&halt.scope, &person("Anna"), "La regola è provata", &policy(), now).await.unwrap();
    let (by, text, salt) = (person("Anna"), "CANARINO".to_owned(), "89ab".to_owned());
    let note = Note { at: now, by, text, salt };
    ledger.note_author(Platform::Facebook, &world.pseudonym(), &note, &policy()).await.unwrap();
    let contribution = &sample.contribution;
    ledger.remove(contribution.platform, &contribution.account, &contribution.id, now).await.unwrap();
}

/// What an exported entry records.
fn kind(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).unwrap();
    match line.get("entry")?.get("fact")? {
        Value::String(kind) => Some(kind.clone()),
        fact => fact.as_object()?.keys().next().cloned(),
    }
}

#[tokio::test]
async fn entries_of_every_kind_are_sealed_and_exported_wherever_their_home_is() {
    on_each_engine(async |world| {
        a_full_day(&world).await;
        let stored = world.scan(&world.tables.audit).await;
        let homes: Vec<_> = stored.iter().map(|item| item["sk"].as_s().unwrap().as_str()).collect();
        for home in ["halt#", "note#", "activation#"] {
            assert!(homes.iter().any(|sk| sk.starts_with(home)), "{home}: {homes:?}");
        }
        for home in ["#decision#1", "#done#t", "#sanction#1#", "#effect#a1", "#removal"] {
            assert!(homes.iter().any(|sk| sk.contains(home)), "{home}: {homes:?}");
        }
        let seal = world.ledger.seal(date("2026-02-03"), at("2026-02-04T02:10:00Z")).await.unwrap().unwrap();
        assert_eq!(seal.count, stored.len() as u64);

        let (_, bytes) = export(&world, "2026-02-03", "2026-02-04", "2026-02-04T10:00:00Z").await;
        let found = verified(&bytes);
        assert!(found.is_valid(), "{:?}", found.problems);
        assert_eq!((found.sealed, found.entries), (seal.count, seal.count + 1), "the export itself is not sealed yet");
        let text = String::from_utf8(bytes).unwrap();
        let kinds: BTreeSet<String> = text.lines().filter_map(kind).collect();
        let expected = ["activation", "decision", "effect", "export", "halt", "removal", "sanction", "verdict"];
        assert!(kinds.iter().eq(expected), "{kinds:?}");
        for item in &stored {
            assert_eq!(text.matches(item["hash"].as_s().unwrap()).count(), 1);
        }
        assert!(text.contains("La regola va provata"), "the reason of a halt stands in the log");
        for personal in ["CANARINO", "Il numero", "Fatto dalla pagina"] {
            assert!(!text.contains(personal), "{personal}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_part_of_the_period_verifies_too() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (exported, bytes) = export(&world, "2026-02-03", "2026-02-03", "2026-02-04T10:00:00Z").await;
        assert_eq!((exported.entries, exported.seals, exported.unsealed), (3, 1, 0));
        assert_eq!(flaws(&bytes), []);
    })
    .await;
}

#[tokio::test]
async fn what_came_late_stands_with_the_seal_that_binds_it() {
    on_each_engine(async |world| {
        three_days(&world).await;
        let late = Sample::clean(comment("1_6"));
        world.ledger.record(&late.judged(at("2026-02-02T11:00:00Z"))).await.unwrap();
        let (exported, bytes) = export(&world, "2026-02-02", "2026-02-03", "2026-02-04T10:00:00Z").await;
        assert_eq!(exported.unsealed, 1, "the next seal is not made yet");
        assert_eq!(flaws(&bytes), [Flaw::Unbound]);
        world.ledger.seal_until(at("2026-02-05T02:10:00Z")).await.unwrap();
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-05T10:00:00Z").await;
        let found = verified(&bytes);
        assert!(found.is_valid(), "{:?}", found.problems);
        assert_eq!((found.late, found.sealed, found.entries), (1, 9, 9));
        // It is exported once, and left out where the period does not reach its seal.
        let (exported, bytes) = export(&world, "2026-02-02", "2026-02-03", "2026-02-05T11:00:00Z").await;
        assert_eq!((exported.entries, flaws(&bytes)), (6, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn what_is_older_than_the_first_seal_is_exported_once_and_verification_says_that_nothing_binds_it() {
    on_each_engine(async |world| {
        three_days(&world).await;
        assert_eq!(world.ledger.older_than_seals().await, Ok(None));
        // The clock is set back; and again, to within the week before the next sealing, which still finds that.
        for (id, time) in [("1_7", "2026-01-05T09:00:00Z"), ("1_8", "2026-01-30T09:00:00Z")] {
            world.ledger.begins_by(at(time)).await.unwrap();
            world.ledger.record(&Sample::clean(comment(id)).judged(at(time))).await.unwrap();
        }
        world.ledger.seal_until(at("2026-02-05T02:10:00Z")).await.unwrap();
        let begun = world.ledger.older_than_seals().await.unwrap().unwrap();
        assert_eq!(begun, date("2026-01-05"));
        let (exported, bytes) = export(&world, &begun.to_string(), "2026-02-04", "2026-02-05T10:00:00Z").await;
        let found = verified(&bytes);
        assert!(found.is_valid(), "{:?}", found.problems);
        assert_eq!((found.older, found.late, found.entries), (1, 1, 9));
        assert_eq!(exported.unsealed, 1);
        let text = String::from_utf8(bytes).unwrap();
        for day in ["2026-01-05", "2026-01-30"] {
            for entry in world.ledger.entries(date(day)).await.unwrap() {
                assert_eq!(text.matches(&format!("\"hash\":\"{}\"", entry.hash)).count(), 1, "{day}");
            }
        }
        // Without the first days nothing is missing from what the seals bind.
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-05T11:00:00Z").await;
        let found = verified(&bytes);
        assert!(found.is_valid(), "{:?}", found.problems);
        assert_eq!((found.older, found.late), (0, 1));
    })
    .await;
}

/// Changes items in the table itself, as who has the rights to could.
pub async fn tamper(world: &World, sk: &str, change: impl Fn(&mut std::collections::HashMap<String, AttributeValue>)) {
    let items = world.scan(&world.tables.audit).await;
    let mut item = items.into_iter().find(|item| item["sk"].as_s().unwrap() == sk).unwrap();
    change(&mut item);
    world.client.put_item().table_name(&world.tables.audit).set_item(Some(item)).send().await.unwrap();
}

#[tokio::test]
async fn whatever_is_done_to_the_table_after_the_seal_is_named() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let contribution = comment("1_4");
        let entry = world.ledger.entry(&contribution).await.unwrap().unwrap();
        let case = entry.case.clone().unwrap().to_string();
        let sk = case.replace('-', "#");

        // Changed.
        tamper(&world, &sk, |item| drop(item.insert("automatic".to_owned(), AttributeValue::Bool(false)))).await;
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-03", "2026-02-04T10:00:00Z").await;
        let found = verified(&bytes);
        assert_eq!((&found.problems[0].flaw, found.problem_count), (&Flaw::Changed, 1));
        assert_eq!(found.problems[0].entry.as_ref(), Some(&case));
        assert_eq!(found.problems[0].day, Some(date("2026-02-03")));

        // Replaced by another with a hash of its own: one is missing, one is added.
        let other = Hash::of("another").to_string();
        tamper(&world, &sk, |item| drop(item.insert("hash".to_owned(), AttributeValue::S(other.clone())))).await;
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-03", "2026-02-04T10:00:00Z").await;
        let found = verified(&bytes);
        let problems: Vec<_> =
            found.problems.iter().map(|problem| (problem.flaw.clone(), problem.entry.clone())).collect();
        let gone = (Flaw::Gone, Some(entry.hash.clone()));
        assert_eq!(problems[0], gone);
        assert!(problems.contains(&(Flaw::Unbound, Some(case.clone()))), "{problems:?}");

        // Deleted.
        let key = |item: &std::collections::HashMap<String, AttributeValue>| item["sk"].as_s().unwrap() == &sk;
        let item = world.scan(&world.tables.audit).await.into_iter().find(key).unwrap();
        let delete = world.client.delete_item().table_name(&world.tables.audit);
        delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-03", "2026-02-04T10:00:00Z").await;
        assert_eq!(flaws(&bytes), [Flaw::Gone]);
    })
    .await;
}

#[tokio::test]
async fn a_seal_published_elsewhere_tells_a_log_that_was_made_anew() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-04T10:00:00Z").await;
        let seal = world.ledger.seal_of(date("2026-02-03")).await.unwrap().unwrap();
        let with = |published| Expected { published, ..Expected::default() };
        let found = verify(&*bytes, &with(vec![(None, seal.hash())])).unwrap();
        assert_eq!((found.is_valid(), found.published_until), (true, Some(seal.day)));
        for day in [None, Some(seal.day), Some(date("2026-01-01"))] {
            let found = verify(&*bytes, &with(vec![(day, Hash::of("another"))])).unwrap();
            assert_eq!(found.problem_count, 1);
            assert_eq!(found.problems[0].flaw, Flaw::NotThePublished { day });
        }
    })
    .await;
}

#[tokio::test]
async fn another_institutions_export_is_told() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-04T10:00:00Z").await;
        let expected = Expected { organisation: Some("riviere-di-liguria".to_owned()), ..Expected::default() };
        let found = verify(&*bytes, &expected).unwrap();
        assert_eq!(
            found.problems[0].to_string(),
            "line 1: this is the audit log of milano-monza-brianza-lodi, expected riviere-di-liguria"
        );
        // Days of one in the export of the other.
        let text = String::from_utf8(bytes).unwrap();
        let spliced = text.replacen(r#""organisation":"milano-monza-brianza-lodi""#, r#""organisation":"ente""#, 1);
        let flaws: BTreeSet<String> = flaws(spliced.as_bytes()).iter().map(ToString::to_string).collect();
        assert!(flaws.contains(&Flaw::SealOfOther.to_string()), "{flaws:?}");
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_and_what_is_no_export_are_refused() {
    let header = br#"{"header":{"version":3,"anything":"else"}}"#;
    let error = verify(&[&header[..], b"\n"].concat()[..], &Expected::default()).unwrap_err();
    assert!(matches!(error, Unusable::Newer { line: 1, found: 3 }), "{error}");
    assert!(error.to_string().contains("use a newer one"), "{error}");
    for wrong in ["", "\n", "{}\n", "pk,sk\n1,2\n", r#"{"header":{"version":2}}"#, "{\"header\":{\"version\":1}}\n"] {
        let error = verify(wrong.as_bytes(), &Expected::default()).unwrap_err();
        assert!(matches!(error, Unusable::NotAnExport), "{wrong:?}: {error}");
    }
    let endless = vec![b'x'; 5 << 20];
    let error = verify(&endless[..], &Expected::default()).unwrap_err();
    assert!(matches!(error, Unusable::LineTooLong { line: 1 }), "{error}");
}

#[tokio::test]
async fn forgetting_the_casebook_and_another_pseudonym_key_leave_an_export_as_it_was() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (_, before) = export(&world, "2026-02-02", "2026-02-03", "2026-02-04T10:00:00Z").await;
        for item in world.scan(&world.tables.casebook).await {
            let delete = world.client.delete_item().table_name(&world.tables.casebook);
            delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
        }
        let key = ledger::PseudonymKey::new(b"another key after a rotation").unwrap();
        let rotated = ledger::Ledger::new(world.client.clone(), world.tables.clone(), &policy().id, key);
        let policy = policy();
        let request =
            Export { from: date("2026-02-02"), to: date("2026-02-03"), by: &person("the court"), policy: &policy };
        let mut after = Vec::new();
        rotated.export(&request, &mut after, at("2026-02-04T10:00:00Z")).await.unwrap();
        assert!(verified(&after).is_valid());
        assert_eq!(after, before);
    })
    .await;
}

#[tokio::test]
async fn actions_and_texts_of_people_are_not_in_an_export() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-04", "2026-02-04T10:00:00Z").await;
        let text = String::from_utf8(bytes).unwrap();
        for personal in ["Nome", "9988776655", "333 1234567", "ladri", "1_2", "comment_id"] {
            assert!(!text.contains(personal), "{personal}");
        }
        assert!(text.contains(ActionKind::Hide.as_str()), "the effect is in it");
    })
    .await;
}

#[tokio::test]
async fn a_refused_try_is_on_record_once_an_hour_and_an_export_with_it_verifies() {
    on_each_engine(async |world| {
        let (policy, anna) = (policy(), Person::signed_in("Anna", "anna-1").unwrap());
        world.ledger.activate(&policy, at("2026-02-02T08:00:00Z")).await.unwrap();
        let mut recorded = Vec::new();
        for (what, now) in [
            ("GET /console/log", "2026-02-02T09:00:00Z"),
            ("GET /console/log", "2026-02-02T09:59:59Z"),
            ("POST /console/sessions/end", "2026-02-02T09:59:59Z"),
            ("GET /console/log", "2026-02-02T10:00:00Z"),
        ] {
            recorded.push(world.ledger.refuse(&anna, what, "protezione-dati", &policy, at(now)).await.unwrap());
        }
        assert_eq!(recorded, [Recorded::New, Recorded::Duplicate, Recorded::New, Recorded::New]);
        world.ledger.seal_until(at("2026-02-03T02:10:00Z")).await.unwrap();
        let (_, bytes) = export(&world, "2026-02-02", "2026-02-02", "2026-02-03T10:00:00Z").await;
        let text = String::from_utf8(bytes.clone()).unwrap();
        let fact = r#""fact":{"refusal":{"by":"Anna [anna-1]","needs":"protezione-dati","what":"GET /console/log"}}"#;
        assert_eq!(text.matches(fact).count(), 2, "{text}");
        assert!(verified(&bytes).is_valid());
    })
    .await;
}
