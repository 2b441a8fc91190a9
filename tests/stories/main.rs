//! Stories: someone writes on a platform, and the world is observed. Everything is real but the platforms, which are
//! the sandbox: HTTP, signatures, the ledger on the embedded engine, the worker, the calls. Where a story needs its own
//! time, it has a [`stage::Stage`] instead of a [`world::World`].

mod actions;
mod bounds;
mod brakes;
mod by_hand;
mod calendar;
mod canary;
mod complied;
mod criticism;
mod deletion;
mod edits;
mod erasure;
mod fairness;
mod faults;
mod file;
mod full;
mod hanging;
mod held;
mod hiding;
mod kills;
mod ladder;
mod limits;
mod log;
mod messages;
mod office;
mod once;
mod own_voice;
mod privately;
mod protection;
mod reconciliation;
mod restored;
mod retries;
mod revisions;
mod rotation;
mod stage;
mod steps;
mod suggested;
mod unread;
mod urgent;
mod user_reports;
mod webhooks;
mod world;
