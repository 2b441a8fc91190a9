//! What a platform's server receives and answers, apart from HTTP's machinery.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// One call to a platform's API.
pub(crate) struct Request {
    /// The method.
    pub method: Method,
    /// The path below the platform's host, still percent-encoded.
    pub path: String,
    /// The parts of the path, decoded.
    pub segments: Vec<String>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's fields, if it is a form.
    form: Vec<(String, String)>,
    /// The body, if it is JSON; else `Null`.
    pub json: Value,
    /// Whether there is a body at all.
    pub has_body: bool,
}

impl Request {
    pub(crate) fn new(method: Method, path: &str, query: &str, headers: HeaderMap, body: &Bytes) -> Self {
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let content_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let is_form = content_type.starts_with("application/x-www-form-urlencoded");
        Self {
            segments: path.trim_matches('/').split('/').map(decode).collect(),
            query: pairs(query.as_bytes()),
            form: if is_form { pairs(body) } else { Vec::new() },
            json: if is_form { Value::Null } else { serde_json::from_slice(body).unwrap_or(Value::Null) },
            has_body: !body.is_empty(),
            method,
            path: path.to_owned(),
            headers,
        }
    }

    /// The method and the parts of the path, to match on.
    pub(crate) fn route(&self) -> (&str, Vec<&str>) {
        (self.method.as_str(), self.segments.iter().map(String::as_str).collect())
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number in the query, or a default; `None` when it is not a number.
    pub(crate) fn number(&self, name: &str, default: usize) -> Option<usize> {
        self.query(name).map_or(Some(default), |value| value.parse().ok())
    }

    /// A parameter from wherever the Graph API takes it: query, form or JSON.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        let written = self.query.iter().chain(&self.form).find(|(key, _)| key == name).map(|(_, value)| value.clone());
        written.or_else(|| match self.json.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    }

    /// A structured parameter, which may be JSON inside a query or form.
    pub(crate) fn structure(&self, name: &str) -> Option<Value> {
        match self.json.get(name) {
            Some(value) => Some(value.clone()),
            None => self.param(name).map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
        }
    }

    /// A text at a JSON pointer of the body.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.json.pointer(pointer)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token, wherever one of the platforms takes it.
    pub(crate) fn token(&self) -> Option<String> {
        self.bearer().map(str::to_owned).or_else(|| self.param("access_token"))
    }

    /// The bearer token.
    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }
}

/// What a platform answers.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub body: Option<Value>,
}

/// A platform's answer, an error among them where `Err`.
pub(crate) type Answered = Result<Reply, Reply>;

impl Reply {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Some(body) }
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// A window into a list: what is on this page, and the offset of the next one, if there is one.
pub(crate) fn page<T>(items: Vec<T>, start: usize, count: usize) -> (Vec<T>, Option<usize>) {
    let end = start.saturating_add(count);
    let next = (end < items.len()).then_some(end);
    (items.into_iter().skip(start).take(count).collect(), next)
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}
