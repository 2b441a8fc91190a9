//! The entries of one case, each proved by the seal that binds it.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use ledger::audit::{Binding, Hash, Inclusion, Proof, Seal, Unsealed};
use ledger::{Case, Recorded};

use crate::audit_export::{tamper, three_days};
use crate::support::{Sample, World, at, comment, on_each_engine, on_the_embedded_engine, person};

async fn proof(world: &World, case: &Case, now: &str) -> Proof {
    world.ledger.proof(case, at(now)).await.unwrap()
}

/// The days of the seals that prove the entries, in the order of the entries.
#[track_caller]
fn proved_by(proof: &Proof) -> Vec<Option<String>> {
    let of = |inclusion: &Inclusion| proof.seals.iter().find(|seal| seal.day == inclusion.day).unwrap();
    for entry in &proof.entries {
        assert!(entry.is_intact());
        assert!(entry.sealed().is_none_or(|inclusion| inclusion.proves(&entry.hash, of(inclusion))));
    }
    proof.entries.iter().map(|entry| entry.sealed().map(|inclusion| inclusion.day.to_string())).collect()
}

fn day(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn every_entry_of_a_case_is_proved_and_what_no_seal_binds_yet_says_so() {
    on_each_engine(async |world| {
        three_days(&world).await;
        let samples = [comment("1_2"), comment("1_3")].map(Sample::violating);
        let mut effects = 0;
        for sample in &samples {
            let case = world.case_of(sample).await;
            world.ledger.disclose_case(&case, &person("il tribunale"), at("2026-02-04T10:00:00Z")).await.unwrap();
            let now = proof(&world, &case, "2026-02-04T10:00:01Z").await;
            effects += now.entries.iter().filter(|entry| entry.entry.contains(r#""effect""#)).count();
            let (last, before) = (now.entries.last().unwrap(), proved_by(&now));
            assert!(last.entry.contains(r#""disclosure":{"by":"il tribunale"}"#), "{}", last.entry);
            assert_eq!((before.last().unwrap(), &last.binding), (&None, &Binding::Unsealed(Unsealed::Pending)));
            assert!(before[..before.len() - 1].iter().all(Option::is_some), "{before:?}");
            let seals: Vec<&Seal> = now.seals.iter().collect();
            assert!(seals.is_sorted_by(|one, next| one.day < next.day), "each once");
        }
        assert_eq!(effects, 1, "of the action that was carried out");
        world.ledger.seal_until(at("2026-02-05T02:10:00Z")).await.unwrap();
        let case = world.case_of(&samples[0]).await;
        let after = proof(&world, &case, "2026-02-05T10:00:00Z").await;
        assert_eq!(proved_by(&after).last().unwrap(), &day("2026-02-04"));
    })
    .await;
}

#[tokio::test]
async fn what_came_late_is_proved_by_the_seal_that_found_it() {
    on_each_engine(async |world| {
        three_days(&world).await;
        let late = Sample::violating(comment("1_9"));
        let recorded = world.ledger.record(&late.judged(at("2026-02-02T10:00:00Z"))).await;
        assert_eq!(recorded, Ok(Recorded::New));
        let case = world.case_of(&late).await;
        let before = proof(&world, &case, "2026-02-04T10:00:00Z").await;
        assert_eq!(before.entries[0].binding, Binding::Unsealed(Unsealed::Late));
        world.ledger.seal_until(at("2026-02-05T02:10:00Z")).await.unwrap();
        assert_eq!(proved_by(&proof(&world, &case, "2026-02-05T10:00:00Z").await), [day("2026-02-04")]);
    })
    .await;
}

/// The first entry of this case is bound by no seal.
async fn assert_unsealed(world: &World, case: &Case, now: &str, why: Unsealed) {
    let proof = proof(world, case, now).await;
    assert_eq!(proof.entries[0].binding, Binding::Unsealed(why));
    let json = serde_json::to_value(&proof.entries[0]).unwrap();
    assert_eq!(json["sealed"], serde_json::Value::Null, "{json}");
    assert_eq!(json["unsealed"], if why == Unsealed::Late { "late" } else { "missing" });
}

#[tokio::test]
async fn a_replaced_entry_is_not_said_to_wait_for_its_seal() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let case = world.case_of(&Sample::violating(comment("1_2"))).await;
        let sk = case.id.to_string().replace('-', "#");
        let original = proof(&world, &case, "2026-02-04T10:00:00Z").await.entries.remove(0);
        let replaced = async |hash: &str| {
            let hash = AttributeValue::S(hash.to_owned());
            tamper(&world, &sk, |item| drop(item.insert("hash".to_owned(), hash.clone()))).await;
        };
        let another = Hash::of("another").to_string();
        replaced(&another).await;
        assert_unsealed(&world, &case, "2026-02-04T10:00:00Z", Unsealed::Late).await;
        // Once all seals that could bind it are made, it is too late for it.
        replaced(&original.hash.to_string()).await;
        world.ledger.seal_until(at("2026-02-10T02:10:00Z")).await.unwrap();
        replaced(&another).await;
        assert_unsealed(&world, &case, "2026-02-10T10:00:00Z", Unsealed::Missing).await;
    })
    .await;
}

#[tokio::test]
async fn where_the_list_of_sealed_hashes_was_changed_its_entries_are_missing() {
    on_the_embedded_engine(async |world| {
        three_days(&world).await;
        let case = world.case_of(&Sample::violating(comment("1_2"))).await;
        let seal = world.ledger.seal_of("2026-02-02".parse().unwrap()).await.unwrap().unwrap();
        let list = format!("{}#0000", seal.root);
        tamper(&world, &list, |item| {
            let mut hashes = item["hashes"].as_b().unwrap().clone().into_inner();
            hashes[0] ^= 1;
            item.insert("hashes".to_owned(), AttributeValue::B(Blob::new(hashes)));
        })
        .await;
        assert_unsealed(&world, &case, "2026-02-04T10:00:00Z", Unsealed::Missing).await;
    })
    .await;
}
