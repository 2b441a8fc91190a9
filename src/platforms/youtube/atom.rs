//! WebSub notifications (docs/platforms.md, section 2.9): they tell of our own videos, so none holds a contribution.
//! They are read to be counted, and to notice a subscription to someone else's channel.

use http::StatusCode;
use policy::Platform;
use quick_xml::Reader;
use quick_xml::events::Event as Xml;

use super::Youtube;
use crate::arriving::lenient::malformed;
use crate::{Accounts, Delivery, Ignored, Malformed, Tells};

impl Tells for Youtube {
    /// Reads a notification: one [`Ignored`] for each entry.
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        let text = str::from_utf8(body).map_err(|_| malformed(".", "not UTF-8".to_owned()))?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut delivery = Delivery::default();
        // The names of the open elements, without their prefixes, which are the sender's choice.
        let mut open: Vec<String> = Vec::new();
        let (mut feed, mut entries, mut channel) = (false, 0, String::new());
        loop {
            let at = reader.buffer_position();
            match reader.read_event().map_err(|_| not_xml(at))? {
                Xml::Start(tag) => {
                    open.push(tag.local_name().as_ref().to_owned());
                    if open.len() == 1 && (feed || open[0] != "feed") {
                        return Err(malformed(".", "expected one feed".to_owned()));
                    }
                    feed = true;
                    if open.len() == 2 {
                        channel.clear();
                    }
                }
                Xml::Text(text) if open.len() == 3 && open[2] == "channelId" => {
                    channel.push_str(&text);
                }
                Xml::End(_) => {
                    // The reader has checked that it closes what was opened last.
                    let closed = open.pop().unwrap_or_default();
                    if open.len() == 1 && closed == "entry" {
                        delivery.ignore(entry(entries, channel.trim(), accounts));
                        entries += 1;
                    } else if open.len() == 1 && closed == "deleted-entry" {
                        delivery.ignore(Ignored::Notice);
                        entries += 1;
                    }
                }
                Xml::Eof if feed && open.is_empty() => return Ok(delivery),
                Xml::Eof => return Err(not_xml(at)),
                _ => {}
            }
        }
    }

    /// YouTube asks for a 2xx even to malformed XML (docs/platforms.md, section 1.4).
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }
}

fn entry(number: usize, channel: &str, accounts: &Accounts) -> Ignored {
    if channel.is_empty() {
        return malformed(&format!("entry[{number}].channelId"), "missing".to_owned()).into();
    }
    match accounts.find(Platform::Youtube, channel) {
        Some(_) => Ignored::Notice,
        None => Ignored::NotOurs,
    }
}

fn not_xml(at: u64) -> Malformed {
    malformed(".", format!("not XML from byte {at} on"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{accounts, summary};

    fn read(body: &str) -> Vec<String> {
        summary(&Youtube.parse(body.as_bytes(), &accounts()).unwrap())
    }

    #[test]
    fn each_entry_is_counted_under_whatever_prefix() {
        let entry = "<e:entry><y:channelId> UCgalateoMilanoMonzaLodi\n</y:channelId></e:entry>";
        assert_eq!(read(&format!("<e:feed>{entry}{entry}</e:feed>")), ["(notice)", "(notice)"]);
        assert_eq!(read("<feed/>"), Vec::<String>::new());
        assert_eq!(read("<feed><at:deleted-entry ref='yt:video:1' when='2026'/></feed>"), ["(notice)"]);
        assert_eq!(
            read("<feed><entry><channelId/></entry><entry><channelId>UCother</channelId></entry></feed>"),
            ["(malformed entry[0].channelId: missing)", "(not_ours)"]
        );
    }

    #[test]
    fn what_is_no_feed_is_malformed() {
        for body in ["", "{}", "<rss/>", "<feed>", "<feed><entry></feed>", "</feed>", "<feed/><feed/>", "<feed"] {
            assert!(Youtube.parse(body.as_bytes(), &accounts()).is_err(), "{body}");
        }
        assert!(Youtube.parse(b"<feed>\xff</feed>", &accounts()).is_err());
        let error = Youtube.parse(b"<feed><entry>Mario</feed>", &accounts()).unwrap_err();
        assert_eq!(error.to_string(), ".: not XML from byte 18 on");
    }

    #[test]
    fn a_thousand_entries_are_read() {
        let entry = "<entry><yt:channelId>UCgalateoMilanoMonzaLodi</yt:channelId></entry>";
        assert_eq!(read(&format!("<feed>{}</feed>", entry.repeat(1000))).len(), 1000);
    }
}
