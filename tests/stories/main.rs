//! Stories: someone writes on a platform, and the world is observed. Everything is real but the platforms, which are
//! the sandbox: HTTP, signatures, the ledger on the embedded engine, the worker, the calls.

mod actions;
mod criticism;
mod faults;
mod hiding;
mod office;
mod once;
mod own_voice;
mod webhooks;
mod world;
