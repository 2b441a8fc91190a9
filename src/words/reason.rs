//! Reasons that the office often has, prepared to be chosen and completed. They are in Italian whatever the language of the
//! page: a reason stands on record as the citizen and a court may read it.

use policy::Clause;

/// Reasons to confirm that a text violates a clause.
pub fn to_confirm(clause: &Clause) -> Vec<String> {
    let which = named(clause);
    vec![
        format!("Riletto: il testo viola {which}."),
        format!("Riletto nel contesto della discussione: il testo viola {which}."),
        format!("Riletto: non è una critica al servizio, ma viola {which}."),
    ]
}

/// Reasons to take back what was done under a clause.
pub fn to_overturn(clause: &Clause) -> Vec<String> {
    let which = named(clause);
    vec![
        format!("Riletto: il testo non viola {which}."),
        format!("Riletto: è una critica legittima, che {which} non vieta."),
        format!("Riletto: le parole sono citate o usate in un altro senso, e non violano {which}."),
    ]
}

/// A reason to confirm that somebody else was exposed.
pub fn of_exposure() -> Vec<String> {
    vec!["Riletto: sono dati personali di un'altra persona, pubblicati senza che lo volesse.".to_owned()]
}

/// Reasons to confirm or to take back what was done where no clause is cited.
pub fn without_clause(confirms: bool) -> Vec<String> {
    let reason = if confirms {
        "Riletto: ciò che è stato fatto è giusto."
    } else {
        "Riletto: ciò che è stato fatto non era dovuto."
    };
    vec![reason.to_owned()]
}

fn named(clause: &Clause) -> String {
    format!("l'articolo {} ({})", clause.number, clause.title)
}
