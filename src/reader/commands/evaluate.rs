//! How good the reader is on voices that it never saw, and on files of labelled lines.
//!
//! ```text
//! evaluate                voices in eleven groups, each read by a reader that was trained on the ten others
//! evaluate --thresholds   the same, and writes the table of thresholds beside the weights
//! evaluate --each         each voice read by a reader that was trained on all others
//! evaluate --curve        how good readers of fewer voices are
//! evaluate FILE.jsonl...  the shipped reader on files; only for measuring
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result};
use reader::training::{Expected, Line, Settings, Share, Voice, area, reliability, threshold, train};
use reader::{Class, Probability, Reader, Reading, SHIPPED};
use text::Folded;

mod voices;

/// In how many groups voices are left out.
const GROUPS: usize = 11;
/// How many of the worst errors are listed, of each kind.
const WORST: usize = 15;
/// How many of the groups of the learning curve are always left out.
const HELD_OUT: usize = 2;

/// A line, and what a reader that never saw it says.
struct Read<'l> {
    voice: usize,
    line: &'l Line,
    reading: Reading,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let voices = voices::read()?;
    match arguments.first().map(String::as_str) {
        None => report(&left_out(&voices, GROUPS)?, &voices),
        Some("--thresholds") => {
            let read = left_out(&voices, GROUPS)?;
            report(&read, &voices);
            write_thresholds(&read)?;
        }
        Some("--each") => report(&left_out(&voices, voices.len())?, &voices),
        Some("--curve") => curve(&voices)?,
        Some(_) => {
            let reader = Reader::from_bytes(SHIPPED)?;
            println!("sha256 {}, {} features", reader.sha256(), reader.features());
            for file in &arguments {
                let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
                let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
                let voice = Voice::parse(&name, &text)?;
                println!("\n{name}");
                figures(&read(&reader, 0, &voice));
            }
        }
    }
    Ok(())
}

/// For which shares of lawful lines, of a thousand, it is measured from which probability on they are called.
const CALLS: [u32; 6] = [2, 5, 10, 20, 30, 50];
/// How many of a thousand violations it may hold lawful where it objects to hiding.
const OBJECTION: u32 = 150;
/// How many of a thousand violations it may hold lawful where it lets go of a doubt.
const DOUBT: u32 = 50;
/// Of how many of a thousand lawful lines it may be nearly certain that they are violations.
const AGREEMENT: u32 = 0;
/// How many of a thousand lawful lines it may take for personal cases.
const SUGGESTION: u32 = 10;
/// How many of a thousand must be right where personal cases are answered on its word.
const ANSWERED: u32 = 950;
/// How many of a thousand lawful lines it may take for hints of danger.
const DANGER: u32 = 5;

/// Writes from which probability on the reader may be believed, as it is on lines of voices that it never saw.
fn write_thresholds(read: &[Read<'_>]) -> Result<()> {
    let understood = |expected: &'static [Expected]| {
        read.iter().filter(move |read| read.reading.is_understood() && expected.contains(&read.line.expected))
    };
    let share = |of_a_thousand: u32| f64::from(of_a_thousand) / 1_000.0;
    let lawful =
        |score: Score| -> Vec<u32> { understood(&[Expected::Allow]).map(|read| score(&read.reading)).collect() };
    let held_lawful: Vec<u32> = understood(&[Expected::Hide]).map(|read| none(&read.reading)).collect();
    let mut table = format!(
        "# What was measured on voices that were left out: purpose, lines of a thousand, probability in millionths.\n\
         # Written by: cargo run --release -p reader --features training --bin evaluate -- --thresholds\n\
         weights {}\n",
        Reader::from_bytes(SHIPPED)?.sha256()
    );
    let mut add = |purpose: &str, of_a_thousand: u32, at: u32| {
        table += &format!("{purpose} {of_a_thousand} {at}\n");
    };
    for of_a_thousand in CALLS {
        add("call", of_a_thousand, threshold(&lawful(concern), share(of_a_thousand)));
    }
    add("object", OBJECTION, threshold(&held_lawful, share(OBJECTION)));
    add("doubt", DOUBT, threshold(&held_lawful, share(DOUBT)));
    add("agree", AGREEMENT, threshold(&lawful(violation), share(AGREEMENT)));
    add("suggest", SUGGESTION, threshold(&lawful(personal), share(SUGGESTION)));
    if let Some(at) = answer(read) {
        add("answer", ANSWERED, at);
    }
    add("danger", DANGER, threshold(&lawful(danger), share(DANGER)));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/reader.thresholds");
    fs::write(&path, table).with_context(|| format!("cannot write {}", path.display()))
}

