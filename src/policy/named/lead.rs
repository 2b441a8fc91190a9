//! Advertising forms: leads.

use serde::Serialize;

/// A form of an advertisement through which people leave their contact details with the organisation. What they leave
/// (a lead) is never read or stored here: the office is pointed to it at the platform, together with the privacy
/// notice that it was collected under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeadForm {
    /// The platform's id of the form.
    pub id: String,
    /// What the office calls it.
    pub name: String,
    /// The address of the privacy notice that the form shows.
    pub privacy_notice: String,
}
