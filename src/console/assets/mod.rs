//! What the pages load: the style of Bootstrap Italia and what the console adds, icons, fonts and one
//! script. Each is named after what
//! is in it, so that a browser keeps it for ever. `renew`, beside this file, says what is taken from where.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::answer::{Answer, with_type};
use crate::compressed::{accepted, gzipped, plain};

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const WOFF2: &str = "font/woff2";

/// Something that never changes under its name.
struct Asset {
    /// Its address.
    path: String,
    content_type: &'static str,
    /// As it is, unless it is kept compressed only.
    body: Body,
}

enum Body {
    /// As it is.
    Plain(&'static [u8]),
    /// Compressed, for whoever takes that; nearly everybody does.
    Gzip(Bytes),
}

impl Asset {
    fn new(kind: &str, content_type: &'static str, body: Body) -> Self {
        let hash = match &body {
            Body::Plain(bytes) => Sha256::digest(bytes),
            Body::Gzip(bytes) => Sha256::digest(bytes),
        };
        let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { path: format!("/console/assets/{short}.{kind}"), content_type, body }
    }
}

/// What there is.
struct Assets {
    all: Vec<Asset>,
    sheets: Vec<String>,
    icons: String,
    script: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let fonts: [(&str, &[u8]); 3] = [
        ("FONT_REGULAR", include_bytes!("titillium-regular.woff2")),
        ("FONT_600", include_bytes!("titillium-600.woff2")),
        ("FONT_700", include_bytes!("titillium-700.woff2")),
    ];
    let fonts = fonts.map(|(name, bytes)| (name, Asset::new("woff2", WOFF2, Body::Plain(bytes))));
    let style = fonts
        .iter()
        .fold(include_str!("console.css").to_owned(), |style, (name, font)| style.replace(name, &font.path));
    let frame = include_bytes!("bootstrap-italia.min.css.gz");
    let frame = Asset::new("css", CSS, Body::Gzip(Bytes::from_static(frame)));
    let style = Asset::new("css", CSS, Body::Gzip(gzipped(style.as_bytes())));
    let icons = Asset::new("svg", "image/svg+xml", Body::Gzip(gzipped(include_bytes!("icons.svg"))));
    let sheets = vec![frame.path.clone(), style.path.clone()];
    let script = Asset::new("js", SCRIPT, Body::Gzip(gzipped(include_bytes!("console.js"))));
    let (icons_at, script_at) = (icons.path.clone(), script.path.clone());
    let all = fonts.into_iter().map(|(_, font)| font).chain([frame, style, icons, script]).collect();
    Assets { all, sheets, icons: icons_at, script: script_at }
});

/// The addresses of the style, in the order in which they are loaded.
pub fn sheets() -> &'static [String] {
    &ASSETS.sheets
}

/// The address of the script.
pub fn script() -> &'static str {
    &ASSETS.script
}

/// The address of an icon.
pub fn icon(name: &str) -> String {
    format!("{}#it-{name}", ASSETS.icons)
}

/// What has this name.
pub fn find(name: &str, asked: &HeaderMap) -> Option<Answer> {
    let asset = ASSETS.all.iter().find(|asset| asset.path.ends_with(&format!("/{name}")))?;
    let (body, is_gzip) = match &asset.body {
        Body::Plain(bytes) => (Bytes::from_static(bytes), false),
        Body::Gzip(bytes) if accepted(asked) => (bytes.clone(), true),
        Body::Gzip(bytes) => (plain(bytes)?, false),
    };
    let mut answer = with_type(StatusCode::OK, asset.content_type, body);
    let mut say = |name, value| answer.headers_mut().insert(name, HeaderValue::from_static(value));
    say(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    if let Body::Gzip(_) = asset.body {
        say(header::VARY, "accept-encoding");
    }
    if is_gzip {
        say(header::CONTENT_ENCODING, "gzip");
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_kept_for_ever_and_reads_the_same_without_compression() {
        let mut gzip = HeaderMap::new();
        gzip.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
        for asset in &ASSETS.all {
            let name = asset.path.rsplit('/').next().unwrap();
            let (small, whole) = (find(name, &gzip).unwrap(), find(name, &HeaderMap::new()).unwrap());
            assert!(small.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
            assert!(!whole.headers().contains_key(header::CONTENT_ENCODING));
            if small.headers().contains_key(header::CONTENT_ENCODING) {
                assert_eq!(plain(small.body()).unwrap(), whole.body(), "{name}");
            }
        }
        assert!(find("", &gzip).is_none() && find("x.css", &gzip).is_none());
        let style = plain(find(sheets()[1].rsplit('/').next().unwrap(), &gzip).unwrap().body()).unwrap();
        let style = std::str::from_utf8(&style).unwrap();
        assert!(!style.contains("FONT_") && style.matches("/console/assets/").count() == 3, "{style}");
    }
}
