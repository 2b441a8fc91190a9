//! The bodies of the `events` folder, as the platforms send them.

use include_dir::{Dir, include_dir};

/// A folder for each platform, and one for e-mails. The demo sends them, and the mailbox that plays SES has them.
pub static EVENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../events");
