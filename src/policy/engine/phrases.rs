//! Phrases: all terms as one tree of words, walked from every word of a text that begins one.

use rustc_hash::FxHashMap;

use super::rule::Step;
use super::vocabulary::WordId;
use super::words::{Apart, Word};
use super::work;

/// How many words a gap may hold.
const WIDEST_GAP: usize = 3;

/// The terms, as paths from word to word.
pub(super) struct Phrases {
    /// For each word, the node that it leads to from the root, or 0.
    roots: Vec<u32>,
    /// From a node, by a word, to a node.
    edges: FxHashMap<(u32, WordId), u32>,
    nodes: Vec<Node>,
    /// For each phrase, another that ends at the same node.
    others: Vec<Option<usize>>,
}

#[derive(Default)]
struct Node {
    /// The last added phrase that ends here.
    end: Option<usize>,
    /// Where a gap leads to, or 0.
    gap: u32,
    /// Whether a word leads on.
    goes_on: bool,
}

impl Phrases {
    /// An empty tree.
    pub(super) fn new() -> Self {
        Self { roots: Vec::new(), edges: FxHashMap::default(), nodes: vec![Node::default()], others: Vec::new() }
    }

    /// Adds a phrase under the next number, counted from 0.
    pub(super) fn add(&mut self, steps: &[Step], mut word: impl FnMut(&str) -> WordId) {
        let phrase = self.others.len();
        self.others.push(None);
        let mut at = 0;
        for step in steps {
            at = match step {
                Step::Gap => self.gap(at),
                Step::Word(spelling) => self.edge(at, word(spelling)),
            };
        }
        let earlier = self.node_mut(at).and_then(|node| node.end.replace(phrase));
        self.others[phrase] = earlier;
    }

    /// Calls `found` with the number of each phrase that begins with this word of a text, and where it ends. The work
    /// is bounded by the depth of the tree and its gaps, whatever the text.
    pub(super) fn find(&self, words: &[Word], at: usize, found: &mut impl FnMut(usize, usize)) {
        let Some(&node) = words.get(at).and_then(|word| self.roots.get(word.id.index())) else { return };
        if node != 0 {
            self.walk(node, words, at, found);
        }
    }

    fn walk(&self, node: u32, words: &[Word], at: usize, found: &mut impl FnMut(usize, usize)) {
        work::count();
        let Some(known) = self.node(node) else { return };
        let mut end = known.end;
        while let Some(phrase) = end {
            found(phrase, at + 1);
            end = self.others.get(phrase).copied().flatten();
        }
        if known.goes_on
            && let Some(next) = words.get(at + 1)
            && next.apart == Apart::No
            && let Some(&node) = self.edges.get(&(node, next.id))
        {
            self.walk(node, words, at + 1, found);
        }
        if known.gap != 0 {
            for (nth, next) in words.iter().enumerate().skip(at + 1).take(WIDEST_GAP + 1) {
                if next.apart == Apart::Sentence {
                    break;
                }
                if let Some(&node) = self.edges.get(&(known.gap, next.id)) {
                    self.walk(node, words, nth, found);
                }
            }
        }
    }

    fn edge(&mut self, from: u32, word: WordId) -> u32 {
        let known = match from {
            0 => self.roots.get(word.index()).copied().unwrap_or(0),
            _ => self.edges.get(&(from, word)).copied().unwrap_or(0),
        };
        if known != 0 {
            return known;
        }
        let new = self.push();
        if from == 0 {
            if self.roots.len() <= word.index() {
                self.roots.resize(word.index() + 1, 0);
            }
            self.roots[word.index()] = new;
        } else {
            self.edges.insert((from, word), new);
            if let Some(node) = self.node_mut(from) {
                node.goes_on = true;
            }
        }
        new
    }

    fn gap(&mut self, from: u32) -> u32 {
        let known = self.node(from).map_or(0, |node| node.gap);
        if known != 0 {
            return known;
        }
        let new = self.push();
        if let Some(node) = self.node_mut(from) {
            node.gap = new;
        }
        new
    }

    fn push(&mut self) -> u32 {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).unwrap_or(0)
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(at).ok()?)
    }

    fn node_mut(&mut self, at: u32) -> Option<&mut Node> {
        self.nodes.get_mut(usize::try_from(at).ok()?)
    }
}
