//! The ledger against real engines: the embedded one always, and AWS's DynamoDB Local as well where
//! `GALATEO_TEST_DYNAMODB` holds its endpoint, for example `http://127.0.0.1:8000`.

mod audit;
mod cost;
mod faults;
mod once;
mod pending;
mod personal_data;
mod reading;
mod removal;
mod schedules;
mod snapshots;
mod support;
