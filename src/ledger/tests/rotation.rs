//! A rotation of the pseudonym key: what was recorded under the key before is found, and nothing is judged twice.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ledger::{Became, Fate, Judged, Ledger, NewAction, Note, Once, PseudonymKey, PseudonymKeys, Recorded, Unread};
use policy::{ActionKind, Author, Contribution, Notice, Platform, PlatformUserId};

use crate::support::{Sample, World, at, comment, edited, key, on_each_engine, on_the_embedded_engine, person, policy};

/// When the key of [`key`] is replaced.
const REPLACED: &str = "2026-02-03T12:00:00Z";
const BEFORE: &str = "2026-02-03T09:00:01Z";
const AFTER: &str = "2026-02-03T15:00:00Z";

fn second() -> PseudonymKey {
    PseudonymKey::new(b"the second key of the tests").unwrap()
}

fn third() -> PseudonymKey {
    PseudonymKey::new(b"the third key of the tests").unwrap()
}

/// The same records under these keys, the newest first.
fn under(world: &World, newest: PseudonymKey, older: &[(PseudonymKey, &str)]) -> Ledger {
    let older = older.iter().map(|(key, time)| (key.clone(), at(time))).collect();
    let keys = PseudonymKeys::new(newest, older).unwrap();
    Ledger::new(world.client.clone(), world.tables.clone(), "milano-monza-brianza-lodi", keys)
}

/// The same records after the rotation.
fn rotated(world: &World) -> Ledger {
    under(world, second(), &[(key(), REPLACED)])
}

fn undated(id: &str) -> Contribution {
    Contribution { at: None, ..comment(id) }
}

/// A comment that was written after the rotation.
fn later(id: &str) -> Contribution {
    Contribution { at: Some(at("2026-02-03T14:00:00Z")), ..comment(id) }
}

fn by(author: &str, contribution: Contribution) -> Contribution {
    Contribution { author: Some(Author { id: PlatformUserId::new(author), name: None }), ..contribution }
}

async fn delivered(ledger: &Ledger, sample: Sample, now: Timestamp) -> Recorded {
    let sample = sample.named_by(ledger, now).await;
    ledger.record(&sample.judged(now)).await.unwrap()
}

/// The strikes of the author of the comments, wherever they are on record.
async fn strikes(ledger: &Ledger, author: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    for pseudonym in ledger.pseudonyms(Platform::Facebook, &PlatformUserId::new(author)) {
        counts.push(ledger.author(&pseudonym).await.unwrap().standing.strikes.len());
    }
    counts
}

const AUTHOR: &str = "9988776655";

#[tokio::test]
async fn what_was_judged_before_a_rotation_is_a_duplicate_after_it_dated_or_not() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        for (number, contribution) in [comment("1_1"), undated("1_2")].into_iter().enumerate() {
            let sample = || Sample::violating(contribution.clone());
            assert_eq!(delivered(&world.ledger, sample(), at(BEFORE)).await, Recorded::New);
            assert_eq!(delivered(&ledger, sample(), at(AFTER)).await, Recorded::Duplicate);
            // The entry is found, and with it the id under which it was judged.
            let entry = ledger.entry(&contribution).await.unwrap().unwrap();
            assert_eq!(entry.case, Some(sample().case_id(&world.ledger)));
            assert_eq!(strikes(&ledger, AUTHOR).await, [0, number + 1]);
        }
        for contribution in [comment("2_1"), undated("2_2")] {
            let sample = || Sample::clean(contribution.clone());
            assert_eq!(delivered(&world.ledger, sample(), at(BEFORE)).await, Recorded::New);
            assert_eq!(delivered(&ledger, sample(), at(AFTER)).await, Recorded::Duplicate);
        }
        assert_eq!(world.scan(&world.tables.audit).await.len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_at_the_very_moment_of_a_rotation_are_judged_once() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        let moment = at(REPLACED);
        for (number, make) in [comment as fn(&str) -> Contribution, undated, later].into_iter().enumerate() {
            for round in 0..5 {
                let contribution = by(&format!("{number}{round}"), make(&format!("{number}_{round}")));
                // Half of the clocks are a little behind.
                let recorded = join_all((0..8).map(|delivery| {
                    let (ledger, contribution) = (ledger.clone(), contribution.clone());
                    let now = moment - SignedDuration::from_secs(delivery % 2);
                    async move { delivered(&ledger, Sample::violating(contribution), now).await }
                }))
                .await;
                let new = recorded.iter().filter(|recorded| **recorded == Recorded::New).count();
                assert_eq!(new, 1, "{number} {round}");
                let counted: usize = strikes(&ledger, &format!("{number}{round}")).await.iter().sum();
                assert_eq!(counted, 1, "{number} {round}");
            }
        }
        assert_eq!(world.scan(&world.tables.audit).await.len(), 15);
    })
    .await;
}

