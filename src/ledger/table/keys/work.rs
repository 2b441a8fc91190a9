//! What the index of pending work points at.

use super::{CASE, Key};
use crate::{CaseId, Reference};

/// What a key of pending work points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkItem {
    Case(CaseId),
    Unread(Reference),
}

/// Reads the key of a case or of an unread reference: the organisation, and which it is.
pub(crate) fn work_item(key: &Key) -> Option<(&str, WorkItem)> {
    let (rest, reference) = key.pk.rsplit_once('#')?;
    let (organisation, kind) = rest.rsplit_once('#')?;
    let item = match kind {
        "C" => WorkItem::Case(CaseId::from_parts(reference, key.sk.strip_prefix(CASE)?).ok()?),
        "U" if key.sk == "U" => WorkItem::Unread(reference.parse().ok()?),
        _ => return None,
    };
    Some((organisation, item))
}
