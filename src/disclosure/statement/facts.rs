//! What a statement says in sentences: the clauses, what they forbid, and what happened.

use jiff::Timestamp;
use ledger::Case;
use policy::Language;
use words::record as words;

use crate::judged::{InForce, Judgement};

const IT: Language = Language::Italian;

/// The longest `incompatible_content_ground` that the database takes, in characters.
const MAX_GROUND: usize = 500;
/// The longest `incompatible_content_explanation`.
const MAX_EXPLANATION: usize = 2_000;
/// The longest `decision_facts`.
const MAX_FACTS: usize = 5_000;

/// The clauses by number and, where the policy of then is at hand, by title.
pub(super) fn ground(verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let mut numbers: Vec<&str> = Vec::new();
    for finding in &verdict.findings {
        if !numbers.contains(&finding.clause) {
            numbers.push(finding.clause);
        }
    }
    let clauses: Vec<String> = numbers.into_iter().map(|number| cited(number, policy)).collect();
    let reference = policy.reference;
    let ground =
        format!("Social media policy {}, versione {}: {}", reference.id, reference.version, clauses.join("; "));
    cut(ground, MAX_GROUND)
}

fn cited(number: &str, policy: &InForce<'_>) -> String {
    match policy.clauses.iter().find(|clause| clause.number == number) {
        Some(clause) => format!("articolo {number}, {}", clause.title),
        None => format!("articolo {number}"),
    }
}

/// What the policy does not admit, as published.
pub(super) fn explanation(verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let mut text =
        "Il contenuto corrisponde a quanto la policy pubblicata non ammette sui canali dell'ente.".to_owned();
    if verdict.protects {
        text += " È nascosto per proteggere le persone a cui i dati si riferiscono: non è una sanzione e non conta come \
                 violazione.";
    }
    for clause in &policy.clauses {
        text += &format!(" Articolo {}, {}: {}", clause.number, clause.title, clause.text.trim());
    }
    cut(text, MAX_EXPLANATION)
}

/// What happened, in order. The people of the office are not named: the database takes no personal data.
pub(super) fn facts(case: &Case, verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let day = |at: Timestamp| ledger::day(at).strftime("%d/%m/%Y").to_string();
    let mut text = format!(
        "Contenuto ({}) su {}, ricevuto il {} e valutato in automatico con le regole della policy: {}.",
        words::surface(case.surface, IT),
        case.platform.name(),
        day(case.received_at),
        words::outcome(verdict.outcome, IT)
    );
    if let Some(reader) = &policy.reference.reader {
        for language in [Language::Italian, Language::English] {
            text += &format!(" {}", ::words::opinion::takes_part(language));
        }
        text += &format!(" Modello {}, SHA-256 {}.", reader.id, reader.hash);
    }
    for finding in &verdict.findings {
        if let Some(opinion) = finding.opinion {
            let said = ::words::opinion::opinion(opinion, IT);
            text += &format!(" Modello statistico, {}: {said}.", cited(finding.clause, policy));
            continue;
        }
        text += &format!(" Regola {} ({}): {}.", finding.rule, finding.detector, cited(finding.clause, policy));
    }
    for action in case.actions.iter().filter(|action| action.asked_at.is_some()) {
        let happened = match (action.effect, action.effect_at) {
            (Some(effect), Some(at)) => format!("{} il {}", words::effect(effect, IT), day(at)),
            _ => "in corso".to_owned(),
        };
        text += &format!(" Chiesto alla piattaforma di {}: {happened}.", words::action(action.kind, IT));
    }
    for (action, at) in case.actions.iter().filter_map(|action| Some((action, action.by_hand_at?))) {
        let what = words::action(action.kind, IT);
        text += &format!(" Fatto a mano da una persona dell'ufficio: {what}, il {}.", day(at));
    }
    for decision in &case.decisions {
        let what = words::decision(decision.kind, IT);
        text += &format!(" Decisione di una persona dell'ufficio il {}: {what}.", day(decision.at));
    }
    cut(text, MAX_FACTS)
}

fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_what_the_database_takes_counted_in_characters() {
        assert_eq!(cut("però".to_owned(), 4), "però");
        assert_eq!(cut("perché".to_owned(), 4), "per…");
    }
}
