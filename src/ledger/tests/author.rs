//! The author's record: sanctions come further by what was really done, and by nothing else (invariant 5).

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use ledger::{CaseId, DecisionKind, Fact, NewAction, Note, SanctionsChange, Settlement};
use policy::{ActionKind, Effect, Sanction, SanctionKind, SanctionState};

use crate::support::{LEASE, Sample, World, at, comment, effect, on_each_engine, person, policy, sanction, serving};

const NOW: &str = "2026-02-03T09:00:01Z";
const TEN: &str = "2026-02-03T10:00:00Z";

/// A case whose only action serves the author's first sanction.
async fn sanctioned(world: &World, kind: SanctionKind, action: NewAction) -> CaseId {
    let sample = Sample::violating(comment("1_2"));
    let mut judged = sample.judged(at(NOW));
    judged.actions.clear();
    world.ledger.record(&judged).await.unwrap();
    let id = sample.case_id(&world.ledger);
    world.sanction(&id, kind, vec![action]).await;
    id
}

async fn settle(world: &World, settlement: &Settlement) {
    let work = world.claim_first(at(TEN)).await.unwrap();
    world.ledger.settle(&work, settlement, at(TEN)).await.unwrap();
}

async fn first_sanction(world: &World) -> Sanction<CaseId> {
    world.author().await.standing.sanctions.remove(0)
}

#[tokio::test]
async fn a_warning_counts_once_it_is_delivered() {
    on_each_engine(async |world| {
        let id = sanctioned(&world, SanctionKind::Warning, serving(ActionKind::Reply)).await;
        settle(&world, &effect(Effect::Done)).await;
        let warning = first_sanction(&world).await;
        assert_eq!((warning.state, warning.effective_at), (SanctionState::Effective, Some(at(TEN))));
        assert!(world.case(&id).await.climb_due, "for what was written meanwhile");
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let counts = Fact::Sanction {
            author: world.pseudonym(),
            number: 1,
            sanction: SanctionKind::Warning,
            state: SanctionState::Effective,
        };
        let about = entries.iter().find(|entry| entry.fact == counts).unwrap();
        assert_eq!((&about.case, about.at, about.automatic), (&Some(id), at(TEN), true));
    })
    .await;
}

