//! The policy file: what is wrong with it, what its messages say, and which offices and days it names.

#[path = "../corpora/policies.rs"]
mod corpora;
mod loading;
mod messages;
mod policies;
mod topics;
