//! The addresses that a deployment sets: its own, and those of the platforms.

use platforms::Endpoints;
use url::Url;

use super::SettingError;

/// The address under which the public reaches a server of ours, without what belongs to a single page.
///
/// # Errors
/// When it is no address of a web server.
pub fn public_address(text: &str) -> Result<Url, SettingError> {
    let wrong = || SettingError {
        name: "address".to_owned(),
        reason: "is not the address of a web server, expected for example https://galateo.example.it",
    };
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if is_plain && matches!(url.scheme(), "https" | "http") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// Where the platforms' APIs are: the real ones in the versions that `GALATEO_GRAPH_VERSION` (`v26.0`) and
/// `GALATEO_LINKEDIN_VERSION` (`202607`) name, or the sandbox at `GALATEO_SANDBOX_URL`.
///
/// # Errors
/// When an address or version is not of the expected form.
pub fn endpoints(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Endpoints, SettingError> {
    let wrong = |name: &str, reason| SettingError { name: name.to_owned(), reason };
    if let Some(base) = lookup("GALATEO_SANDBOX_URL") {
        let base = Url::parse(&base).map_err(|_| wrong("GALATEO_SANDBOX_URL", "is not an address"))?;
        return Ok(Endpoints::sandbox(&base));
    }
    let mut endpoints = Endpoints::production();
    if let Some(version) = lookup("GALATEO_GRAPH_VERSION") {
        let digits = version.strip_prefix('v').and_then(|version| version.split_once('.'));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
            return Err(wrong("GALATEO_GRAPH_VERSION", "is not a version, expected the form v26.0"));
        }
        endpoints.set_graph_version(&version);
    }
    if let Some(version) = lookup("GALATEO_LINKEDIN_VERSION") {
        if version.len() != 6 || !version.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("GALATEO_LINKEDIN_VERSION", "is not a version, expected the form 202607"));
        }
        endpoints.linkedin_version = version;
    }
    Ok(endpoints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_that_of_a_web_server_and_of_no_page() {
        for right in ["https://galateo.example.it", "https://example.it/galateo/", "http://127.0.0.1:8787"] {
            assert!(public_address(right).is_ok(), "{right}");
        }
        for wrong in
            ["", "galateo.example.it", "ftp://example.it", "https://a@b.it", "https://b.it/?code=1", "https://b.it/#x"]
        {
            assert!(public_address(wrong).unwrap_err().to_string().starts_with("setting address: "), "{wrong}");
        }
    }
}
