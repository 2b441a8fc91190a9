//! Weights from voices: a multinomial logistic regression.

use std::collections::HashMap;

use text::Folded;

use super::minimise::minimise;
use super::{Expected, Voice};
use crate::Class;
use crate::features::{self, Feature, Look, Sort};
use crate::weights::Written;

/// What training goes by. The defaults are what the shipped weights were trained with; docs/reader.md says why.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// In how many lines a feature must stand.
    pub fewest_lines: usize,
    /// How many voices must have written it, so that no feature remembers one.
    pub fewest_voices: usize,
    /// How much a word, a mark, a pair, a row of letters counts before it is weighed by how rare it is.
    pub scales: [f64; 4],
    /// How freely the weights may grow: the inverse of what their squares cost.
    pub freedom: f64,
    /// How much of a line that a person should look at breaks the policy; the rest of it is lawful.
    pub doubt: f64,
    /// By what scores are divided, so that probabilities are right on voices that were left out.
    pub flattening: f64,
    /// How many steps training takes at most.
    pub most_steps: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fewest_lines: 3,
            fewest_voices: 2,
            scales: [1.0, 1.0, 0.7, 0.7],
            freedom: 8.0,
            doubt: 0.5,
            flattening: 0.8,
            most_steps: 80,
        }
    }
}

/// Scores grow by at most so much for each step of the weights: whatever is beyond the last step is cut.
const STEPS: f64 = 127.0;
/// Of the weights of a class, in ten thousandths, how many are cut at the last step.
const CUT: usize = 5;

/// Trains on voices. Gives the weights as bytes.
pub fn train<'v>(voices: impl IntoIterator<Item = &'v Voice>, settings: &Settings) -> Vec<u8> {
    let lines = lines(voices, settings.doubt);
    let vocabulary = Vocabulary::new(&lines, settings);
    let rows: Vec<Row> = lines.iter().map(|line| vocabulary.row(line)).collect();
    let features = vocabulary.features.len();
    let mut weights = vec![0.0; (features + 1) * Class::COUNT];
    minimise(&mut weights, settings.most_steps, 1e-5, |weights, gradient| {
        loss(&rows, weights, gradient, settings.freedom)
    });
    quantised(&vocabulary, &weights, settings.flattening).to_bytes()
}

/// A line as its features, in order, with what it is.
struct Looked {
    voice: usize,
    features: Vec<Feature>,
    is: [f64; Class::COUNT],
}

impl Look for Looked {
    fn feature(&mut self, feature: Feature) {
        self.features.push(feature);
    }
}

fn lines<'v>(voices: impl IntoIterator<Item = &'v Voice>, doubt: f64) -> Vec<Looked> {
    let mut lines = Vec::new();
    for (voice, of) in voices.into_iter().enumerate() {
        for line in &of.lines {
            let mut is = [0.0; Class::COUNT];
            let class = line.class();
            let sure = if line.expected == Expected::Review && class != Class::Danger { doubt } else { 1.0 };
            is[class as usize] += sure;
            is[Class::Lawful as usize] += 1.0 - sure;
            let mut looked = Looked { voice, features: Vec::new(), is };
            features::look(Folded::new(&line.text).text(), &mut looked);
            lines.push(looked);
        }
    }
    lines
}

/// The features that count, and how much each.
struct Vocabulary {
    /// By rising hash.
    features: Vec<(u32, f64)>,
    index: HashMap<u32, u32>,
}

/// The features of a line, each with its value, and what the line is.
struct Row {
    values: Vec<(u32, f64)>,
    is: [f64; Class::COUNT],
}

impl Vocabulary {
    fn new(lines: &[Looked], settings: &Settings) -> Self {
        #[derive(Clone, Copy)]
        struct Seen {
            sort: Sort,
            lines: usize,
            last_line: usize,
            voices: usize,
            last_voice: usize,
        }
        let mut seen: HashMap<u32, Seen> = HashMap::new();
        for (nth, line) in lines.iter().enumerate() {
            for Feature { sort, hash } in &line.features {
                let new = Seen { sort: *sort, lines: 0, last_line: usize::MAX, voices: 0, last_voice: usize::MAX };
                let seen = seen.entry(*hash).or_insert(new);
                seen.lines += usize::from(seen.last_line != nth);
                seen.voices += usize::from(seen.last_voice != line.voice);
                (seen.last_line, seen.last_voice) = (nth, line.voice);
            }
        }
        let counts =
            |(_, seen): &(u32, Seen)| seen.lines >= settings.fewest_lines && seen.voices >= settings.fewest_voices;
        let mut kept: Vec<(u32, Seen)> = seen.into_iter().filter(counts).collect();
        kept.sort_unstable_by_key(|(hash, _)| *hash);
        let rarity = |(hash, seen): (u32, Seen)| {
            let rarity = libm::log(lines.len() as f64 / (seen.lines + 1) as f64).max(0.1);
            (hash, settings.scales[seen.sort as usize] * rarity)
        };
        let features: Vec<(u32, f64)> = kept.into_iter().map(rarity).collect();
        let index = features.iter().zip(0..).map(|((hash, _), nth)| (*hash, nth)).collect();
        Self { features, index }
    }

