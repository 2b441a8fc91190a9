//! The console as a browser meets it, over a ledger in memory and with a provider that can lie.

mod decisions;
mod pages;
mod provider;
mod routes;
mod sign_in;
mod weight;
mod world;