#[tokio::test]
async fn a_warning_that_reached_nobody_counts_for_nothing() {
    use Effect::{AlreadySo, Failed, Impossible, Manual, Refused};
    for (undelivered, looked_at) in
        [(AlreadySo, true), (Refused, false), (Impossible, false), (Manual, false), (Failed, false)]
    {
        on_each_engine(async |world| {
            let id = sanctioned(&world, SanctionKind::Warning, serving(ActionKind::PrivateReply)).await;
            settle(&world, &effect(undelivered)).await;
            assert_eq!(first_sanction(&world).await, sanction(&id, SanctionKind::Warning), "{undelivered:?}");
            assert_eq!(world.case(&id).await.climb_due, looked_at, "{undelivered:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_warning_whose_comment_is_gone_was_not_delivered() {
    on_each_engine(async |world| {
        let id = sanctioned(&world, SanctionKind::LastWarning, serving(ActionKind::Reply)).await;
        let contribution = comment("1_2");
        world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, at(TEN)).await.unwrap();
        assert_eq!(first_sanction(&world).await, sanction(&id, SanctionKind::LastWarning));
        assert!(world.case(&id).await.climb_due, "whoever climbs sees that the author was not told");
    })
    .await;
}

#[tokio::test]
async fn a_block_is_in_force_once_the_platform_blocks_and_over_once_it_no_longer_does() {
    on_each_engine(async |world| {
        let ends_at = at("2026-02-10T10:00:00Z");
        let id = sanctioned(&world, SanctionKind::Block, serving(ActionKind::Ban)).await;
        world
            .amend(&id, |amendment| {
                let announcement = serving(ActionKind::PrivateReply);
                let unban = NewAction { not_before: Some(ends_at), ..serving(ActionKind::Unban) };
                amendment.actions = vec![announcement, unban];
            })
            .await;
        settle(&world, &effect(Effect::AlreadySo)).await;
        let block = first_sanction(&world).await;
        assert_eq!((block.state, block.effective_at), (SanctionState::Effective, Some(at(TEN))));
        assert_eq!(block.ends_at, Some(ends_at));
        settle(&world, &effect(Effect::Done)).await;
        assert_eq!(first_sanction(&world).await, block, "the announcement changes nothing");

        world.amend(&id, |amendment| amendment.climb_due = Some(false)).await;
        let key = world.due(ends_at).await.remove(0);
        let ledger::Work::Action(unban) = world.ledger.claim(&key, ends_at, LEASE).await.unwrap().unwrap() else {
            panic!("the unban is due")
        };
        world.ledger.settle(&unban, &effect(Effect::Done), ends_at).await.unwrap();
        let ended = first_sanction(&world).await;
        assert_eq!((ended.state, ended.closed_at), (SanctionState::Ended, Some(ends_at)));
    })
    .await;
}

#[tokio::test]
async fn a_sanction_that_was_withdrawn_meanwhile_stays_withdrawn() {
    on_each_engine(async |world| {
        let id = sanctioned(&world, SanctionKind::Ban, serving(ActionKind::Ban)).await;
        let work = world.claim_first(at(TEN)).await.unwrap();
        let mut withdrawn = sanction(&id, SanctionKind::Ban);
        withdrawn.state = SanctionState::Withdrawn;
        world
            .amend(&id, |amendment| {
                let sanctions = vec![withdrawn.clone()];
                amendment.sanctions = Some(SanctionsChange { version: 1, sanctions, changed: vec![1] });
            })
            .await;
        assert_eq!(world.ledger.settle(&work, &effect(Effect::Done), at(TEN)).await, Ok(ledger::Settled::Recorded));
        assert_eq!(first_sanction(&world).await, withdrawn);
        assert_eq!(world.case(&id).await.actions[0].effect, Some(Effect::Done));
    })
    .await;
}

#[tokio::test]
async fn notes_are_kept_with_the_author_and_leave_no_trace_of_either_in_the_audit_log() {
    on_each_engine(async |world| {
        let id = sanctioned(&world, SanctionKind::Warning, serving(ActionKind::Reply)).await;
        let note =
            |text: &str| Note { at: at(TEN), by: person("Anna"), text: text.to_owned(), salt: "89ab".to_owned() };
        let platform = comment("1_2").platform;
        for text in ["Ha telefonato CANARINO", "Si è scusato CANARINO"] {
            world.ledger.note_author(platform, &world.pseudonym(), &note(text), &policy()).await.unwrap();
        }
        let record = world.author().await;
        assert_eq!(record.notes, [note("Ha telefonato CANARINO"), note("Si è scusato CANARINO")]);
        assert_eq!((record.version, record.standing.sanctions), (3, vec![sanction(&id, SanctionKind::Warning)]));
        assert!(!format!("{:?}", record.notes).contains("CANARINO"));
        let audit = format!("{:?}", world.scan(&world.tables.audit).await);
        assert!(!audit.contains("CANARINO"));
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let noted = entries.iter().filter(|entry| {
            matches!(entry.fact, Fact::Decision { decision: DecisionKind::Note, .. })
                && entry.case.is_none()
                && !entry.automatic
        });
        assert_eq!(noted.count(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_table_forgets_an_author_after_the_last_of_the_record_and_never_during_a_ban() {
    on_each_engine(async |world| {
        let id = sanctioned(&world, SanctionKind::Warning, serving(ActionKind::Reply)).await;
        let expires = at("2027-02-03T09:00:00Z").as_second() + 1;
        assert_eq!(standing_expires(&world).await, Some(expires.to_string()));
        let mut ban = sanction(&id, SanctionKind::Ban);
        ban.number = 2;
        for (version, state, expected) in [
            (1, SanctionState::Effective, None),
            // A ban that was lifted stands as long as the strikes that it rests on.
            (2, SanctionState::Ended, Some(expires.to_string())),
        ] {
            ban.state = state;
            let sanctions = vec![sanction(&id, SanctionKind::Warning), ban.clone()];
            world
                .amend(&id, |amendment| {
                    amendment.sanctions = Some(SanctionsChange { version, sanctions, changed: vec![2] });
                })
                .await;
            assert_eq!(standing_expires(&world).await, expected);
        }
    })
    .await;
}

async fn standing_expires(world: &World) -> Option<String> {
    let is_standing = |item: &HashMap<String, AttributeValue>| item["sk"].as_s().is_ok_and(|sk| sk == "standing");
    let item = world.scan(&world.tables.casebook).await.into_iter().find(is_standing).unwrap();
    item.get("expires").map(|expires| expires.as_n().unwrap().clone())
}

#[tokio::test]
async fn the_register_lists_whom_a_block_keeps_out_as_long_as_it_does() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let id = sample.case_id(&world.ledger);
        let blocked = Sanction { state: SanctionState::Decided, ..sanction(&id, SanctionKind::Block) };
        let warned = Sanction { state: SanctionState::Effective, ..sanction(&id, SanctionKind::Warning) };
        for (version, of, listed) in [(0, warned, 0), (1, blocked.clone(), 1), (2, blocked, 1)] {
            world
                .amend(&id, |amendment| {
                    let sanctions = vec![of];
                    amendment.sanctions = Some(SanctionsChange { version, sanctions, changed: vec![1] });
                })
                .await;
            let (found, next) = world.ledger.kept_out(None, 10).await.unwrap();
            assert!(found.len() == listed && next.is_none(), "{version}: {found:?}");
            assert!(found.iter().all(|(author, _)| *author == world.pseudonym()));
        }
        let (found, next) = world.ledger.kept_out(None, 1).await.unwrap();
        assert_eq!(found.len(), 1);
        let (found, next) = world.ledger.kept_out(next.as_ref(), 1).await.unwrap();
        assert!(found.is_empty() && next.is_none());
        let ended = Sanction { state: SanctionState::Ended, ..sanction(&id, SanctionKind::Block) };
        world
            .amend(&id, |amendment| {
                amendment.sanctions = Some(SanctionsChange { version: 3, sanctions: vec![ended], changed: vec![1] });
            })
            .await;
        assert!(world.ledger.kept_out(None, 10).await.unwrap().0.is_empty());
    })
    .await;
}
