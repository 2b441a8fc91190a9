//! The table of the demo, in words that a communication officer uses.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};
use policy::Outcome;

use crate::demo::rows::{Figures, Row};
use crate::language::either;
use crate::terminal::output::{Styled, cell};

/// Every row, then the totals. Colours appear only on a terminal.
pub fn text(rows: &[Row], figures: &Figures) -> Styled {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(160);
    }
    let head = either(
        ["Piattaforma", "Testo", "Esito", "Clausola", "Chiesto alla piattaforma", "Avvenuto"],
        ["Platform", "Text", "Outcome", "Clause", "Asked of the platform", "What happened"],
    );
    table.set_header(head.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in rows {
        let verdict = cell(&row.verdict);
        let verdict = match row.outcome {
            Some(outcome) => verdict.fg(colour(outcome)),
            None => verdict,
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
    text
}

fn colour(outcome: Outcome) -> Color {
    match outcome {
        Outcome::Hide => Color::Red,
        Outcome::Review => Color::Yellow,
        Outcome::Redirect => Color::Cyan,
        Outcome::Allow => Color::Green,
    }
}
