//! The gates on censorship (invariant 4): what is never hidden, by any published policy.

mod gate;
mod honest;
mod must_stay;
