//! The server: requests and answers, the calls it has received, faults that lie in wait.

pub(crate) mod faults;
pub(crate) mod journal;
pub(crate) mod request;
pub(crate) mod server;
