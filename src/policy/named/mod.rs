//! What a policy names: platforms and accounts, clauses, categories, actions, topics, and what is counted.

pub(crate) mod action;
pub(crate) mod category;
pub(crate) mod contribution;
pub(crate) mod count;
pub(crate) mod lead;
pub(crate) mod obstacle;
pub(crate) mod organisation;
pub(crate) mod platform;
pub(crate) mod topic;
