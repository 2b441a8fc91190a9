//! What comes with a request: fields of its address and of its form, and cookies.

use bytes::Bytes;
use http::{HeaderMap, header};
use url::form_urlencoded::{self, Serializer};

/// The longest form that is read, in bytes: a reason has at most 4,000 characters, a text to try 20,000.
pub const LONGEST: usize = 128 * 1024;

/// Fields by name, in their order.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of the query of an address, or of a form.
    pub fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Those of a form: nothing where the body is none, or over the limit.
    pub fn of_form(headers: &HeaderMap, body: &Bytes) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let is_form = kind.split(';').next()?.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        (is_form && body.len() <= LONGEST).then(|| Self::parse(body))
    }

    /// A field; empty where there is none. Of several, the first.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A field with something in it.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty())
    }

    /// All values of a field.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An address with these fields, of which those without a value are left out.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A part of a path, such as the id of a task, as it stands in an address.
pub fn part(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The value of a cookie. Of several with the name, the first.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_out_what_is_empty_and_reads_back() {
        let written = address("/console/queue", &[("platform", ""), ("clause", "R1 & più"), ("sort", "urgent")]);
        assert_eq!(written, "/console/queue?clause=R1+%26+pi%C3%B9&sort=urgent");
        let fields = Fields::parse(written.split_once('?').unwrap().1.as_bytes());
        assert_eq!((fields.get("clause"), fields.given("platform")), ("R1 & più", None));
        assert_eq!(part("a b/c+d"), "a%20b%2Fc%2Bd");
    }

    #[test]
    fn only_a_form_is_read_as_one() {
        let mut headers = HeaderMap::new();
        let body = Bytes::from_static(b"reason=perch%C3%A9");
        assert!(Fields::of_form(&headers, &body).is_none());
        headers.insert("content-type", "application/x-www-form-urlencoded; charset=utf-8".parse().unwrap());
        assert_eq!(Fields::of_form(&headers, &body).unwrap().get("reason"), "perché");
        assert!(Fields::of_form(&headers, &Bytes::from(vec![b'a'; LONGEST + 1])).is_none());
        headers.insert("cookie", "a=1; b=2=3".parse().unwrap());
        assert_eq!((cookie(&headers, "b"), cookie(&headers, "c")), (Some("2=3"), None));
    }
}
