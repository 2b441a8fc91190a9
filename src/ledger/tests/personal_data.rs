//! Invariant 10: keys and the audit log hold pseudonyms only, and nothing personal is printed.

use ledger::{ReadOutcome, Settlement, Unread};
use policy::{AccountId, Author, ContributionId, Effect, Platform, PlatformUserId, Surface, ThreadId};

use crate::support::{LEASE, Sample, at, comment, on_each_engine};

/// In every personal field, so that one search finds any of them.
const CANARY: &str = "CANARINO";

fn personal() -> policy::Contribution {
    let mut contribution = comment("1_2");
    let canary = |field: &str| format!("{CANARY}-{field}");
    contribution.id = ContributionId::new(canary("id"));
    contribution.revision = canary("revision");
    contribution.author = Some(Author { id: PlatformUserId::new(canary("author")), name: Some(canary("name")) });
    contribution.text = format!("{} 333 1234567", canary("text"));
    contribution.thread = Some(ThreadId::new(canary("thread")));
    contribution.parent = Some(ContributionId::new(canary("parent")));
    contribution.permalink = Some(canary("permalink"));
    contribution
}

#[tokio::test]
async fn nothing_personal_is_in_a_key_or_in_the_audit_log() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(personal());
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let unread = Unread {
            platform: Platform::Instagram,
            account: AccountId::new("17841405726653026"),
            surface: Surface::Mention,
            id: ContributionId::new(format!("{CANARY}-unread")),
            thread: Some(ThreadId::new(format!("{CANARY}-thread"))),
            at: None,
            written: Vec::new(),
            look: false,
        };
        world.ledger.defer(&unread, now).await.unwrap();
        let canary = Some(format!("{CANARY}-settlement"));
        let mut work_seen = 0;
        for key in world.due(now).await {
            match world.ledger.claim(&key, now, LEASE).await.unwrap().unwrap() {
                ledger::Work::Action(work) => {
                    let settlement = Settlement::Effect {
                        effect: Effect::Done,
                        call: canary.clone(),
                        status: Some(200),
                        reference: canary.clone(),
                        note: canary.clone(),
                        task: None,
                    };
                    assert!(!format!("{work:?} {settlement:?}").contains(CANARY));
                    world.ledger.settle(&work, &settlement, now).await.unwrap();
                }
                ledger::Work::Climb(_) | ledger::Work::Decide(_) => panic!("nothing to climb for or decide"),
                ledger::Work::Read(work) => {
                    assert!(!format!("{work:?}").contains(CANARY));
                    world
                        .ledger
                        .settle_reading(&work, ReadOutcome::Again { at: now, asked: true, held: false }, now)
                        .await
                        .unwrap();
                }
            }
            work_seen += 1;
        }
        assert_eq!(work_seen, 2);
        let contribution = &sample.contribution;
        world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, now).await.unwrap();

        let audit = world.scan(&world.tables.audit).await;
        assert_eq!(audit.len(), 3);
        assert!(!format!("{audit:?}").contains(CANARY));
        let casebook = world.scan(&world.tables.casebook).await;
        assert!(format!("{casebook:?}").contains(CANARY), "the search finds what is there");
        for item in casebook {
            for key in ["pk", "sk", "pending_shard", "pending_due"] {
                assert!(!format!("{:?}", item.get(key)).contains(CANARY), "{key}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_personal_is_printed_of_what_is_read_or_goes_wrong() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(personal());
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let entry = world.ledger.entry(&sample.contribution).await.unwrap().unwrap();
        let case = world.case_of(&sample).await;
        let content = case.content.as_ref().unwrap();
        assert!(content.text.contains(CANARY) && content.matched[0].contains("333"));
        let printed = format!("{case:?} {content:?} {entry:?} {:?}", world.ledger);
        assert!(!printed.contains(CANARY) && !printed.contains("333 1234567"), "{printed}");

        // A case that someone spoiled by hand: its errors do not show what is in it.
        let key = world.due(now).await.remove(0);
        let spoilt = aws_sdk_dynamodb::types::AttributeValue::S(CANARY.to_owned());
        world
            .client
            .update_item()
            .table_name(&world.tables.casebook)
            .key("pk", aws_sdk_dynamodb::types::AttributeValue::S(key.pk().to_owned()))
            .key("sk", aws_sdk_dynamodb::types::AttributeValue::S(key.sk().to_owned()))
            .update_expression("SET outcome = :spoilt")
            .expression_attribute_values(":spoilt", spoilt)
            .send()
            .await
            .unwrap();
        let error = world.ledger.case(&case.id, now).await.unwrap_err();
        assert_eq!(error.to_string(), "a stored case cannot be read: outcome");
    })
    .await;
}
