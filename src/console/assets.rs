//! What the pages load: the style. It is named after what is in it, so that a browser keeps it for ever.

use std::sync::LazyLock;

use http::{HeaderValue, StatusCode, header};
use pages::BASE_STYLE;
use sha2::{Digest, Sha256};

use crate::answer::{Answer, with_type};

static STYLE: LazyLock<String> = LazyLock::new(|| format!("{BASE_STYLE}\n{}", include_str!("console.css")));

static SHEET: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(STYLE.as_bytes());
    let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/console/assets/{short}.css")
});

/// The address of the style.
pub fn sheet() -> &'static str {
    &SHEET
}

/// What has this name.
pub fn find(name: &str) -> Option<Answer> {
    if !sheet().ends_with(&format!("/{name}")) {
        return None;
    }
    let mut answer = with_type(StatusCode::OK, "text/css; charset=utf-8", STYLE.as_str());
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    answer.headers_mut().insert(header::CACHE_CONTROL, kept);
    Some(answer)
}
