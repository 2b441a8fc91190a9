//! Which passages of a text weighed most. Only worked out where somebody asks.

use std::ops::Range;

use text::Folded;

use crate::features::{self, Feature, Look, Sort, Token};
use crate::weights::Weights;
use crate::{Class, Reader};

/// A passage of a text, and how much it spoke for a class and against the text's being lawful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its bytes in the original text.
    pub span: Range<usize>,
    /// How much it weighed: its part of what all passages that spoke for the class weighed, in thousandths.
    pub part: u32,
}

impl Reader {
    /// The passages that weighed most for a class, the heaviest first, at most so many. Words beside each other are one
    /// passage. None where nothing spoke for the class.
    pub fn passages(&self, folded: &Folded<'_>, class: Class, most: usize) -> Vec<Passage> {
        let mut weighing = Weighing { weights: &self.weights, class, tokens: Vec::new() };
        features::look(folded.text(), &mut weighing);
        let mut found: Vec<(Token, i64)> = Vec::new();
        let mut is_open = false;
        for (token, weight) in weighing.tokens {
            match found.last_mut().filter(|_| is_open && weight > 0) {
                Some((last, sum)) => {
                    last.to = token.to;
                    *sum += weight;
                }
                None if weight > 0 => found.push((token, weight)),
                None => {}
            }
            is_open = weight > 0;
        }
        let all: i64 = found.iter().map(|(_, weight)| weight).sum();
        found.sort_by_key(|(token, weight)| (-weight, token.from));
        found.truncate(most);
        let passage = |(token, weight): (Token, i64)| Passage {
            span: folded.original(&(token.from..token.to)),
            part: u32::try_from(weight * 1_000 / all.max(1)).unwrap_or_default(),
        };
        found.into_iter().map(passage).collect()
    }
}

/// What each word or mark of a text weighs. Of a pair, half falls to each word.
struct Weighing<'w> {
    weights: &'w Weights,
    class: Class,
    tokens: Vec<(Token, i64)>,
}

impl Weighing<'_> {
    /// How much a feature speaks for the class, and more than for lawful.
    fn weight(&self, hash: u32) -> i64 {
        let Some(row) = self.weights.get(hash) else { return 0 };
        let worth =
            |class: Class| i64::from(row.weights[class as usize]) * i64::from(self.weights.worths[class as usize]);
        worth(self.class) - if self.class == Class::Lawful { 0 } else { worth(Class::Lawful) }
    }
}

impl Look for Weighing<'_> {
    fn token(&mut self, token: Token) {
        self.tokens.push((token, 0));
    }

    fn feature(&mut self, Feature { sort, hash }: Feature) {
        let weight = self.weight(hash);
        match self.tokens.as_mut_slice() {
            [.., (_, before), (_, here)] if sort == Sort::Pair => {
                *before += weight / 2;
                *here += weight / 2;
            }
            [.., (_, here)] => *here += weight,
            [] => {}
        }
    }
}
