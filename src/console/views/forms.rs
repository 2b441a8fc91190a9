//! The forms of the pages.

use maud::{Markup, html};

use crate::visit::Visit;

/// A form with a reason.
#[derive(Clone, Copy)]
pub(super) struct ReasonForm<'f> {
    /// The id of the field.
    pub id: &'f str,
    /// Where it is sent.
    pub action: &'f str,
    /// What its button says.
    pub button: &'f str,
    /// Whether it takes something away.
    pub danger: bool,
}

impl Visit<'_> {
    /// A form that sends a reason to an address, with what else belongs to it above the reason.
    pub(super) fn form_with(&self, id: &str, action: &str, button: &str, danger: bool, above: Markup) -> Markup {
        html! {
            form class="stack" method="post" action=(action) {
                (self.proof())
                (above)
                label for=(id) { (self.say("Motivazione (obbligatoria)", "Reason (required)")) }
                textarea id=(id) name="reason" required minlength="3" maxlength="4000" { (self.form.get("reason")) }
                (sending(button, danger))
            }
        }
    }

    /// The same, with reasons to choose from, which what is written completes. One of the two is enough.
    pub(super) fn form_with_reasons(&self, form: &ReasonForm<'_>, reasons: &[String], above: Markup) -> Markup {
        let ReasonForm { id, action, button, danger } = *form;
        let chosen = self.form.get("prepared");
        html! {
            form class="stack" method="post" action=(action) {
                (self.proof())
                (above)
                label for={ "prepared-" (id) } { (self.say("Motivazione preparata", "Prepared reason")) }
                select id={ "prepared-" (id) } name="prepared" {
                    option value="" { (self.say("nessuna: la scrivo", "none: I write it")) }
                    @for reason in reasons { option value=(reason) selected[*reason == chosen] { (reason) } }
                }
                label for=(id) { (self.say("Motivazione, da sola o a completamento", "Reason, by itself or to complete it")) }
                textarea id=(id) name="reason" maxlength="4000" { (self.form.get("reason")) }
                (sending(button, danger))
            }
        }
    }

    /// A choice among some.
    pub(super) fn choice<'o>(
        &self,
        id: &str,
        label: &str,
        chosen: &str,
        options: impl IntoIterator<Item = (&'o str, String)>,
    ) -> Markup {
        html! {
            div {
                label for=(id) { (label) }
                select id=(id) name=(id) {
                    option value="" { (self.say("tutti", "all")) }
                    @for (value, name) in options { option value=(value) selected[value == chosen] { (name) } }
                }
            }
        }
    }

    /// A line of text to fill in.
    pub(super) fn line(&self, id: &str, label: &str, value: &str) -> Markup {
        html! { div { label for=(id) { (label) } input type="text" id=(id) name=(id) value=(value); } }
    }
}

/// The button that sends a form; of another colour where that takes something away.
fn sending(button: &str, danger: bool) -> Markup {
    html! { button class=(if danger { "btn danger" } else { "btn" }) { (button) } }
}