    fn row(&self, line: &Looked) -> Row {
        let mut known: Vec<u32> =
            line.features.iter().filter_map(|feature| self.index.get(&feature.hash).copied()).collect();
        known.sort_unstable();
        let value = |nth: u32| self.features[nth as usize].1;
        let length = known.iter().map(|nth| value(*nth).powi(2)).sum::<f64>().max(1e-9).sqrt();
        let mut values: Vec<(u32, f64)> = Vec::with_capacity(known.len());
        for nth in known {
            match values.last_mut().filter(|(last, _)| *last == nth) {
                Some((_, sum)) => *sum += value(nth) / length,
                None => values.push((nth, value(nth) / length)),
            }
        }
        Row { values, is: line.is }
    }
}

/// How badly weights fit, with what their squares cost, and how that changes with each weight. The last weights are
/// those of no feature, and cost nothing.
fn loss(rows: &[Row], weights: &[f64], gradient: &mut [f64], freedom: f64) -> f64 {
    let (free, costly) = (weights.len() - Class::COUNT, weights.len() - Class::COUNT);
    let mut sum = 0.0;
    for (slope, weight) in gradient.iter_mut().zip(weights).take(costly) {
        *slope = weight / freedom;
        sum += weight * weight / freedom / 2.0;
    }
    gradient[free..].fill(0.0);
    for row in rows {
        let mut scores = [0.0; Class::COUNT];
        scores.copy_from_slice(&weights[free..]);
        for (nth, value) in &row.values {
            let of = &weights[*nth as usize * Class::COUNT..][..Class::COUNT];
            for (score, weight) in scores.iter_mut().zip(of) {
                *score += value * weight;
            }
        }
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let parts = scores.map(|score| libm::exp(score - most));
        let all: f64 = parts.iter().sum();
        let mut wrong = [0.0; Class::COUNT];
        for class in 0..Class::COUNT {
            wrong[class] = parts[class] / all - row.is[class];
            if row.is[class] > 0.0 {
                sum -= row.is[class] * (scores[class] - most - libm::log(all));
            }
        }
        for (slope, wrong) in gradient[free..].iter_mut().zip(wrong) {
            *slope += wrong;
        }
        for (nth, value) in &row.values {
            let of = &mut gradient[*nth as usize * Class::COUNT..][..Class::COUNT];
            for (slope, wrong) in of.iter_mut().zip(wrong) {
                *slope += value * wrong;
            }
        }
    }
    sum
}

/// The weights in whole steps. What a feature counts is multiplied in, so that reading only adds.
fn quantised(vocabulary: &Vocabulary, weights: &[f64], flattening: f64) -> Written {
    let features = vocabulary.features.len();
    let exact =
        |nth: usize, class: usize| weights[nth * Class::COUNT + class] * vocabulary.features[nth].1 / flattening;
    let mut worths = [0.0; Class::COUNT];
    for (class, worth) in worths.iter_mut().enumerate() {
        let mut sizes: Vec<f64> = (0..features).map(|nth| exact(nth, class).abs()).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let last = features.saturating_sub(1 + features * CUT / 10_000);
        *worth = sizes.get(last).copied().unwrap_or_default().max(1e-6) / STEPS;
    }
    let row = |nth: usize| {
        let (hash, value) = vocabulary.features[nth];
        let mut steps = [0; Class::COUNT];
        for (class, step) in steps.iter_mut().enumerate() {
            *step = (exact(nth, class) / worths[class]).round().clamp(-STEPS, STEPS) as i8;
        }
        (hash, (value * value * 512.0).round().clamp(1.0, f64::from(u16::MAX)) as u16, steps)
    };
    let mut biases = [0; Class::COUNT];
    for (class, bias) in biases.iter_mut().enumerate() {
        *bias = (weights[features * Class::COUNT + class] / flattening * 65_536.0).round() as i32;
    }
    let in_units = worths.map(|worth| (worth * f64::from(1 << 24)).round() as i32);
    Written { worths: in_units, biases, features: (0..features).map(row).collect() }
}
