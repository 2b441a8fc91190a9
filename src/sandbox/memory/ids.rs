//! How each platform spells its ids, and what an id tells.

use policy::{Platform, Surface};

/// Whether a platform has this surface and tells of it.
pub(crate) fn has_surface(platform: Platform, surface: Surface) -> bool {
    use Surface::{Comment, LiveComment, Mention, Message, Review, VisitorPost};
    match platform {
        Platform::Facebook => matches!(surface, Comment | VisitorPost | Review | Mention | Message),
        Platform::Instagram => matches!(surface, Comment | LiveComment | Mention | Message),
        Platform::Linkedin => matches!(surface, Comment | Mention),
        Platform::Youtube => matches!(surface, Comment),
        Platform::X => matches!(surface, Comment | Mention | Message),
    }
}

/// The post, media, activity or video that every account has.
pub(crate) fn default_thread(platform: Platform, account: &str) -> String {
    match platform {
        Platform::Facebook => format!("{account}_901097836652708"),
        Platform::Instagram => "17918195224117851".to_owned(),
        Platform::Linkedin => "urn:li:activity:7094637247890620418".to_owned(),
        Platform::Youtube => "galateoVid0".to_owned(),
        Platform::X => "2080761390344937796".to_owned(),
    }
}

/// A new id in the platform's spelling, from a number.
pub(crate) fn new_id(
    platform: Platform,
    surface: Surface,
    account: &str,
    thread: &str,
    parent: Option<&str>,
    number: u64,
) -> String {
    let last_part = |id: &str| id.rsplit('_').next().unwrap_or(id).to_owned();
    match (platform, surface) {
        (Platform::Facebook, Surface::Message) => format!("m_{number:024}"),
        (Platform::Facebook, Surface::VisitorPost) => format!("{account}_{}", 7_293_000_000_000_000 + number),
        (Platform::Facebook, _) => format!("{}_{}", last_part(thread), 1_063_000_000_000_000 + number),
        (Platform::Instagram, Surface::Message) => format!("aWdfZAG1f{number:024}"),
        (Platform::Instagram, _) => (17_865_000_000_000_000 + number).to_string(),
        (Platform::Linkedin, Surface::Mention) => format!("urn:li:share:{}", 7_094_000_000_000_000_000 + number),
        (Platform::Linkedin, _) => format!("urn:li:comment:({thread},{})", 7_094_000_000_000_000_000 + number),
        (Platform::Youtube, _) => match parent {
            Some(parent) => format!("{}.9{number:021}", parent.split('.').next().unwrap_or(parent)),
            None => format!("Ugx{number:016}4AaABAg"),
        },
        (Platform::X, _) => (2_090_000_000_000_000_000 + number).to_string(),
    }
}

/// What the spelling of an id tells about a comment never seen: thread, parent and surface.
pub(crate) fn origin(platform: Platform, account: &str, id: &str) -> (String, Option<String>, Surface) {
    match platform {
        Platform::Facebook => match id.split_once('_') {
            Some((page, _)) if page == account => (String::new(), None, Surface::VisitorPost),
            Some((post, _)) => (format!("{account}_{post}"), None, Surface::Comment),
            None => (String::new(), None, Surface::Comment),
        },
        Platform::Linkedin => {
            let inside = id.strip_prefix("urn:li:comment:(").and_then(|rest| rest.rsplit_once(','));
            (inside.map_or_else(String::new, |(activity, _)| activity.to_owned()), None, Surface::Comment)
        }
        Platform::Youtube => {
            let parent = id.split_once('.').map(|(parent, _)| parent.to_owned());
            (String::new(), parent, Surface::Comment)
        }
        Platform::Instagram | Platform::X => (String::new(), None, Surface::Comment),
    }
}
