//! What is personal about a case stands apart from it, and is not read any more once its time is over.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use ledger::DecisionKind;

use crate::support::{Sample, World, at, comment, decision, on_each_engine, serving};

const NOW: &str = "2026-02-03T09:00:01Z";
/// Until when the samples keep content and reasons.
const OVER: &str = "2026-03-05T09:00:00Z";

async fn decided(world: &World) -> Sample {
    let sample = Sample::violating(comment("1_2"));
    world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
    let id = sample.case_id(&world.ledger);
    for kind in [DecisionKind::Assign, DecisionKind::Confirm] {
        world.amend(&id, |amendment| amendment.decision = Some(decision(kind))).await;
    }
    sample
}

#[tokio::test]
async fn content_and_reasons_are_read_until_their_time_is_over_and_what_was_decided_stays() {
    on_each_engine(async |world| {
        let sample = decided(&world).await;
        let id = sample.case_id(&world.ledger);
        let contribution = &sample.contribution;
        let last = at(OVER) - SignedDuration::from_nanos(1);
        let kept = world.ledger.case(&id, last).await.unwrap().unwrap();
        assert_eq!(kept.content.as_ref().unwrap().text, contribution.text);
        assert_eq!(kept.decisions, [DecisionKind::Assign, DecisionKind::Confirm].map(decision));

        let over = world.ledger.case(&id, at(OVER)).await.unwrap().unwrap();
        assert_eq!(over.content, None);
        for (forgotten, kept) in over.decisions.iter().zip(&kept.decisions) {
            assert_eq!((&forgotten.reason, forgotten.salt.as_str()), (&None, ""));
            assert_eq!((forgotten.kind, &forgotten.by, forgotten.at), (kept.kind, &kept.by, kept.at));
        }
        assert_eq!((&over.findings, &over.actions), (&kept.findings, &kept.actions));
        let of = world.ledger.cases_of(contribution.platform, &contribution.account, &contribution.id, at(OVER)).await;
        assert_eq!(of, Ok(vec![over]));
        let listed = world.ledger.open_cases(&ledger::Desk::Open, None, 10, at(OVER)).await.unwrap().0;
        assert_eq!(listed[0].content, None);
    })
    .await;
}

#[tokio::test]
async fn only_items_that_the_table_forgets_hold_what_is_personal() {
    on_each_engine(async |world| {
        let sample = decided(&world).await;
        let id = sample.case_id(&world.ledger);
        world.amend(&id, |amendment| amendment.actions = vec![serving(policy::ActionKind::Ban)]).await;
        let contribution = &sample.contribution;
        let author = contribution.author.as_ref().unwrap();
        let personal = [
            "Il numero è di un ufficio",
            "333 1234567",
            contribution.text.as_str(),
            contribution.id.as_str(),
            author.id.as_str(),
            author.name.as_deref().unwrap(),
            contribution.permalink.as_deref().unwrap(),
        ];
        let (mut found, mut items) = (0, 0);
        for item in world.scan(&world.tables.casebook).await {
            let text = format!("{item:?}");
            let holds = personal.iter().filter(|personal| text.contains(**personal)).count();
            if holds > 0 {
                let expires = (at(OVER).as_second() + 1).to_string();
                assert_eq!(item["expires"].as_n(), Ok(&expires), "{:?}", item["sk"]);
                items += 1;
            }
            found += holds;
        }
        assert_eq!((items, found), (3, 8), "all of it in the content, and each reason in its own");
    })
    .await;
}

#[tokio::test]
async fn a_case_whose_content_was_erased_is_a_case_all_the_same() {
    on_each_engine(async |world| {
        let sample = decided(&world).await;
        let id = sample.case_id(&world.ledger);
        for item in world.scan(&world.tables.casebook).await {
            let is_beside = item["sk"].as_s().is_ok_and(|sk| sk.ends_with("#content") || sk.contains("#D"));
            if is_beside {
                let delete = world.client.delete_item().table_name(&world.tables.casebook);
                let key = |name: &str| -> AttributeValue { item[name].clone() };
                delete.key("pk", key("pk")).key("sk", key("sk")).send().await.unwrap();
            }
        }
        let case = world.case(&id).await;
        assert_eq!((case.content, case.decisions.len(), case.actions.len()), (None, 2, 1));
        let work = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(work.case.content, None);
    })
    .await;
}
