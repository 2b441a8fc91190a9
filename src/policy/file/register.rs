//! Names that sections declare and others refer to.

use std::collections::HashMap;

use super::fields::{Place, Placed, Reading, Section, quoted};

/// The sections of one kind: those that could be read, and the names of all, so that a reference to a section with
/// some other fault is not reported as well.
pub(super) struct Register<T> {
    pub(super) items: Vec<T>,
    names: Names,
}

impl<T> Register<T> {
    /// Reads each section; `read` declares its name in the [`Names`] it is given.
    pub(super) fn read<'t>(
        sections: Vec<Section<'t>>,
        mut read: impl FnMut(&mut Section<'t>, &mut Names) -> Option<T>,
    ) -> Self {
        let mut register = Register { items: Vec::new(), names: Names::default() };
        for mut section in sections {
            register.items.extend(read(&mut section, &mut register.names));
            section.finish();
        }
        register
    }

    /// Whether a section has this name.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.names.first.contains_key(name)
    }

    /// Whether a section has a name like this.
    pub(super) fn declares_any(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.names.first.keys().any(|name| fits(name))
    }
}

/// Names already taken, with the place of each.
#[derive(Default)]
pub(super) struct Names {
    first: HashMap<String, Place>,
}

impl Names {
    /// Takes a name, or notes that it is taken.
    pub(super) fn declare(&mut self, reading: &Reading<'_>, name: &Placed<String>) {
        self.declare_as(reading, name, name.value.clone());
    }

    /// The same for a name that is told apart by more than what stands in that field.
    pub(super) fn declare_as(&mut self, reading: &Reading<'_>, name: &Placed<String>, key: String) {
        match self.first.get(&key) {
            Some(first) => reading.note(
                &name.place,
                quoted(&name.value),
                format_args!("something else than on line {}", reading.line_of(first)),
            ),
            None => {
                self.first.insert(key, name.place.clone());
            }
        }
    }
}
