//! The frame that all pages have.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use policy::Language;

/// What all pages look like. Each adds what only it has.
pub const BASE_STYLE: &str = include_str!("base.css");
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
    /// Those who have signed in, from a server: it says in its headers what the page may do, and has the style at
    /// addresses of its own.
    Office {
        /// Those addresses, in their order.
        sheets: &'static [String],
        /// That of what makes the page comfortable; it works without.
        script: Option<&'static str>,
    },
}

/// What a page says.
pub enum Content {
    /// Parts, which an index lists.
    Parts(Vec<Part>),
    /// So little that it needs no index.
    Short(Markup),
    /// A page among others, with the way to them.
    Room {
        /// What leads to the others.
        ways: Markup,
        /// What it says.
        body: Markup,
    },
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
        let listed = self.readers == Readers::Everybody;
        let markup = html! {
            (DOCTYPE)
            html lang=(self.language.as_str()) {
                head {
                    meta charset="utf-8";
                    @if few { meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY); }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if !listed { meta name="robots" content="noindex"; }
                    title { (self.title) }
                    @match self.readers {
                        Readers::Office { sheets, script } => {
                            // No picture: browsers would ask for one at an address of their own choice.
                            link rel="icon" href="data:,";
                            @for sheet in sheets { link rel="stylesheet" href=(sheet); }
                            @if let Some(script) = script { script src=(script) defer {} }
                        },
                        Readers::Everybody | Readers::Few => {
                            style { (PreEscaped(BASE_STYLE)) (PreEscaped(self.style)) }
                        },
                    }
                }
                body {
                    @match &self.content {
                        Content::Parts(parts) => (with_index(&self.header, parts, self.language)),
                        Content::Short(body) => {
                            header { (self.header) }
                            main { (body) }
                        },
                        Content::Room { ways, body } => {
                            a class="skip" href="#contenuto" { (skip(self.language)) }
                            header { (ways) (self.header) }
                            main id="contenuto" tabindex="-1" { (body) }
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
    let index = match language {
        Language::Italian => "Indice",
        Language::English => "Contents",
    };
    html! {
        a class="skip" href="#contenuto" { (skip(language)) }
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

const fn skip(language: Language) -> &'static str {
    match language {
        Language::Italian => "Vai al contenuto",
        Language::English => "Skip to the content",
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

    #[test]
    fn a_page_of_the_office_has_its_style_elsewhere_and_leads_to_the_others() {
        let room = Content::Room { ways: html! { nav { "ways" } }, body: html! { p { "All" } } };
        let sheets: &'static [String] = vec!["/one.css".to_owned(), "/two.css".to_owned()].leak();
        let office = page(Readers::Office { sheets, script: Some("/keys.js") }, room);
        let links = r#"<link rel="stylesheet" href="/one.css"><link rel="stylesheet" href="/two.css">"#;
        assert!(office.contains(links) && !office.contains("<style"), "{office}");
        assert!(office.contains(r#"<script src="/keys.js" defer></script>"#), "{office}");
        assert!(office.contains("noindex") && !office.contains("http-equiv"), "{office}");
        assert!(office.contains(r#"<main id="contenuto" tabindex="-1"><p>All</p></main>"#), "{office}");
    }
}