#[tokio::test]
async fn instances_with_and_without_the_new_key_agree_until_it_is_in_force() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        for (number, contribution) in [comment("1_1"), undated("1_2")].into_iter().enumerate() {
            let (first, then) = if number == 0 { (&ledger, &world.ledger) } else { (&world.ledger, &ledger) };
            let sample = || Sample::violating(contribution.clone());
            assert_eq!(delivered(first, sample(), at(BEFORE)).await, Recorded::New);
            assert_eq!(delivered(then, sample(), at(BEFORE)).await, Recorded::Duplicate);
        }
        assert_eq!(strikes(&ledger, AUTHOR).await, [0, 2]);
    })
    .await;
}

#[tokio::test]
async fn an_author_keeps_one_pseudonym_as_long_as_anything_is_on_record() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        delivered(&world.ledger, Sample::violating(comment("1_1")), at(BEFORE)).await;
        delivered(&ledger, Sample::violating(later("1_2")), at(AFTER)).await;
        assert_eq!(strikes(&ledger, AUTHOR).await, [0, 2]);
        // Who comes new is known under the new key, also after the next rotation.
        delivered(&ledger, Sample::violating(by("2", later("1_3"))), at(AFTER)).await;
        assert_eq!(strikes(&ledger, "2").await, [1, 0]);
        let again = under(&world, third(), &[(second(), "2026-03-01T00:00:00Z"), (key(), REPLACED)]);
        let now = at("2026-03-01T00:00:00Z");
        for (author, number) in [(AUTHOR, 4), ("2", 5), ("3", 6)] {
            let contribution = Contribution { at: Some(now), ..by(author, comment(&format!("1_{number}"))) };
            assert_eq!(delivered(&again, Sample::violating(contribution), now).await, Recorded::New);
        }
        assert_eq!(strikes(&again, AUTHOR).await, [0, 0, 3]);
        assert_eq!(strikes(&again, "2").await, [0, 2, 0]);
        assert_eq!(strikes(&again, "3").await, [1, 0, 0]);
        // A note alone is something on record.
        let note = Note { at: now, by: person("Anna"), text: "x".to_owned(), salt: "y".to_owned() };
        let four = PlatformUserId::new("4");
        let before = world.ledger.pseudonym(Platform::Facebook, &four, now);
        world.ledger.note_author(Platform::Facebook, &before, &note, &policy()).await.unwrap();
        assert_eq!(again.known_as(Platform::Facebook, &four, now).await, Ok(before));
    })
    .await;
}

#[tokio::test]
async fn removals_and_rewritings_find_the_cases_of_every_key() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        let original = comment("1_1");
        // Of some platforms an edit has the time of the edit, and so the reference of another key.
        let edit = Contribution { at: later("").at, ..edited(&original, "chiamate il 333 7654321") };
        let overtaken = Contribution { revision: "overtaken".to_owned(), ..edit.clone() };
        delivered(&world.ledger, Sample::violating(original.clone()), at(BEFORE)).await;
        delivered(&ledger, Sample::violating(edit.clone()), at(AFTER)).await;
        let Contribution { platform, account, id, .. } = &original;
        let cases = ledger.cases_of(*platform, account, id, at(AFTER)).await.unwrap();
        assert_eq!(cases.len(), 2);
        assert_ne!(cases[0].id.reference(), cases[1].id.reference());
        assert_eq!(cases[0].pseudonym, cases[1].pseudonym);
        ledger.rewritten(&original, None, at(AFTER)).await.unwrap();
        for case in &cases {
            let became = Became { fate: Fate::Rewritten, at: at(AFTER), written_at: original.at };
            assert_eq!(ledger.fate(&case.id).await, Ok(Some(became)));
        }
        assert_eq!(ledger.remove(*platform, account, id, at(AFTER)).await, Ok(2));
        delivered(&ledger, Sample::violating(overtaken.clone()), at(AFTER)).await;
        for late in [&original, &overtaken] {
            let fate = ledger.fate(&ledger.case_id(late, at(AFTER))).await.unwrap();
            assert_eq!(fate.map(|became| (became.fate, became.at)), Some((Fate::Removed, at(AFTER))));
        }
        assert_eq!(strikes(&ledger, AUTHOR).await, [0, 3], "a removal takes no strike back");
    })
    .await;
}

