//! Maps of a handful of keys.

use serde::{Deserialize, Serialize};

/// A map of few keys, as pairs in the order of their keys. The days of a report hold tens of thousands of these, and a
/// tree keeps room for eleven pairs where there are two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Clone, V: Default> Few<K, V> {
    /// The value of a key: where there was none, the default from now on.
    pub(super) fn at(&mut self, key: &K) -> &mut V {
        let position = match self.0.binary_search_by(|(known, _)| known.cmp(key)) {
            Ok(position) => position,
            Err(position) => {
                self.0.reserve_exact(1);
                self.0.insert(position, (key.clone(), V::default()));
                position
            }
        };
        &mut self.0[position].1
    }
}

impl<K, V> Few<K, V> {
    /// Every pair, in the order of the keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_value_and_the_order_is_that_of_the_keys() {
        let mut few = Few::default();
        for (key, value) in [("b", 1), ("a", 2), ("c", 4), ("b", 8)] {
            *few.at(&key) += value;
        }
        assert_eq!(few.iter().collect::<Vec<_>>(), [(&"a", &2), (&"b", &9), (&"c", &4)]);
    }
}
