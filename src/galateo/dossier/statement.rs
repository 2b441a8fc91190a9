//! The statement of reasons, in the attributes of the DSA Transparency Database (Regulation (EU) 2022/2065, articles 17
//! and 24(5)) as its API documentation has them since July 2025. `docs/decisions/0015-the-dossiers-statement-of-reasons.md`
//! says why, and how each attribute is chosen.
//!
//! That database takes no personal data, so none stands here: no words of the contribution, no name, no id of a
//! platform.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Action, Case, CaseId, Closure, Decision, DecisionKind, Status};
use platforms::{Capability, adapter};
use policy::{ActionKind, Category, Language, Sanction, SanctionKind};
use serde::Serialize;

use super::contents::{InForce, Judgement};
use crate::words;

/// The countries of the European Economic Area: on the page of an account, a restriction holds for whoever looks.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The longest `incompatible_content_ground` that the database takes, in characters.
const MAX_GROUND: usize = 500;
/// The longest `incompatible_content_explanation`.
const MAX_EXPLANATION: usize = 2_000;
/// The longest `decision_facts`.
const MAX_FACTS: usize = 5_000;

/// What was decided about the contribution or its author, in the terms in which platforms state theirs.
#[derive(Serialize)]
pub struct Statement {
    /// Always true: the duty is the platforms', and the institution follows it of its own accord.
    pub voluntary: bool,
    /// How the decision stands.
    pub state: State,
    /// Since when the decision is taken back; absent unless it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overturned_at: Option<Timestamp>,
    /// The attributes of the database.
    pub attributes: Attributes,
}

/// How a restriction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is decided, and not carried out yet.
    Pending,
    /// It holds.
    InForce,
    /// It held, and holds no more.
    Ended,
    /// Neither the platform nor a person carried it out.
    NotCarriedOut,
}

/// The attributes, under the names and with the values of the database. Absent ones are optional there.
#[derive(Serialize)]
pub struct Attributes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decision_visibility: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_visibility_restriction: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_account: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_account_restriction: Option<Date>,
    pub decision_ground: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_ground_reference_url: Option<String>,
    pub incompatible_content_ground: String,
    pub incompatible_content_explanation: String,
    pub category: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_addition: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_specification: Vec<&'static str>,
    pub content_type: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type_other: Option<&'static str>,
    pub content_date: Date,
    pub territorial_scope: &'static [&'static str],
    pub application_date: Date,
    pub decision_facts: String,
    pub source_type: &'static str,
    pub automated_detection: &'static str,
    pub automated_decision: &'static str,
    pub puid: String,
}

/// The category of the database for one of ours, with the keyword where one says the same; `None` for what is no
/// violation. What the policy forbids and no category names is `OTHER_VIOLATION_TC`, a violation of other terms.
const fn in_the_database(category: Category) -> Option<(&'static str, Option<&'static str>)> {
    const SPEECH: &str = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH";
    const OTHER: &str = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC";
    Some(match category {
        // Insults and threats; calls to break the law; what offends or deceives.
        Category::Language | Category::Unlawful | Category::Offensive => (SPEECH, None),
        Category::Discriminatory => (SPEECH, Some("KEYWORD_DISCRIMINATION")),
        Category::PersonalData => ("STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", None),
        // The keyword for copyright would be a guess: the clause covers trade marks, too.
        Category::IntellectualProperty => ("STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS", None),
        Category::Obscene => (OTHER, Some("KEYWORD_ADULT_SEXUAL_MATERIAL")),
        // Propaganda on a public body's page breaks its neutrality; it is no harm to elections.
        Category::Political | Category::Spam | Category::OffTopic => (OTHER, None),
        Category::PersonalCase => return None,
    })
}

