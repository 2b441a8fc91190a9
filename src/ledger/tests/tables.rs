//! What becomes of tables that are not there.

use ledger::LedgerError;

use crate::support::on_the_embedded_engine;

#[tokio::test]
async fn one_table_without_the_other_is_an_error_that_names_it_and_never_a_new_table() {
    for audit_is_missing in [true, false] {
        on_the_embedded_engine(async |world| {
            let (audit, casebook) = (world.tables.audit.as_str(), world.tables.casebook.as_str());
            let (missing, present) = if audit_is_missing { (audit, casebook) } else { (casebook, audit) };
            world.client.delete_table().table_name(missing).send().await.unwrap();
            let error = world.ledger.create_tables().await.unwrap_err();
            assert!(matches!(error, LedgerError::Configuration(_)), "{error:?}");
            let text = error.to_string();
            assert!(text.contains(&format!("the table {missing} is missing beside {present}")), "{text}");
            assert!(text.contains("backup"), "{text}");
            let tables = world.client.list_tables().send().await.unwrap();
            assert_eq!(tables.table_names(), [present]);
            // Where neither is there, both are new.
            world.client.delete_table().table_name(present).send().await.unwrap();
            world.ledger.create_tables().await.unwrap();
            world.ledger.create_tables().await.unwrap();
        })
        .await;
    }
}
