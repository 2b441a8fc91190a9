//! The parts of the page that prove and account: the statement of reasons, and the audit entries with their seals.

use ledger::audit::{Binding, Inclusion, ProvedEntry, Unsealed};
use maud::{Markup, html};
use pages::field;
use serde_json::Value;

use super::Printed;
use crate::statement::State;

/// The statement of reasons, each attribute under its own name.
pub(super) fn statement(printed: &Printed<'_>) -> Markup {
    let Some(statement) = &printed.dossier.statement_of_reasons else {
        return html! { p { "Nulla ha limitato, o deve ancora limitare, il contenuto o il suo autore: non c'è nulla da motivare." } };
    };
    let attributes = serde_json::to_value(&statement.attributes).unwrap_or_default();
    let attributes = attributes.as_object().into_iter().flatten();
    html! {
        p {
            "Motivazione volontaria. L'obbligo dell'articolo 17 del regolamento (UE) 2022/2065 riguarda le piattaforme; l'ente \
             documenta le proprie decisioni negli stessi termini, con gli attributi della banca dati europea sulla \
             trasparenza. Non contiene dati personali."
        }
        dl {
            (field("Stato della decisione", in_words(statement.state)))
            (printed.when("Annullata il", statement.overturned_at))
        }
        dl class="code" {
            @for (name, value) in attributes { (field(name, &shown(value))) }
        }
    }
}

const fn in_words(state: State) -> &'static str {
    match state {
        State::Pending => "decisa, non ancora eseguita",
        State::InForce => "in vigore",
        State::Ended => "non più in vigore",
        State::NotCarriedOut => "non eseguita dalla piattaforma",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The entries of the case with what proves them, and the seals.
pub(super) fn audit(printed: &Printed<'_>) -> Markup {
    let trail = &printed.dossier.audit;
    html! {
        p {
            "Ogni riga del registro ha un'impronta. Le righe di una giornata sono legate tra loro da un sigillo, pubblicato la \
             notte seguente dove nessuno può sostituirlo. Con l'indice e il percorso qui riportati chiunque può \
             ricalcolare la radice del sigillo e verificare che la riga è quella di allora, senza il resto del \
             registro. Il metodo è descritto in docs/audit-format.md, sezione 8; per farlo fare a un programma si usa il \
             fascicolo in formato JSON."
        }
        ol class="entries" {
            @for entry in trail.entries { li { (line(printed, entry)) } }
        }
        h3 { "Sigilli" }
        @if trail.seals.is_empty() { p { "Nessuna riga è ancora sigillata." } }
        ul class="entries" {
            @for sealed in &trail.seals {
                li class="code" { dl { (field("Sigillo", &sealed.seal)) (field("Impronta", &sealed.hash.to_string())) } }
            }
        }
    }
}

fn line(printed: &Printed<'_>, entry: &ProvedEntry) -> Markup {
    let value: Value = serde_json::from_str(&entry.entry).unwrap_or_default();
    let at = value["at"].as_str().and_then(|at| at.parse().ok());
    html! {
        dl {
            (printed.when("Quando", at))
            (field("Che cosa", &fact(&value["fact"])))
            (field("Chi", if value["automatic"] == true { "il sistema" } else { "una persona" }))
        }
        @if !entry.is_intact() {
            p class="grave" { "Attenzione: questa riga non corrisponde alla sua impronta. È stata alterata dopo la registrazione." }
        }
        @if entry.binding == Binding::Unsealed(Unsealed::Missing) {
            p class="grave" {
                "Attenzione: nessun sigillo lega questa riga, che dovrebbe essere sigillata da tempo. La riga, o l'elenco di \
                 ciò che il sigillo lega, è stata alterata."
            }
        }
        dl class="code" {
            (field("Riga", &entry.entry))
            (field("Impronta", &entry.hash.to_string()))
            @match &entry.binding {
                Binding::Sealed(inclusion) => (proof(inclusion)),
                Binding::Unsealed(why) => (field("Sigillo", unsealed(*why))),
            }
        }
    }
}

const fn unsealed(why: Unsealed) -> &'static str {
    match why {
        Unsealed::Pending => "non ancora: la riga sarà sigillata la notte seguente",
        Unsealed::Late => {
            "non ancora: la riga è stata scritta dopo il sigillo della sua giornata; la legherà uno dei prossimi"
        }
        Unsealed::Missing => "nessuno",
    }
}

fn proof(inclusion: &Inclusion) -> Markup {
    let path: Vec<String> = inclusion.path.iter().map(ToString::to_string).collect();
    html! {
        (field("Sigillo del", &inclusion.day.to_string()))
        (field("Indice", &inclusion.index.to_string()))
        (field("Percorso", &path.join(" ")))
    }
}

/// What an audit entry about a case records. What a newer version records is named as it stands there.
fn fact(fact: &Value) -> String {
    let name = fact.as_str().or_else(|| fact.as_object()?.keys().next().map(String::as_str)).unwrap_or_default();
    match name {
        "verdict" => "valutazione",
        "effect" => "esito di una richiesta alla piattaforma",
        "removal" => "contenuto non più presente",
        "decision" => "decisione",
        "sanction" => "passo di una sanzione",
        "disclosure" => "consegna del fascicolo",
        "erasure" => "cancellazione",
        other => other,
    }
    .to_owned()
}
