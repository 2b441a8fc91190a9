//! The table of the demo, in words that a communication officer uses.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::demo::rows::{Figures, Row};

/// Every row, then the totals. Colours appear only on a terminal.
pub fn text(rows: &[Row], figures: &Figures) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(160);
    }
    let head = ["Piattaforma", "Testo", "Esito", "Clausola", "Chiesto alla piattaforma", "Avvenuto"];
    table.set_header(head.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in rows {
        let verdict = match colour(&row.verdict) {
            Some(colour) => Cell::new(&row.verdict).fg(colour),
            None => Cell::new(&row.verdict),
        };
        table.add_row(vec![
            Cell::new(&row.platform),
            Cell::new(&row.excerpt),
            verdict,
            Cell::new(&row.clause),
            Cell::new(&row.asked),
            Cell::new(&row.happened),
        ]);
    }
    format!("{table}\n{figures}\n")
}

fn colour(verdict: &str) -> Option<Color> {
    match verdict {
        "da nascondere" => Some(Color::Red),
        "da valutare" => Some(Color::Yellow),
        "da indirizzare" => Some(Color::Cyan),
        "ammesso" => Some(Color::Green),
        _ => None,
    }
}