/// The statement about a case; `None` where nothing restricts anybody: what was allowed, redirected, or only reviewed,
/// and where a restriction was dropped before the platform was asked.
pub fn of(
    case: &Case,
    verdict: &Judgement<'_>,
    policy: &InForce<'_>,
    sanctions: &[&Sanction<CaseId>],
) -> Option<Statement> {
    let restrictions = asked(&case.actions, restricts);
    let first = restrictions.first()?;
    let visibility = Restriction::of(&case.actions, &[ActionKind::Hide, ActionKind::Delete], ActionKind::Unhide);
    let account = Restriction::of(&case.actions, &[ActionKind::Ban], ActionKind::Unban);
    let block = sanctions.iter().find(|one| one.case == case.id && one.kind >= SanctionKind::Block);
    let ends = account.as_ref().and_then(|account| account.ended).or(block.and_then(|block| block.ends_at));
    let mut named: Vec<(&'static str, Option<&'static str>)> = Vec::new();
    for category in verdict.findings.iter().filter_map(|finding| finding.category) {
        named.extend(in_the_database(category).filter(|category| !named.contains(category)));
    }
    let category = named.first().map_or("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", |(category, _)| category);
    let mut category_addition: Vec<&'static str> = Vec::new();
    for (addition, _) in &named {
        if *addition != category && !category_addition.contains(addition) {
            category_addition.push(addition);
        }
    }
    let is_text = verdict.findings.iter().any(|finding| finding.detector != "attachment");
    let attached = case.has_attachment.then_some("Allegato");
    let written = is_text || attached.is_none();
    let begun = visibility.iter().chain(&account).filter_map(|restriction| restriction.begun).min();
    Some(Statement {
        voluntary: true,
        state: state(visibility.iter().chain(&account)),
        overturned_at: match case.status {
            Status::Closed { reason: Closure::Overturned, at } => Some(at),
            Status::Closed { .. } | Status::Open => None,
        },
        attributes: Attributes {
            decision_visibility: visibility.iter().map(|_| hidden_how(case)).collect(),
            end_date_visibility_restriction: visibility.as_ref().and_then(|hidden| hidden.ended).map(ledger::day),
            decision_account: account.as_ref().map(|_| blocked_how(block.map(|block| block.kind))),
            end_date_account_restriction: account.as_ref().and(ends).map(ledger::day),
            decision_ground: "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            decision_ground_reference_url: policy.url.map(str::to_owned),
            incompatible_content_ground: cut(ground(verdict, policy), MAX_GROUND),
            incompatible_content_explanation: cut(explanation(verdict, policy), MAX_EXPLANATION),
            category,
            category_addition,
            category_specification: named.iter().filter_map(|(_, keyword)| *keyword).collect(),
            content_type: [written.then_some("CONTENT_TYPE_TEXT"), attached.map(|_| "CONTENT_TYPE_OTHER")]
                .into_iter()
                .flatten()
                .collect(),
            content_type_other: attached,
            content_date: ledger::day(case.at.unwrap_or(case.received_at)),
            territorial_scope: &EEA,
            application_date: ledger::day(begun.or(first.asked_at).unwrap_or(case.received_at)),
            decision_facts: cut(facts(case, verdict, policy), MAX_FACTS),
            source_type: "SOURCE_VOLUNTARY",
            automated_detection: if verdict.findings.is_empty() { "No" } else { "Yes" },
            automated_decision: automated(&case.decisions, &restrictions, block.copied()),
            puid: case.id.to_string(),
        },
    })
}

/// What became of the actions that restrict in one way.
struct Restriction {
    state: State,
    begun: Option<Timestamp>,
    ended: Option<Timestamp>,
}

impl Restriction {
    fn of(actions: &[Action], kinds: &[ActionKind], back: ActionKind) -> Option<Self> {
        let asked = asked(actions, |kind| kinds.contains(&kind));
        // By time: what was done by hand may have been done after what was asked later.
        let begun = asked.iter().filter_map(|action| action.carried_out_at()).min();
        let concerns = |kind: ActionKind| kinds.contains(&kind) || kind == back;
        let concerned = actions.iter().filter(|action| concerns(action.kind));
        let last =
            concerned.filter_map(|action| Some((action.carried_out_at()?, action.kind))).max_by_key(|(at, _)| *at);
        let ended = last.filter(|(_, kind)| *kind == back).map(|(at, _)| at);
        let state = match (begun, ended) {
            (Some(_), None) => State::InForce,
            (Some(_), Some(_)) => State::Ended,
            (None, _) if asked.iter().any(|action| action.effect.is_none()) => State::Pending,
            (None, _) => State::NotCarriedOut,
        };
        (!asked.is_empty()).then_some(Self { state, begun, ended })
    }
}

