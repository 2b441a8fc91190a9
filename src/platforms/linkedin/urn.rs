//! LinkedIn's names of things.

use std::fmt;

/// The URN of a comment. LinkedIn spells it in two ways, `urn:li:comment:(urn:li:activity:A,C)` and
/// `urn:li:comment:(activity:A,C)` (docs/platforms.md, section 2.8); calls take the first, in which it is displayed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CommentUrn {
    kind: String,
    post: String,
    comment: String,
}

impl CommentUrn {
    /// Reads either spelling.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (post, comment) = text.strip_prefix("urn:li:comment:(")?.strip_suffix(')')?.split_once(',')?;
        Self::of(post, comment)
    }

    /// Reads the spelling of addresses of its site, in which the comment comes first:
    /// `urn:li:fsd_comment:(C,urn:li:activity:A)`.
    pub(super) fn parse_dash(text: &str) -> Option<Self> {
        let (comment, post) = text.strip_prefix("urn:li:fsd_comment:(")?.strip_suffix(')')?.split_once(',')?;
        Self::of(post, comment)
    }

    fn of(post: &str, comment: &str) -> Option<Self> {
        let (kind, post) = post.trim().trim_start_matches("urn:li:").split_once(':')?;
        let comment = comment.trim();
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        (word && number(post) && number(comment)).then(|| Self {
            kind: kind.to_owned(),
            post: post.to_owned(),
            comment: comment.to_owned(),
        })
    }

    /// The URN of the post.
    pub(super) fn post(&self) -> String {
        format!("urn:li:{}:{}", self.kind, self.post)
    }

    /// The number of the comment below the post.
    pub(super) fn number(&self) -> &str {
        &self.comment
    }

    /// The address at which people see the comment.
    pub(super) fn permalink(&self) -> String {
        let comment = encode(&self.to_string());
        format!("https://www.linkedin.com/feed/update/{}?commentUrn={comment}", self.post())
    }
}

impl fmt::Display for CommentUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, post, comment } = self;
        write!(f, "urn:li:comment:(urn:li:{kind}:{post},{comment})")
    }
}

/// Percent-encodes a URN for a path or for a query: parentheses, commas and colons too (docs/platforms.md, section
/// 3.4).
pub(super) fn encode(urn: &str) -> String {
    // Form encoding is what is asked for but for the blank, which no URN holds.
    url::form_urlencoded::byte_serialize(urn.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792)";

    #[test]
    fn both_spellings_are_one_comment() {
        for spelling in [FULL, "urn:li:comment:(activity:7094637247890620418,7094977717598625792)"] {
            let urn = CommentUrn::parse(spelling).unwrap();
            assert_eq!(urn.to_string(), FULL);
            assert_eq!(urn.post(), "urn:li:activity:7094637247890620418");
            assert_eq!(urn.number(), "7094977717598625792");
        }
        let other = CommentUrn::parse("urn:li:comment:(ugcPost:1, 2)").unwrap();
        assert_eq!(other.to_string(), "urn:li:comment:(urn:li:ugcPost:1,2)");
    }

    #[test]
    fn nothing_else_is_a_comment() {
        for text in [
            "",
            "urn:li:share:7094637247487995904",
            "urn:li:comment:(urn:li:activity:1,2",
            "urn:li:comment:(urn:li:activity:1)",
            "urn:li:comment:(urn:li:activity:1,../2)",
            "urn:li:comment:(urn:li:act/ivity:1,2)",
            "urn:li:comment:(urn:li:activity:,2)",
            "urn:li:comment:(urn:li:activity:1,)",
        ] {
            assert!(CommentUrn::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn all_punctuation_is_encoded() {
        assert_eq!(
            encode("urn:li:comment:(urn:li:activity:123,456)"),
            "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A123%2C456%29"
        );
    }
}
