//! What the measurements judge: comments as they occur on a Chamber's pages, about 145 characters on average.

use policy::{Account, Platform};
use serde_json::{Value, json};

use crate::failure::Failure;

const CLEAN: [&str; 10] = [
    "Buongiorno, il modulo per il deposito del bilancio va firmato anche dal commercialista oppure basta la firma \
     digitale dell'amministratore della società?",
    "Complimenti per il convegno di ieri sull'internazionalizzazione, relatori preparati e domande interessanti. \
     Spero che ne organizziate altri prima dell'estate.",
    "Ma vi sembra normale che per una visura si debba aspettare così tanto? Il diritto annuale però lo pretendete \
     puntuale, e guai a sbagliare di un giorno.",
    "Sono un artigiano da trent'anni e di bandi come questo ne ho visti tanti: alla fine vincono sempre quelli che \
     hanno il consulente giusto.",
    "Quando esce il calendario dei corsi del Punto Impresa Digitale? L'anno scorso quello sull'e-commerce era \
     davvero ben fatto, l'ho consigliato a tutti.",
    "Non sono d'accordo con questa iniziativa, i soldi delle imprese andrebbero spesi per ridurre i costi e non per \
     gli eventi con il buffet.",
    "Grazie!",
    "Condivido 👏👏👏",
    "La sede di Monza è raggiungibile con i mezzi? E gli sportelli di sabato mattina sono aperti o conviene venire \
     in settimana, visto che non ho trovato gli orari?",
    "Finalmente una guida scritta in modo comprensibile, l'ho stampata e appesa in officina. Si potrebbe avere anche \
     per le imprese agricole della Brianza?",
];

/// The clean comment with this number; each number gives another text.
pub fn clean(number: usize) -> String {
    format!("{} ({number})", CLEAN[number % CLEAN.len()])
}

/// A comment that breaks the policy; each number gives another text.
pub fn violating(number: usize) -> String {
    format!("Sei proprio un coglione, tu e chi ti ascolta ({number})")
}

/// The body of Facebook's webhook with these comments, one change each. The ids follow from the numbers.
pub fn facebook_body(accounts: &[Account], comments: &[(usize, String)]) -> Result<Vec<u8>, Failure> {
    let page = accounts
        .iter()
        .find(|account| account.platform == Platform::Facebook)
        .ok_or_else(|| Failure::unusable("the policy lists no Facebook account to measure with"))?;
    let page = page.id.as_str();
    let now = jiff::Timestamp::now().as_second();
    let changes: Vec<Value> = comments
        .iter()
        .map(|(number, text)| {
            json!({ "field": "feed", "value": {
                "item": "comment", "verb": "add", "comment_id": format!("900_{number}"),
                "post_id": format!("{page}_900"), "parent_id": format!("{page}_900"),
                "from": { "id": format!("8000{number}"), "name": "Prova" }, "created_time": now, "message": text
            }})
        })
        .collect();
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": now, "changes": changes }] });
    Ok(body.to_string().into_bytes())
}
