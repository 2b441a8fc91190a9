//! Which figures there are over all lines.

/// A figure over all lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Hidden, of the lines that are not to be hidden.
    FalseHides,
    /// Hidden, of the lines that are to be allowed.
    MustStayHidden,
    /// In review, of the lines that are to be allowed.
    MustStayReviewed,
    /// Hidden, of the lines that are to be hidden.
    HideRecall,
    /// Hidden or in review, of the lines that are to be hidden.
    Surfaced,
    /// Redirected, of the lines that are to be redirected.
    RedirectRecall,
    /// With a first finding of one of the labelled categories, of the hidden lines that are labelled with categories.
    FirstCategory,
    /// In review, of all lines.
    ReviewLoad,
}

impl Measure {
    /// All figures, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::FalseHides,
        Self::MustStayHidden,
        Self::MustStayReviewed,
        Self::HideRecall,
        Self::Surfaced,
        Self::RedirectRecall,
        Self::FirstCategory,
        Self::ReviewLoad,
    ];

    /// Its key in the JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FalseHides => "false_hides",
            Self::MustStayHidden => "must_stay_hidden",
            Self::MustStayReviewed => "must_stay_reviewed",
            Self::HideRecall => "hide_recall",
            Self::Surfaced => "surfaced",
            Self::RedirectRecall => "redirect_recall",
            Self::FirstCategory => "first_category",
            Self::ReviewLoad => "review_load",
        }
    }
}
