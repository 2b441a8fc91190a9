//! The attributes of the database, and its terms for ours.

use jiff::civil::Date;
use policy::Category;
use serde::Serialize;

/// The countries of the European Economic Area: on the page of an account, a restriction holds for whoever looks.
pub(super) const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

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
pub(super) const fn in_the_database(category: Category) -> Option<(&'static str, Option<&'static str>)> {
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
    fn the_countries_are_those_of_the_economic_area_each_once() {
        assert!(EEA.is_sorted_by(|one, next| one < next));
        assert!(EEA.contains(&"IT") && EEA.contains(&"NO") && !EEA.contains(&"CH"));
    }
}
