//! What the crate promises to whoever uses it, in one program: each would link the whole crate again.

mod corpora;
mod file;
mod judging;
mod ladder;
mod language;
mod personal_data;
mod prova;
mod public_life;
mod published;
mod senses;
mod stay;
mod two_keys;
mod violations;
