//! The frame that all pages have.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use policy::Language;

/// What all pages look like. Each adds what only it has.
const BASE_STYLE: &str = include_str!("base.css");
/// The page may load nothing, run nothing and send nothing, whatever strangers wrote into it.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A page. Everything that comes from outside is escaped by whoever makes its markup, which `maud` does.
pub struct Page<'p> {
    /// The language of what is not marked otherwise.
    pub language: Language,
    /// What the window is called.
    pub title: String,
    /// Who is to read it.
    pub readers: Readers,
    /// What it looks like beside all others.
    pub style: &'p str,
    /// What stands above the index, with the heading of the page.
    pub header: Markup,
    /// What it says.
    pub content: Content,
    /// What stands below, if anything does.
    pub footer: Option<Markup>,
}

/// Who is to read a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Everybody: it is published.
    Everybody,
    /// Those to whom it is given: no search engine lists it, and strangers' words in it can do nothing.
    Few,
}

/// What a page says.
pub enum Content {
    /// Parts, which an index lists.
    Parts(Vec<Part>),
    /// So little that it needs no index.
    Short(Markup),
}

/// One part of a page.
pub struct Part {
    /// Its id, to which the index leads.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The class of the section, if it has one.
    pub class: Option<&'static str>,
    /// What it says.
    pub body: Markup,
}

impl Part {
    /// A part without a class.
    pub const fn new(id: &'static str, title: &'static str, body: Markup) -> Self {
        Self { id, title, class: None, body }
    }
}

impl Page<'_> {
    /// The page as one file that needs nothing else.
    pub fn into_string(self) -> String {
        let few = self.readers == Readers::Few;
        let markup = html! {
            (DOCTYPE)
            html lang=(self.language.as_str()) {
                head {
                    meta charset="utf-8";
                    @if few { meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY); }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if few { meta name="robots" content="noindex"; }
                    title { (self.title) }
                    style { (PreEscaped(BASE_STYLE)) (PreEscaped(self.style)) }
                }
                body {
                    @match &self.content {
                        Content::Parts(parts) => (with_index(&self.header, parts, self.language)),
                        Content::Short(body) => {
                            header { (self.header) }
                            main { (body) }
                        },
                    }
                    @if let Some(footer) = &self.footer { footer { (footer) } }
                }
            }
        };
        markup.into_string()
    }
}

fn with_index(header: &Markup, parts: &[Part], language: Language) -> Markup {
    let (skip, index) = match language {
        Language::Italian => ("Vai al contenuto", "Indice"),
        Language::English => ("Skip to the content", "Contents"),
    };
    html! {
        a class="skip" href="#contenuto" { (skip) }
        header { (header) }
        nav aria-labelledby="indice" {
            h2 id="indice" { (index) }
            ul {
                @for part in parts { li { a href={ "#" (part.id) } { (part.title) } } }
            }
        }
        main id="contenuto" tabindex="-1" {
            @for part in parts {
                section class=[part.class] aria-labelledby=(part.id) {
                    h2 id=(part.id) { (part.title) }
                    (part.body)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(readers: Readers, content: Content) -> String {
        let page = Page {
            language: Language::English,
            title: "A <title>".to_owned(),
            readers,
            style: ".of-its-own {}",
            header: html! { h1 { "A & B" } },
            content,
            footer: None,
        };
        page.into_string()
    }

    #[test]
    fn every_part_is_listed_and_a_short_page_has_no_index() {
        let parts = vec![Part::new("one", "One", html! { p { "1" } }), Part::new("two", "Two", html! { p { "2" } })];
        let long = page(Readers::Everybody, Content::Parts(parts));
        assert!(long.contains(r##"<li><a href="#one">One</a></li><li><a href="#two">Two</a></li>"##), "{long}");
        assert!(long.contains(r#"<section aria-labelledby="two"><h2 id="two">Two</h2><p>2</p></section>"#), "{long}");
        assert!(long.contains("<title>A &lt;title&gt;</title>") && long.contains(".of-its-own {}"), "{long}");
        let short = page(Readers::Everybody, Content::Short(html! { p { "All" } }));
        assert!(!short.contains("<nav") && short.contains("<main><p>All</p></main></body>"), "{short}");
    }

    #[test]
    fn what_is_for_a_few_is_listed_nowhere_and_can_do_nothing() {
        let body = || Content::Short(html! { p { "All" } });
        assert!(!page(Readers::Everybody, body()).contains("noindex"));
        let few = page(Readers::Few, body());
        assert!(few.contains(r#"content="noindex""#) && few.contains("default-src 'none'"), "{few}");
    }
}
