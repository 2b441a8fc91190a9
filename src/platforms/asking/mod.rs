//! What is asked: calls, the connection that makes them, how an answer and a limit are read.

pub(crate) mod call;
pub(crate) mod caller;
pub(crate) mod client;
pub(crate) mod followers;
pub(crate) mod limits;
pub(crate) mod polled;
pub(crate) mod quota;
