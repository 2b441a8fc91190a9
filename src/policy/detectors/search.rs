//! One search through a text, for all detectors.

use std::ops::Range;

use super::text::Text;
use super::{Contacts, Detector, Set};

/// A search in progress: what is still wanted, and which bytes are known to be something else.
pub(super) struct Search<'s> {
    pub(super) text: &'s Text<'s>,
    pub(super) own: &'s Contacts,
    wanted: Set,
    /// Codes with a right checksum, whoever owns them, and telephone numbers: nothing inside one is another number.
    codes: Vec<Range<usize>>,
    report: &'s mut dyn FnMut(Detector, Range<usize>),
}

impl<'s> Search<'s> {
    pub(super) fn new(
        text: &'s Text<'s>,
        own: &'s Contacts,
        wanted: Set,
        report: &'s mut dyn FnMut(Detector, Range<usize>),
    ) -> Self {
        Self { text, own, wanted, codes: Vec::new(), report }
    }

    /// Whether one of these is still to be found.
    pub(super) fn wants(&self, detectors: &[Detector]) -> bool {
        self.wanted.contains_any(detectors)
    }

    /// Reports a datum, unless its detector is not wanted or has found one before.
    pub(super) fn report(&mut self, detector: Detector, span: Range<usize>) {
        if self.wanted.contains(detector) {
            self.wanted.remove(detector);
            (self.report)(detector, span);
        }
    }

    /// Remembers a code or a number.
    pub(super) fn take(&mut self, span: Range<usize>) {
        self.codes.push(span);
    }

    /// The codes and numbers found so far, in the order of the text.
    pub(super) fn codes(&self) -> Vec<Range<usize>> {
        let mut codes = self.codes.clone();
        codes.sort_by_key(|code| code.start);
        codes
    }
}
