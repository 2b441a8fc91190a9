//! The table of the demo, in words that a communication officer uses.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::demo::rows::{Figures, Row};
use crate::failure::Failure;
use crate::output::{self, Styled, cell};

/// Prints every row, then the totals. Colours appear only on a terminal.
pub fn print(rows: &[Row], figures: &Figures) -> Result<(), Failure> {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(160);
    }
    let head = ["Piattaforma", "Testo", "Esito", "Clausola", "Chiesto alla piattaforma", "Avvenuto"];
    table.set_header(head.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in rows {
        let verdict = match colour(&row.verdict) {
            Some(colour) => cell(&row.verdict).fg(colour),
            None => cell(&row.verdict),
        };
        table.add_row(vec![
            cell(&row.platform),
            cell(&row.excerpt),
            verdict,
            cell(&row.clause),
            cell(&row.asked),
            cell(&row.happened),
        ]);
    }
    let mut text = Styled::default();
    text.table(&table);
    text.text(&format!("{figures}\n"));
    output::print_styled(&text)
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
