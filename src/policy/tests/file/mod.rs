//! The policy file: what is wrong with it, what its messages say, and which offices and days it names.

mod loading;
mod messages;
mod policies;
mod topics;
