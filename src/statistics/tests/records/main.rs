//! What is stored for statistics: counts, imported figures, compiled days; on the embedded engine and the sandbox.

mod import;
mod night;
mod world;
