//! The command line as people meet it, in one program: each would link everything again.

mod audit;
mod bench;
mod cli;
mod console;
mod credentials;
mod doors;
mod dossier;
mod evaluate;
mod full;
mod functions;
mod office;
mod purging;
mod render;
mod statistics;