/// The state of several restrictions together: that of the one that holds most.
fn state<'r>(restrictions: impl Iterator<Item = &'r Restriction>) -> State {
    let order = [State::InForce, State::Pending, State::Ended];
    let states: Vec<State> = restrictions.map(|restriction| restriction.state).collect();
    order.into_iter().find(|state| states.contains(state)).unwrap_or(State::NotCarriedOut)
}

/// The actions of some kinds that were asked or still will be, without those that were dropped before.
fn asked(actions: &[Action], is_meant: impl Fn(ActionKind) -> bool) -> Vec<&Action> {
    actions.iter().filter(|action| is_meant(action.kind) && !action.was_dropped()).collect()
}

const fn restricts(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::Hide | ActionKind::Delete | ActionKind::Ban)
}

/// What can be shown again was disabled; what cannot was removed.
fn hidden_how(case: &Case) -> &'static str {
    let is_deleted = |action: &Action| action.kind == ActionKind::Delete && action.carried_out_at().is_some();
    let deleted = case.actions.iter().any(is_deleted);
    match adapter(case.platform).capability(case.surface, ActionKind::Unhide) {
        Capability::Impossible(_) => "DECISION_VISIBILITY_CONTENT_REMOVED",
        _ if deleted => "DECISION_VISIBILITY_CONTENT_REMOVED",
        _ => "DECISION_VISIBILITY_CONTENT_DISABLED",
    }
}

/// The account itself is the platform's: what ends, for a time or for good, is its part in our channel.
fn blocked_how(sanction: Option<SanctionKind>) -> &'static str {
    match sanction {
        Some(SanctionKind::Ban) => "DECISION_ACCOUNT_TERMINATED",
        _ => "DECISION_ACCOUNT_SUSPENDED",
    }
}

fn automated(decisions: &[Decision], restrictions: &[&Action], block: Option<&Sanction<CaseId>>) -> &'static str {
    let people = |action: &Action| {
        action.by_person
            || (action.kind == ActionKind::Ban && block.is_some_and(|block| !block.confirmed_by.is_empty()))
    };
    // Who did it by hand has looked at it before.
    let looked = decisions.iter().any(|decision| decision.kind == DecisionKind::Confirm)
        || restrictions.iter().any(|action| action.by_hand_at.is_some());
    if restrictions.iter().all(|action| people(action)) {
        "AUTOMATED_DECISION_NOT_AUTOMATED"
    } else if looked || restrictions.iter().any(|action| people(action)) {
        "AUTOMATED_DECISION_PARTIALLY"
    } else {
        "AUTOMATED_DECISION_FULLY"
    }
}

/// The clauses by number and, where the policy of then is at hand, by title.
fn ground(verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let mut numbers: Vec<&str> = Vec::new();
    for finding in &verdict.findings {
        if !numbers.contains(&finding.clause) {
            numbers.push(finding.clause);
        }
    }
    let clauses: Vec<String> = numbers.into_iter().map(|number| cited(number, policy)).collect();
    let reference = policy.reference;
    format!("Social media policy {}, versione {}: {}", reference.id, reference.version, clauses.join("; "))
}

fn cited(number: &str, policy: &InForce<'_>) -> String {
    match policy.clauses.iter().find(|clause| clause.number == number) {
        Some(clause) => format!("articolo {number}, {}", clause.title),
        None => format!("articolo {number}"),
    }
}

fn explanation(verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let mut text =
        "Il contenuto corrisponde a quanto la policy pubblicata non ammette sui canali dell'ente.".to_owned();
    if verdict.protects {
        text += " È nascosto per proteggere le persone a cui i dati si riferiscono: non è una sanzione e non conta come \
                 violazione.";
    }
    for clause in &policy.clauses {
        text += &format!(" Articolo {}, {}: {}", clause.number, clause.title, clause.text.trim());
    }
    text
}

