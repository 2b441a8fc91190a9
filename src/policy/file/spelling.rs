//! How terms are written in lists: alternatives in braces, gaps as three dots.

use text::{fold, words};

use crate::engine::Step;

/// How many spellings one line of a list may stand for.
const MOST_SPELLINGS: usize = 500;
/// How many gaps a phrase may have: each multiplies the ways in which it can match.
const MOST_GAPS: usize = 2;

/// A term as it is written, in all the spellings that it stands for.
///
/// # Errors
/// What was expected instead.
pub(super) fn spellings(written: &str) -> Result<Vec<Vec<Step>>, String> {
    // Folding leaves braces and commas, so once is enough for all spellings.
    let folded = fold(written);
    if !folded.contains(['{', '}']) {
        return Ok(vec![steps(&folded)?]);
    }
    alternatives(&folded)?.iter().map(|spelling| steps(spelling)).collect()
}

/// Writes out the braces: `stronz{o,i}` is `stronzo` and `stronzi`.
fn alternatives(written: &str) -> Result<Vec<String>, String> {
    let mut spellings = vec![String::new()];
    let mut rest = written;
    while let Some(open) = rest.find(['{', '}']) {
        let close = rest[open..].find('}').map(|at| open + at);
        let (Some(close), true) = (close, rest[open..].starts_with('{')) else {
            return Err("a closing brace for each opening one".to_owned());
        };
        let choices = &rest[open + 1..close];
        if choices.contains('{') {
            return Err("no braces inside braces".to_owned());
        }
        let before = &rest[..open];
        let mut longer = Vec::new();
        for start in &spellings {
            for choice in choices.split(',') {
                let mut spelling = String::with_capacity(written.len());
                spelling.extend([start, before, choice.trim()]);
                longer.push(spelling);
            }
        }
        spellings = longer;
        if spellings.len() > MOST_SPELLINGS {
            return Err(format!("at most {MOST_SPELLINGS} spellings in one term"));
        }
        rest = &rest[close + 1..];
    }
    spellings.iter_mut().for_each(|spelling| spelling.push_str(rest));
    Ok(spellings)
}

fn steps(folded: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::with_capacity(folded.matches(' ').count() + 1);
    let mut gaps = 0;
    for (index, piece) in folded.split("...").enumerate() {
        if index > 0 {
            steps.push(Step::Gap);
            gaps += 1;
        }
        steps.extend(words(piece).map(|word| Step::Word(word.to_owned())));
    }
    if !steps.iter().any(|step| matches!(step, Step::Word(_))) {
        return Err("a term with letters or digits".to_owned());
    }
    let dangles = |step: Option<&Step>| matches!(step, Some(Step::Gap));
    let doubled = steps.windows(2).any(|two| two == [Step::Gap, Step::Gap]);
    if gaps > MOST_GAPS || dangles(steps.first()) || dangles(steps.last()) || doubled {
        return Err(format!("at most {MOST_GAPS} gaps, each between words"));
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(written: &str) -> Result<Vec<String>, String> {
        spellings(written).map(|spellings| spellings.iter().map(|steps| crate::engine::shown(steps)).collect())
    }

    #[test]
    fn braces_multiply_and_gaps_split() {
        assert_eq!(shown("zotic{o,a,i}"), Ok(vec!["zotico".into(), "zotica".into(), "zotici".into()]));
        assert_eq!(shown("va{,i} {a,al} mare"), {
            Ok(["va a mare", "va al mare", "vai a mare", "vai al mare"].map(String::from).to_vec())
        });
        assert_eq!(shown("Perché … l'Altro"), Ok(vec!["perche ... l altro".into()]));
    }

    #[test]
    fn a_term_that_makes_no_sense_says_why() {
        for written in ["{a", "a}", "{a,{b}}", "!!!", "... a", "a ... b ... c ... d", "a......b"] {
            assert!(shown(written).is_err(), "{written}");
        }
        let many = "{a,b,c,d,e,f,g,h}".repeat(3);
        assert!(shown(&many).is_err_and(|expected| expected.contains("spellings")));
    }
}
