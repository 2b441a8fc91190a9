//! What the records hold for the office, and what they must not hold.

use policy::Platform;

use crate::world::{INSULT, World};

#[tokio::test]
async fn the_audit_log_holds_no_text_no_name_and_no_id_of_anyone() {
    let world = World::start().await;
    let text = format!("{INSULT} canarino-nel-testo");
    let id = world.comments(Platform::Facebook, "5001canarino", &text).await;
    world.settles().await;
    let table = ledger::Tables::default().audit;
    let items = world.server.dynamodb().scan().table_name(table).send().await.unwrap();
    assert_eq!(items.count(), 2, "a verdict and an effect");
    let stored = format!("{:?}", items.items());
    for canary in ["canarino", "Persona di prova", id.as_str(), "coglione"] {
        assert!(!stored.contains(canary), "{canary} is in the audit log");
    }
}

#[tokio::test]
async fn every_entry_names_the_policy_by_version_and_hash_and_has_its_own_hash() {
    let world = World::start().await;
    world.comments(Platform::Facebook, "5002", INSULT).await;
    world.settles().await;
    let entries = world.entries().await;
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert_eq!(entry.policy, world.server.moderation().policy().reference);
        assert_eq!(entry.hash, entry.digest());
    }
}