/// The lowest probability of a personal case from which on so many of a hundred are one, at every higher one too. A line
/// for a person counts as none.
fn answer(read: &[Read<'_>]) -> Option<u32> {
    let mut all: Vec<(u32, bool)> = read
        .iter()
        .filter(|read| read.reading.is_understood())
        .map(|read| (personal(&read.reading), read.line.expected == Expected::Redirect))
        .collect();
    all.sort_unstable_by(|one, other| other.cmp(one));
    let (mut right, mut found) = (0, None);
    for (count, (at, is_case)) in (1..).zip(all) {
        right += usize::from(is_case);
        // Of a few lines a share says nothing.
        if count >= 100 && right * 1_000 >= count * ANSWERED as usize {
            found = Some(at);
        } else if count >= 100 {
            break;
        }
    }
    found
}

fn read<'l>(reader: &Reader, nth: usize, voice: &'l Voice) -> Vec<Read<'l>> {
    let one = |line: &'l Line| Read { voice: nth, line, reading: reader.read(&Folded::new(&line.text)) };
    voice.lines.iter().map(one).collect()
}

/// The group that a voice is left out with. Voices of one letter are not together.
fn group(nth: usize, groups: usize) -> usize {
    nth % groups
}

fn left_out(voices: &[Voice], groups: usize) -> Result<Vec<Read<'_>>> {
    let mut found = Vec::new();
    for left_out in 0..groups {
        let others =
            voices.iter().enumerate().filter(|(nth, _)| group(*nth, groups) != left_out).map(|(_, voice)| voice);
        let reader = Reader::from_bytes(&train(others, &Settings::default()))?;
        for (nth, voice) in voices.iter().enumerate().filter(|(nth, _)| group(*nth, groups) == left_out) {
            found.extend(read(&reader, nth, voice));
        }
        eprintln!("group {} of {groups}", left_out + 1);
    }
    Ok(found)
}

/// A score by which lines are ordered.
type Score = fn(&Reading) -> u32;

fn violation(reading: &Reading) -> u32 {
    reading.of_violation().millionths()
}

fn concern(reading: &Reading) -> u32 {
    reading.of_concern().millionths()
}

/// That there is nothing for a person to look at.
fn none(reading: &Reading) -> u32 {
    Probability::ONE.millionths() - concern(reading)
}

fn danger(reading: &Reading) -> u32 {
    reading.of(Class::Danger).millionths()
}

fn personal(reading: &Reading) -> u32 {
    reading.of(Class::PersonalCase).millionths()
}