/// What happened, in order. The people of the office are not named: the database takes no personal data.
fn facts(case: &Case, verdict: &Judgement<'_>, policy: &InForce<'_>) -> String {
    let day = |at: Timestamp| ledger::day(at).strftime("%d/%m/%Y").to_string();
    let mut text = format!(
        "Contenuto ({}) su {}, ricevuto il {} e valutato in automatico con le regole della policy: {}.",
        words::surface(case.surface),
        case.platform.name(),
        day(case.received_at),
        words::outcome(verdict.outcome)
    );
    if let Some(reader) = &policy.reference.reader {
        for language in [Language::Italian, Language::English] {
            text += &format!(" {}", ::words::opinion::takes_part(language));
        }
        text += &format!(" Modello {}, SHA-256 {}.", reader.id, reader.hash);
    }
    for finding in &verdict.findings {
        if let Some(opinion) = finding.opinion {
            let said = ::words::opinion::opinion(opinion, Language::Italian);
            text += &format!(" Modello statistico, {}: {said}.", cited(finding.clause, policy));
            continue;
        }
        text += &format!(" Regola {} ({}): {}.", finding.rule, finding.detector, cited(finding.clause, policy));
    }
    for action in case.actions.iter().filter(|action| action.asked_at.is_some()) {
        let happened = match (action.effect, action.effect_at) {
            (Some(effect), Some(at)) => format!("{} il {}", words::effect(effect), day(at)),
            _ => "in corso".to_owned(),
        };
        text += &format!(" Chiesto alla piattaforma di {}: {happened}.", words::action(action.kind));
    }
    for (action, at) in case.actions.iter().filter_map(|action| Some((action, action.by_hand_at?))) {
        let what = words::action(action.kind);
        text += &format!(" Fatto a mano da una persona dell'ufficio: {what}, il {}.", day(at));
    }
    for decision in &case.decisions {
        let what = words::decision(decision.kind);
        text += &format!(" Decisione di una persona dell'ufficio il {}: {what}.", day(decision.at));
    }
    text
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
    fn every_violation_has_a_category_of_the_database_and_a_redirection_has_none() {
        for category in Category::ALL {
            let named = in_the_database(category);
            assert_eq!(named.is_none(), category == Category::PersonalCase, "{category:?}");
            assert!(named.is_none_or(|(name, _)| name.starts_with("STATEMENT_CATEGORY_")));
        }
        let obscene = ("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", Some("KEYWORD_ADULT_SEXUAL_MATERIAL"));
        assert_eq!(in_the_database(Category::Obscene), Some(obscene));
    }

    #[test]
    fn a_text_is_cut_to_what_the_database_takes_counted_in_characters() {
        assert_eq!(cut("però".to_owned(), 4), "però");
        assert_eq!(cut("perché".to_owned(), 4), "per…");
    }

    #[test]
    fn of_several_restrictions_the_one_that_holds_most_counts() {
        let of = |states: &[State]| {
            let of: Vec<_> =
                states.iter().map(|state| Restriction { state: *state, begun: None, ended: None }).collect();
            state(of.iter())
        };
        assert_eq!(of(&[State::Ended, State::InForce]), State::InForce);
        assert_eq!(of(&[State::NotCarriedOut, State::Pending]), State::Pending);
        assert_eq!(of(&[State::NotCarriedOut, State::Ended]), State::Ended);
        assert_eq!(of(&[State::NotCarriedOut]), State::NotCarriedOut);
    }

    /// An action that was settled at this minute, by a call unless it was dropped.
    fn settled(kind: &str, effect: &str, call: Option<&str>, minute: u32) -> Action {
        let at = format!("2026-11-02T09:{minute:02}:00Z");
        serde_json::from_value(serde_json::json!({
            "id": "a1", "kind": kind, "effect": effect, "effect_at": at, "call": call
        }))
        .unwrap()
    }

    const CALL: Option<&str> = Some("POST /{comment-id}");
    const HIDDEN: [ActionKind; 2] = [ActionKind::Hide, ActionKind::Delete];

    #[test]
    fn what_was_dropped_before_the_platform_was_asked_restricts_nobody_and_was_not_declined() {
        let actions = [settled("hide", "already_so", None, 1)];
        assert!(asked(&actions, restricts).is_empty());
        assert!(Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).is_none());
        let declined = [settled("hide", "refused", CALL, 1)];
        let declined = Restriction::of(&declined, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!(declined.state, State::NotCarriedOut);
    }

    #[test]
    fn who_takes_back_an_unasked_action_did_not_decide_the_automatic_one() {
        let withdrawn = Action { by_person: true, ..settled("ban", "already_so", None, 2) };
        let actions = [settled("hide", "done", CALL, 1), withdrawn];
        assert_eq!(automated(&[], &asked(&actions, restricts), None), "AUTOMATED_DECISION_FULLY");
        let decided = [Action { by_person: true, ..settled("hide", "done", CALL, 1) }];
        assert_eq!(automated(&[], &asked(&decided, restricts), None), "AUTOMATED_DECISION_NOT_AUTOMATED");
    }

    #[test]
    fn a_restriction_ends_by_its_own_reversal_whatever_happens_to_another() {
        let actions =
            [settled("hide", "done", CALL, 1), settled("unhide", "done", CALL, 2), settled("ban", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::Ended, actions[1].effect_at));
        let banned = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((banned.state, banned.ended), (State::InForce, None));
    }

    #[test]
    fn what_a_person_did_in_the_platforms_place_holds_until_it_is_taken_back() {
        let by_hand = |kind, minute: u32| Action {
            by_hand_at: Some(format!("2026-11-02T10:{minute:02}:00Z").parse().unwrap()),
            ..settled(kind, "manual", None, 1)
        };
        let left =
            Restriction::of(&[settled("ban", "manual", None, 1)], &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((left.state, left.begun), (State::NotCarriedOut, None));
        let actions = [by_hand("ban", 2), settled("unban", "manual", None, 3)];
        let banned = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((banned.state, banned.begun), (State::InForce, actions[0].by_hand_at));
        let actions = [by_hand("ban", 2), by_hand("unban", 3)];
        let lifted = Restriction::of(&actions, &[ActionKind::Ban], ActionKind::Unban).unwrap();
        assert_eq!((lifted.state, lifted.ended), (State::Ended, actions[1].by_hand_at));
    }

    #[test]
    fn a_restriction_begins_with_what_was_done_first_and_ends_with_what_was_done_last() {
        let by_hand = |kind, minute: u32| Action {
            by_hand_at: Some(format!("2026-11-02T10:{minute:02}:00Z").parse().unwrap()),
            ..settled(kind, "failed", CALL, 1)
        };
        let actions = [by_hand("hide", 5), settled("delete", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.begun), (State::InForce, actions[1].effect_at));
        // The task of the first one was closed after it was shown again.
        let actions = [by_hand("hide", 5), settled("unhide", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::InForce, None));
        let actions = [settled("hide", "done", CALL, 1), by_hand("unhide", 5), settled("hide", "done", CALL, 3)];
        let hidden = Restriction::of(&actions, &HIDDEN, ActionKind::Unhide).unwrap();
        assert_eq!((hidden.state, hidden.ended), (State::Ended, actions[1].by_hand_at));
    }

    #[test]
    fn what_a_person_did_by_hand_was_not_decided_by_the_rules_alone() {
        let left = settled("hide", "manual", None, 1);
        let by_hand = [Action { by_hand_at: left.effect_at, ..left.clone() }];
        assert_eq!(automated(&[], &asked(&[left], restricts), None), "AUTOMATED_DECISION_FULLY");
        assert_eq!(automated(&[], &asked(&by_hand, restricts), None), "AUTOMATED_DECISION_PARTIALLY");
        let decided = [Action { by_person: true, ..by_hand[0].clone() }];
        assert_eq!(automated(&[], &asked(&decided, restricts), None), "AUTOMATED_DECISION_NOT_AUTOMATED");
    }

    #[test]
    fn the_countries_are_those_of_the_economic_area_each_once() {
        assert!(EEA.is_sorted_by(|one, next| one < next));
        assert!(EEA.contains(&"IT") && EEA.contains(&"NO") && !EEA.contains(&"CH"));
    }
}