#[tokio::test]
async fn what_was_said_once_before_a_rotation_is_not_said_again() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        for (thread, first, now) in [("one", &world.ledger, BEFORE), ("two", &ledger, AFTER)] {
            let contribution = comment(&format!("1_{thread}"));
            let sample = Sample::clean(contribution.clone()).named_by(first, at(now)).await;
            let author = first.known_as(contribution.platform, &PlatformUserId::new(AUTHOR), at(now)).await.unwrap();
            let expires_at = at("2026-02-10T09:00:00Z");
            let once = Once { what: Notice::Redirect, author, scope: thread.to_owned(), expires_at };
            let mut judged: Judged<'_> = sample.judged(at(now));
            judged.actions = vec![NewAction::new(ActionKind::Reply)];
            judged.once = vec![once.clone()];
            assert_eq!(first.was_said(&once, at(now)).await, Ok(false));
            assert_eq!(first.record(&judged).await, Ok(Recorded::New));
            let author = ledger.known_as(contribution.platform, &PlatformUserId::new(AUTHOR), at(AFTER)).await.unwrap();
            assert_eq!(ledger.was_said(&Once { author, ..once }, at(AFTER)).await, Ok(true), "{thread}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reading_that_was_deferred_before_a_rotation_is_taken_up_after_it() {
    on_each_engine(async |world| {
        let Contribution { platform, account, surface, id, .. } = comment("1_1");
        let unread =
            Unread { platform, account, surface, id, thread: None, at: None, written: Vec::new(), look: false };
        world.ledger.defer(&unread, at(BEFORE)).await.unwrap();
        let ledger = rotated(&world);
        let due = ledger.due(at(AFTER), 10).await.unwrap();
        let Ok(Some(ledger::Work::Read(work))) = ledger.claim(&due[0], at(AFTER), crate::support::LEASE).await else {
            panic!("expected a reading");
        };
        ledger.settle_reading(&work, ledger::ReadOutcome::Done, at(AFTER)).await.unwrap();
        assert_eq!(ledger.due(at(AFTER), 10).await, Ok(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn when_an_old_key_is_removed_what_it_named_is_forgotten_and_the_rest_stands() {
    on_each_engine(async |world| {
        let ledger = rotated(&world);
        delivered(&world.ledger, Sample::violating(comment("1_1")), at(BEFORE)).await;
        let case = Sample::violating(comment("1_1")).case_id(&world.ledger);
        delivered(&ledger, Sample::violating(by("2", later("1_2"))), at(AFTER)).await;
        let without = under(&world, second(), &[]);
        assert_eq!(strikes(&without, "2").await, [1]);
        assert_eq!(strikes(&without, AUTHOR).await, [0]);
        assert!(without.case(&case, at(AFTER)).await.unwrap().is_some(), "by its id a case is found under any key");
        let again = Sample::violating(by("2", later("1_2")));
        assert_eq!(delivered(&without, again, at(AFTER)).await, Recorded::Duplicate);
    })
    .await;
}

#[tokio::test]
async fn keys_that_are_wrong_swapped_or_replaced_without_being_kept_are_refused() {
    on_each_engine(async |world| {
        let now = at(BEFORE);
        // Before anything was noted, any key is right.
        assert_eq!(under(&world, third(), &[]).recognise_keys(now).await, Ok(()));
        world.ledger.adopt_keys(now).await.unwrap();
        world.ledger.adopt_keys(now).await.unwrap();
        let refusal = |ledger: Ledger| async move {
            assert_eq!(ledger.recognise_keys(now).await, ledger.adopt_keys(now).await);
            ledger.adopt_keys(now).await.unwrap_err().to_string()
        };
        let replaced = refusal(under(&world, second(), &[])).await;
        assert!(replaced.contains("the records were kept under another pseudonym key"), "{replaced}");
        let swapped = refusal(under(&world, key(), &[(second(), REPLACED)])).await;
        assert!(swapped.contains("are two keys swapped?"), "{swapped}");
        let wrong = refusal(under(&world, third(), &[(second(), REPLACED)])).await;
        assert!(wrong.contains("are two keys swapped?"), "{wrong}");
        for name in ["second", "third", "tests"] {
            assert!(!format!("{replaced}{swapped}{wrong}").contains(name));
        }

        let mut warm = world.ledger.clone();
        let keys = |newest, older| PseudonymKeys::new(newest, older).unwrap();
        assert!(warm.rekey(keys(second(), Vec::new()), now).await.is_err());
        assert_eq!(warm.recognise_keys(now).await, Ok(()), "the keys at hand stay in use");
        warm.rekey(keys(second(), vec![(key(), at(REPLACED))]), now).await.unwrap();
        // An instance that has not read them yet goes on, and so does the new key when the old one is removed.
        assert_eq!(world.ledger.recognise_keys(now).await, Ok(()));
        assert_eq!(under(&world, second(), &[]).adopt_keys(at(AFTER)).await, Ok(()));
        assert_eq!(world.other_organisation().recognise_keys(now).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn settings_from_before_a_rotation_swapped_or_dated_otherwise_are_refused_once_its_moment_has_passed() {
    on_each_engine(async |world| {
        world.ledger.adopt_keys(at(BEFORE)).await.unwrap();
        rotated(&world).adopt_keys(at(BEFORE)).await.unwrap();
        // Until then the setting may be taken back, be dated otherwise, or be read late.
        let other_time = "2026-02-03T13:00:00Z";
        for ledger in [world.ledger.clone(), under(&world, second(), &[(key(), other_time)]), rotated(&world)] {
            assert_eq!(ledger.adopt_keys(at(BEFORE)).await, Ok(()));
        }
        let refused = async |ledger: &Ledger, now: &str, why: &str| {
            assert_eq!(ledger.recognise_keys(at(now)).await, ledger.adopt_keys(at(now)).await);
            let error = ledger.adopt_keys(at(now)).await.unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        };
        refused(&under(&world, second(), &[]), BEFORE, "the pseudonym key in force is missing").await;
        refused(&world.ledger, AFTER, "from before a rotation?").await;
        let redated = "with another time than that from which it is in force";
        refused(&under(&world, second(), &[(key(), other_time)]), AFTER, redated).await;
        refused(&under(&world, key(), &[(second(), REPLACED)]), AFTER, redated).await;
        // One that is left out in the middle.
        let (later, now) = ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        let thirds = under(&world, third(), &[(second(), later), (key(), REPLACED)]);
        assert_eq!(thirds.adopt_keys(at(AFTER)).await, Ok(()));
        refused(&under(&world, third(), &[(key(), later)]), now, "from before a rotation?").await;
        for ledger in [thirds, under(&world, third(), &[(second(), later)]), under(&world, third(), &[])] {
            assert_eq!(ledger.adopt_keys(at(now)).await, Ok(()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_rotation_that_is_taken_back_before_its_moment_leaves_the_old_key_in_force() {
    on_each_engine(async |world| {
        world.ledger.adopt_keys(at(BEFORE)).await.unwrap();
        rotated(&world).adopt_keys(at(BEFORE)).await.unwrap();
        world.ledger.adopt_keys(at(BEFORE)).await.unwrap();
        assert_eq!(world.ledger.adopt_keys(at(AFTER)).await, Ok(()));
        // And it may come later after all.
        let later = under(&world, second(), &[(key(), "2026-03-01T00:00:00Z")]);
        assert_eq!(later.adopt_keys(at(AFTER)).await, Ok(()));
        assert!(world.ledger.recognise_keys(at("2026-03-01T00:00:00Z")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_rotation_costs_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let ledger = rotated(&world);
        let now = at(AFTER);
        let cost = async |sample: Sample| {
            let before = ledger.consumed();
            let contribution = sample.contribution.clone();
            ledger.record(&sample.judged(now)).await.unwrap();
            let after = ledger.consumed();
            assert!(ledger.entry(&contribution).await.unwrap().is_some());
            (after.read_units - before.read_units, after.write_units - before.write_units)
        };
        let named = async |contribution, violates: bool| {
            let sample = if violates { Sample::violating(contribution) } else { Sample::clean(contribution) };
            sample.named_by(&ledger, now).await
        };
        assert_eq!(cost(named(later("1_1"), false).await).await, (0.0, 1.0), "a clean one on its day");
        assert_eq!(cost(named(undated("1_2"), false).await).await, (0.0, 5.0), "a clean one without a time");
        assert_eq!(cost(named(later("1_3"), true).await).await, (0.0, 12.0), "a violation");
        let before = ledger.consumed().read_units;
        ledger.known_as(Platform::Facebook, &PlatformUserId::new("5"), now).await.unwrap();
        assert_eq!(ledger.consumed().read_units - before, 1.0, "whether an author is on record under the older key");
    })
    .await;
}
