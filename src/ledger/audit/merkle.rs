//! The Merkle tree of RFC 6962, section 2.1, over the hashes of entries.

use sha2::{Digest, Sha256};

use super::hash::Hash;

/// What precedes a leaf, and what precedes a node, so that none can be taken for the other.
const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// A tree that grows leaf by leaf and keeps only the roots of its complete subtrees: their number is the logarithm of
/// that of the leaves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    leaves: u64,
    /// From the largest to the smallest.
    subtrees: Vec<Hash>,
}

impl Tree {
    /// Adds the next leaf.
    pub(crate) fn push(&mut self, leaf: &Hash) {
        let mut root = Hash::finish(Sha256::new().chain_update(LEAF).chain_update(leaf.as_bytes()));
        self.leaves += 1;
        // As many subtrees are now complete as the number of leaves has zeros at its end.
        for _ in 0..self.leaves.trailing_zeros() {
            root = self.subtrees.pop().map_or(root, |left| node(&left, &root));
        }
        self.subtrees.push(root);
    }

    /// How many leaves it has.
    pub(crate) const fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The root. That of a tree without leaves is the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        let mut subtrees = self.subtrees.iter().rev().copied();
        let Some(smallest) = subtrees.next() else { return Hash::of([]) };
        subtrees.fold(smallest, |right, left| node(&left, &right))
    }
}

/// The root over a list.
pub(crate) fn root<'h>(leaves: impl IntoIterator<Item = &'h Hash>) -> Hash {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(leaf);
    }
    tree.root()
}

/// The audit path of RFC 6962, section 2.1.1: the root of the other half at each fork, from a leaf up.
pub(crate) fn path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut below, beside) = match index.checked_sub(left.len()) {
        None => (path(left, index), root(right)),
        Some(index) => (path(right, index), root(left)),
    };
    below.push(beside);
    below
}

/// The root of a tree of so many leaves in which a leaf stands at this place, by its path; `None` where the path is too
/// short or too long for that.
pub(crate) fn root_of_path(leaf: &Hash, index: u64, leaves: u64, path: &[Hash]) -> Option<Hash> {
    let (mut index, mut last) = (index, leaves.checked_sub(1).filter(|last| index <= *last)?);
    let mut root = Hash::finish(Sha256::new().chain_update(LEAF).chain_update(leaf.as_bytes()));
    for beside in path {
        if last == 0 {
            return None;
        }
        // What stands alone at the end of a level rises to the level where it gets something on its left.
        let rises = if index == last { index.trailing_zeros() } else { 0 };
        (index, last) = (index >> rises, last >> rises);
        root = if index % 2 == 1 { node(beside, &root) } else { node(&root, beside) };
        (index, last) = (index / 2, last / 2);
    }
    (last == 0).then_some(root)
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Hash::finish(Sha256::new().chain_update(NODE).chain_update(left.as_bytes()).chain_update(right.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, word by word: split at the largest power of two below the number of leaves.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of([]),
            [leaf] => Hash::of([&LEAF[..], leaf.as_bytes()].concat()),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node(&by_definition(&leaves[..split]), &by_definition(&leaves[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_rfc_6962_for_every_number_of_leaves() {
        let leaves: Vec<Hash> = (0..70_u8).map(|number| Hash::of([number])).collect();
        for number in 0..=leaves.len() {
            assert_eq!(root(&leaves[..number]), by_definition(&leaves[..number]), "{number} leaves");
        }
    }

    #[test]
    fn the_root_depends_on_every_leaf_and_on_their_order() {
        let leaves: Vec<Hash> = (0..9_u8).map(|number| Hash::of([number])).collect();
        let whole = root(&leaves);
        for position in 0..leaves.len() {
            let mut changed = leaves.clone();
            changed.remove(position);
            assert_ne!(root(&changed), whole);
            changed.insert((position + 1) % leaves.len(), leaves[position]);
            assert_ne!(root(&changed), whole);
        }
    }
}
