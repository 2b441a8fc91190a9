//! What Facebook's answers mean: as all of the Graph API's do (docs/platforms.md, section 5.1).

use policy::ActionKind;

use crate::meta::errors;
use crate::{Answer, Class};

/// What the answer to an action means.
pub(super) fn classify(action: ActionKind, answer: &Answer) -> Class {
    errors::classify(action, answer)
}
