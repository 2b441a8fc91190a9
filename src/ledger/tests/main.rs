//! The ledger against real engines: the embedded one always, and AWS's DynamoDB Local as well where
//! `GALATEO_TEST_DYNAMODB` holds its endpoint, for example `http://127.0.0.1:8000`.

mod amend;
mod audit;
mod audit_damage;
mod audit_export;
mod audit_proof;
mod audit_seal;
mod author;
mod content;
mod cost;
mod desk;
mod erasure;
mod faults;
mod limit;
mod once;
mod pending;
mod personal_data;
mod purge;
mod races;
mod reading;
mod removal;
mod rotation;
mod safeguards;
mod said;
mod schedules;
mod sessions;
mod snapshots;
mod support;
mod tables;
mod task;
mod waiting;