fn scores(read: &[Read<'_>], expected: &[Expected], score: Score) -> Vec<u32> {
    read.iter().filter(|read| expected.contains(&read.line.expected)).map(|read| score(&read.reading)).collect()
}

/// The figures that every set of lines has.
fn figures(read: &[Read<'_>]) {
    let [allow, redirect, review, hide] = [Expected::Allow, Expected::Redirect, Expected::Review, Expected::Hide]
        .map(|one| scores(read, &[one], violation));
    println!(
        "lawful {}, personal cases {}, for a person {}, violations {}",
        allow.len(),
        redirect.len(),
        review.len(),
        hide.len()
    );
    println!("area under the curve, violations against lawful: {:.3}", area(&hide, &allow));
    for share in [0.01, 0.03, 0.05, 0.10] {
        let at = threshold(&allow, share);
        println!(
            "where {:>2.0} % of the lawful are called: probability {}, violations {}, for a person {}, personal cases {}",
            share * 100.0,
            Probability::from_millionths(at),
            Share::reaching(&hide, at),
            Share::reaching(&review, at),
            Share::reaching(&redirect, at),
        );
    }
    let (cases, others) = (scores(read, &[Expected::Redirect], personal), scores(read, &[Expected::Allow], personal));
    let all = scores(read, &[Expected::Allow, Expected::Review, Expected::Hide], personal);
    println!("area under the curve, personal cases against lawful: {:.3}", area(&cases, &others));
    for share in [0.005, 0.01, 0.02] {
        let at = threshold(&others, share);
        let (found, wrong) = (Share::reaching(&cases, at), Share::reaching(&all, at));
        let precision = Share { hits: found.hits, of: found.hits + wrong.hits };
        println!(
            "where {:.1} % of the lawful are taken for one: probability {}, found {}, precision {precision}",
            share * 100.0,
            Probability::from_millionths(at),
            found,
        );
    }
    let right = |read: &&Read<'_>| read.reading.worst().0 == read.line.class();
    let hidden: Vec<&Read<'_>> = read.iter().filter(|read| read.line.expected == Expected::Hide).collect();
    let first = Share { hits: hidden.iter().filter(|read| right(read)).count(), of: hidden.len() };
    println!("first category right: {first}");
    let understood = Share { hits: read.iter().filter(|read| read.reading.is_understood()).count(), of: read.len() };
    println!("understood: {understood}");
}

fn report(read: &[Read<'_>], voices: &[Voice]) {
    figures(read);
    let allow = scores(read, &[Expected::Allow], violation);
    println!("\n| category | violations | called at 5 % | called at 10 % | category right |\n|---|---|---|---|---|");
    let (five, ten) = (threshold(&allow, 0.05), threshold(&allow, 0.10));
    for class in Class::violations() {
        let of: Vec<&Read<'_>> =
            read.iter().filter(|read| read.line.expected == Expected::Hide && read.line.class() == class).collect();
        let scores: Vec<u32> = of.iter().map(|read| violation(&read.reading)).collect();
        let right = Share { hits: of.iter().filter(|read| read.reading.worst().0 == class).count(), of: of.len() };
        println!(
            "| {class} | {} | {} | {} | {right} |",
            of.len(),
            Share::reaching(&scores, five),
            Share::reaching(&scores, ten)
        );
    }
    by_voice(read, voices, ten);
    calibration(read);
    dangers(read);
    worst(read, voices);
}

/// How well lines about someone in danger are told from lawful ones, and from all others.
fn dangers(read: &[Read<'_>]) {
    let is_danger = |read: &&Read<'_>| read.line.class() == Class::Danger;
    let urgent: Vec<u32> = read.iter().filter(is_danger).map(|read| danger(&read.reading)).collect();
    let lawful = scores(read, &[Expected::Allow], danger);
    let others: Vec<u32> = read.iter().filter(|read| !is_danger(read)).map(|read| danger(&read.reading)).collect();
    println!("\ndanger: {} lines, area {:.3}", urgent.len(), area(&urgent, &lawful));
    for share in [0.002, 0.005, 0.01, 0.02] {
        let at = threshold(&lawful, share);
        let (found, wrong) = (Share::reaching(&urgent, at), Share::reaching(&others, at));
        let precision = Share { hits: found.hits, of: found.hits + wrong.hits };
        println!(
            "where {:.1} % of the lawful are taken for it: probability {}, found {found}, precision {precision}",
            share * 100.0,
            Probability::from_millionths(at)
        );
    }
}

fn by_voice(read: &[Read<'_>], voices: &[Voice], at: u32) {
    println!("\n| voice | area | violations called at 10 % | lawful called |\n|---|---|---|---|");
    let mut by_voice: BTreeMap<usize, Vec<&Read<'_>>> = BTreeMap::new();
    for read in read {
        by_voice.entry(read.voice).or_default().push(read);
    }
    for (voice, read) in by_voice {
        let of = |expected: Expected| -> Vec<u32> {
            read.iter().filter(|read| read.line.expected == expected).map(|read| violation(&read.reading)).collect()
        };
        let (allow, hide) = (of(Expected::Allow), of(Expected::Hide));
        println!(
            "| {} | {:.3} | {} | {} |",
            voices.get(voice).map_or("", |voice| voice.name.as_str()),
            area(&hide, &allow),
            Share::reaching(&hide, at),
            Share::reaching(&allow, at)
        );
    }
}

/// Whether probabilities are right: those that it is a violation, of all lines but those for a person, and those of the
/// class that seemed most probable.
fn calibration(read: &[Read<'_>]) {
    let decided = || read.iter().filter(|read| read.line.expected != Expected::Review);
    let violations: Vec<(u32, bool)> =
        decided().map(|read| (violation(&read.reading), read.line.expected == Expected::Hide)).collect();
    let cases: Vec<(u32, bool)> =
        decided().map(|read| (personal(&read.reading), read.line.expected == Expected::Redirect)).collect();
    let every: Vec<(u32, bool)> = decided()
        .flat_map(|read| Class::ALL.map(|class| (read.reading.of(class).millionths(), read.line.class() == class)))
        .collect();
    for (what, said) in [("a violation", violations), ("a personal case", cases), ("each class", every)] {
        println!("\n| probability of {what} | lines | was so |\n|---|---|---|");
        let (mut error, mut all) = (0.0, 0.0);
        for range in reliability(&said) {
            println!("| {:.3} | {} | {} |", range.said, range.was.of, range.was);
            error += range.was.of as f64 * (range.said - range.was.interval().0).abs();
            all += range.was.of as f64;
        }
        println!("\non average {:.3} from what was so", error / all);
    }
    println!("\n| flattened by | what the right class lost |\n|---|---|");
    for percent in (60..=200).step_by(10) {
        let power = 100.0 / f64::from(percent);
        let loss = |read: &Read<'_>| {
            let part = |class: Class| (f64::from(read.reading.of(class).millionths().max(1)) / 1e6).powf(power);
            (Class::ALL.into_iter().map(part).sum::<f64>() / part(read.line.class())).ln()
        };
        let (sum, count) = decided().fold((0.0, 0.0), |(sum, count), read| (sum + loss(read), count + 1.0));
        println!("| {:.1} | {:.4} |", f64::from(percent) / 100.0, sum / count);
    }
}

fn worst(read: &[Read<'_>], voices: &[Voice]) {
    let of = |what: &str, expected: Expected, score: Score, most_first: bool| {
        let mut wrong: Vec<&Read<'_>> = read.iter().filter(|read| read.line.expected == expected).collect();
        wrong.sort_by_key(|read| (score(&read.reading), &read.line.id));
        if most_first {
            wrong.reverse();
        }
        println!("\n{what}\n");
        for read in wrong.into_iter().take(WORST) {
            let voice = voices.get(read.voice).map_or("", |voice| voice.name.as_str());
            let said = Probability::from_millionths(score(&read.reading));
            println!("- {said}, {voice}, {}: {}", read.line.class(), read.line.text);
        }
    };
    of("Lawful lines that most seemed violations", Expected::Allow, violation, true);
    of("Violations that least seemed so", Expected::Hide, violation, false);
    of("Personal cases that least seemed so", Expected::Redirect, personal, false);
    of("Lawful lines that most seemed personal cases", Expected::Allow, personal, true);
}

/// The same voices are read by readers of more and more others.
fn curve(voices: &[Voice]) -> Result<()> {
    let is_held_out = |nth: usize| group(nth, GROUPS) < HELD_OUT;
    let others: Vec<&Voice> =
        voices.iter().enumerate().filter(|(nth, _)| !is_held_out(*nth)).map(|(_, voice)| voice).collect();
    println!(
        "| voices | lines | area | violations called at 5 % | at 10 % | personal cases at 1 % |\n|---|---|---|---|---|---|"
    );
    for parts in [8, 4, 2, 1] {
        let of: Vec<&Voice> = others.iter().step_by(parts).copied().collect();
        let lines: usize = of.iter().map(|voice| voice.lines.len()).sum();
        let count = of.len();
        let reader = Reader::from_bytes(&train(of, &Settings::default()))?;
        let read: Vec<Read<'_>> = (voices.iter().enumerate().filter(|(nth, _)| is_held_out(*nth)))
            .flat_map(|(nth, voice)| read(&reader, nth, voice))
            .collect();
        let (allow, hide) = (scores(&read, &[Expected::Allow], violation), scores(&read, &[Expected::Hide], violation));
        let (others, cases) =
            (scores(&read, &[Expected::Allow], personal), scores(&read, &[Expected::Redirect], personal));
        println!(
            "| {count} | {lines} | {:.3} | {} | {} | {} |",
            area(&hide, &allow),
            Share::reaching(&hide, threshold(&allow, 0.05)),
            Share::reaching(&hide, threshold(&allow, 0.10)),
            Share::reaching(&cases, threshold(&others, 0.01))
        );
    }
    Ok(())
}
