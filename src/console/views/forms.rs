//! The forms of the pages.

use maud::{Markup, html};

use crate::visit::Visit;

impl Visit<'_> {
    /// A form that sends a reason to an address, with what else belongs to it above the reason.
    pub(super) fn form_with(&self, id: &str, action: &str, button: &str, danger: bool, above: Markup) -> Markup {
        let class = if danger { "btn danger" } else { "btn" };
        html! {
            form class="stack" method="post" action=(action) {
                (self.proof())
                (above)
                label for=(id) { (self.say("Motivazione (obbligatoria)", "Reason (required)")) }
                textarea id=(id) name="reason" required minlength="3" maxlength="4000" { (self.form.get("reason")) }
                button class=(class) { (button) }
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
