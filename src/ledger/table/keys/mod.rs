//! The keys of both tables, all in one place. `docs/ledger.md` lists them with their costs.

mod audit;
mod session;
mod work;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::{AccountId, Platform};

use crate::table::item::{Item, text};
use crate::table::tables::{PK, SK};
use crate::{CaseId, LimitScope, Pseudonym, Reference, ReportId, Scope};

pub(crate) use session::SESSION;
pub(crate) use work::{WorkItem, work_item};

/// Shards of an audit partition of one day, so that a raid does not throttle on one partition.
pub(crate) const DAY_SHARDS: u32 = 4;
/// Shards of the audit partition of contributions whose time the platform does not tell: it is not divided by day.
const UNDATED_SHARDS: u32 = 16;
/// Shards of the index of pending work.
pub(crate) const PENDING_SHARDS: u32 = 8;

/// How the sort keys of cases begin.
pub(crate) const CASE: &str = "R#";
/// How the sort key of a content goes on after that of its case.
pub(crate) const CONTENT: &str = "content";
/// How the sort keys of the contents of its later revisions go on after that of their case.
pub(crate) const LATER: &str = "v";
/// How the sort keys of reasons go on after that of their case.
pub(crate) const REASON: &str = "D";
/// How the sort keys of an author's cases begin: before those of strikes, so that who reads these does not read them.
pub(crate) const LINK: &str = "C#";
/// How the sort keys of strikes begin.
pub(crate) const STRIKE: &str = "S#";
/// How the sort keys of what was said once to an author begin.
pub(crate) const SAID: &str = "said#";
/// How the sort keys of users' reports begin.
pub(crate) const USER_REPORT: &str = "report#";
/// The sort key, beside the fates of a contribution, of which case is its.
pub(crate) const COURSE: &str = "course";
/// The sort key of an author's sanctions.
pub(crate) const STANDING: &str = "standing";

/// The time zone in which days are counted: that of the public bodies.
static ROME: TimeZone = jiff::tz::get!("Europe/Rome");

/// The day on which something happened, in Italy.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(ROME.clone()).date()
}

/// The moment at which a day begins in Italy.
pub(crate) fn start_of(day: Date) -> Timestamp {
    // Rome's offset is some hours: a day within a year of either end of time has no start, and clamping is right.
    day.to_zoned(ROME.clone()).map_or(Timestamp::MAX, |start| start.timestamp())
}

/// A time as it stands in keys: in UTC and always of the same width, so that the order of the text is that of time.
pub(crate) fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    /// As the engine takes it.
    pub(crate) fn attributes(&self) -> Item {
        Item::from([(PK.to_owned(), text(&self.pk)), (SK.to_owned(), text(&self.sk))])
    }
}

/// The keys of one organisation: all of them begin with its id.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    organisation: String,
}

impl Keys {
    pub(crate) fn new(organisation: &str) -> Self {
        Self { organisation: organisation.to_owned() }
    }

    fn key(&self, partition: &str, sk: impl Into<String>) -> Key {
        Key { pk: self.partition(partition), sk: sk.into() }
    }

    fn partition(&self, name: &str) -> String {
        format!("{}#{name}", self.organisation)
    }

    /// How all partitions of the organisation begin.
    pub(crate) fn all(&self) -> String {
        self.partition("")
    }

    /// The partition with all the cases of a contribution.
    pub(crate) fn cases(&self, reference: &Reference) -> String {
        self.partition(&format!("C#{reference}"))
    }

    /// A case. What belongs to it sorts right behind it: see [`Keys::content`] and [`Keys::reason`].
    pub(crate) fn case(&self, id: &CaseId) -> Key {
        Key { pk: self.cases(id.reference()), sk: format!("{CASE}{}", id.revision()) }
    }

    /// What is personal about a case.
    pub(crate) fn content(&self, id: &CaseId) -> Key {
        self.beside(id, CONTENT)
    }

    /// What is personal about a revision that belongs to a case, the first one included.
    pub(crate) fn content_of(&self, id: &CaseId, revision: &CaseId) -> Key {
        if id == revision { self.content(id) } else { self.beside(id, &format!("{LATER}{}", revision.revision())) }
    }

    /// The reason that was given for one of its decisions, counted from 1.
    pub(crate) fn reason(&self, id: &CaseId, decision: usize) -> Key {
        self.beside(id, &format!("{REASON}{decision:03}"))
    }

    /// The platform's id of what came of one of its actions: their ids are `a1`, `a2`, …
    pub(crate) fn answer(&self, id: &CaseId, action: &str) -> Key {
        self.beside(id, action)
    }

    /// How the sort keys of everything begin that stands beside a case.
    pub(crate) fn besides(&self, id: &CaseId) -> Key {
        self.beside(id, "")
    }

    fn beside(&self, id: &CaseId, what: &str) -> Key {
        let Key { pk, sk } = self.case(id);
        Key { pk, sk: format!("{sk}#{what}") }
    }

    /// The partition with what has become of a contribution since it was judged, and which reports name it.
    pub(crate) fn fates(&self, reference: &Reference) -> String {
        self.partition(&format!("F#{reference}"))
    }

    pub(crate) fn fate(&self, reference: &Reference, fate: &str) -> Key {
        Key { pk: self.fates(reference), sk: fate.to_owned() }
    }

    /// Which case a contribution has, over all its revisions.
    pub(crate) fn course(&self, reference: &Reference) -> Key {
        Key { pk: self.fates(reference), sk: COURSE.to_owned() }
    }

    pub(crate) fn unread(&self, reference: &Reference) -> Key {
        self.key(&format!("U#{reference}"), "U")
    }

    /// That it was rewritten while it was read.
    pub(crate) fn restless(&self, reference: &Reference) -> Key {
        self.key(&format!("U#{reference}"), "restless")
    }

    /// What [`Keys::case`] or [`Keys::unread`] made; `None` for any other key, and for another organisation's.
    pub(crate) fn work(&self, key: &Key) -> Option<WorkItem> {
        let (organisation, item) = work_item(key)?;
        (organisation == self.organisation).then_some(item)
    }

    /// The partition with all that is kept about an author.
    pub(crate) fn author(&self, author: &Pseudonym) -> String {
        self.partition(&format!("A#{author}"))
    }

    /// That a case is this author's.
    pub(crate) fn link(&self, author: &Pseudonym, case: &CaseId) -> Key {
        Key { pk: self.author(author), sk: format!("{LINK}{case}") }
    }

    pub(crate) fn strike(&self, author: &Pseudonym, case: &CaseId) -> Key {
        Key { pk: self.author(author), sk: format!("{STRIKE}{case}") }
    }

    /// An author's sanctions and the notes about the author.
    pub(crate) fn standing(&self, author: &Pseudonym) -> Key {
        Key { pk: self.author(author), sk: STANDING.to_owned() }
    }

    /// That something was said to an author that is said once.
    pub(crate) fn said(&self, author: &Pseudonym, what: &str, scope: &str) -> Key {
        Key { pk: self.author(author), sk: format!("{SAID}{what}#{scope}") }
    }

    /// The partition with all tasks.
    pub(crate) fn tasks(&self) -> String {
        self.partition("T")
    }

    pub(crate) fn task(&self, id: &str) -> Key {
        Key { pk: self.tasks(), sk: id.to_owned() }
    }

    /// The request to erase an author, by its confirmation code.
    pub(crate) fn erasure(&self, code: &str) -> Key {
        self.key("erasures", code)
    }

    /// The partition with the requests to erase an author.
    pub(crate) fn erasures(&self) -> String {
        self.partition("erasures")
    }

    /// Where the index of what waits for a person lists erasures that are under way.
    pub(crate) fn erasing(&self) -> String {
        self.partition("erasing")
    }

    /// The partition with what one sender reported.
    pub(crate) fn reporter(&self, id: &ReportId) -> String {
        self.partition(&format!("Q#{}", id.reporter()))
    }

    /// A user's report.
    pub(crate) fn user_report(&self, id: &ReportId) -> Key {
        Key { pk: self.reporter(id), sk: format!("{USER_REPORT}{}", id.mail()) }
    }

    /// That the sender of a report has named a contribution.
    pub(crate) fn reported(&self, id: &ReportId, about: &Reference) -> Key {
        Key { pk: self.reporter(id), sk: format!("about#{about}") }
    }

    /// That a contribution is named in a report, by which an erasure finds that.
    pub(crate) fn reported_in(&self, about: &Reference, id: &ReportId) -> Key {
        Key { pk: self.fates(about), sk: format!("{USER_REPORT}{id}") }
    }

    /// How many reports a sender sent on a day.
    pub(crate) fn user_reports_on(&self, id: &ReportId, day: Date) -> Key {
        Key { pk: self.reporter(id), sk: day.to_string() }
    }

    /// The partition with everything that is halted.
    pub(crate) fn halts(&self) -> String {
        self.partition("H")
    }

    pub(crate) fn halt(&self, scope: &Scope) -> Key {
        Key { pk: self.halts(), sk: scope.to_string() }
    }

    /// The partition with what was counted on an account.
    pub(crate) fn meter(&self, platform: Platform, account: &AccountId) -> String {
        self.partition(&format!("M#{platform}#{account}"))
    }

    /// Where the index of what waits for a person lists open cases.
    pub(crate) fn open_cases(&self) -> String {
        self.partition("open")
    }

    /// Where it lists those that a halt has left to a person.
    pub(crate) fn group(&self, group: &str) -> String {
        self.partition(&format!("group#{group}"))
    }

    /// Where it lists the tasks that are not done.
    pub(crate) fn open_tasks(&self) -> String {
        self.partition("tasks")
    }

    /// Where it lists those whom a sanction keeps out.
    pub(crate) fn kept_out(&self) -> String {
        self.partition("kept-out")
    }

    /// Where it lists the tasks that are done.
    pub(crate) fn done_tasks(&self) -> String {
        self.partition("done")
    }

    pub(crate) fn cursor(&self, platform: Platform, account: &AccountId) -> Key {
        self.key("cursor", format!("{platform}#{account}"))
    }

    /// What is written to see whether anything can be.
    pub(crate) fn probe(&self) -> Key {
        self.key("health", "probe")
    }

    /// The partition with the limits of platforms that are reached.
    pub(crate) fn limits(&self) -> String {
        self.partition("L")
    }

    pub(crate) fn limit(&self, scope: &LimitScope) -> Key {
        let LimitScope { platform, account, call } = scope;
        let whose = match account {
            Some(account) => format!("account#{platform}#{account}"),
            None => format!("app#{platform}"),
        };
        let sk = match call {
            Some(call) => format!("{whose}#{call}"),
            None => whose,
        };
        Key { pk: self.limits(), sk }
    }

    /// The partition with everything that was counted about an account.
    pub(crate) fn snapshots(&self, platform: Platform, account: &AccountId) -> String {
        self.partition(&format!("N#{platform}#{account}"))
    }

    pub(crate) fn snapshot(&self, platform: Platform, account: &AccountId, day: Date) -> Key {
        Key { pk: self.snapshots(platform, account), sk: day.to_string() }
    }

    /// The partition with what the days of a month were compiled to.
    pub(crate) fn compiled(&self, month: Date) -> String {
        self.partition(&format!("D#{}", month.strftime("%Y-%m")))
    }

    pub(crate) fn compiled_day(&self, day: Date) -> Key {
        Key { pk: self.compiled(day), sk: day.to_string() }
    }

    /// Where the index of pending work keeps an item with this reference.
    pub(crate) fn pending_shard(&self, reference: &Reference) -> String {
        self.pending(reference.shard(PENDING_SHARDS))
    }

    /// One shard of the index of pending work.
    pub(crate) fn pending(&self, shard: u32) -> String {
        self.partition(&format!("P#{shard}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn case() -> CaseId {
        "f123456789abcdef01234567-0123456789ab".parse().unwrap()
    }

    #[test]
    fn days_are_counted_in_italy() {
        assert_eq!(day(at("2026-01-31T23:30:00Z")).to_string(), "2026-02-01");
        assert_eq!(day(at("2026-07-31T21:59:59Z")).to_string(), "2026-07-31");
        assert_eq!(day(at("2026-07-31T22:00:00Z")).to_string(), "2026-08-01");
    }

    #[test]
    fn the_order_of_sortable_times_is_the_order_of_time() {
        let mut times = [
            at("2026-03-01T10:00:00Z"),
            at("2026-03-01T10:00:00.1Z"),
            at("2026-03-01T09:59:59.999999999Z"),
            Timestamp::MAX,
        ];
        times.sort();
        let texts = times.map(sortable);
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[1], "2026-03-01T10:00:00.000000000Z");
    }

    #[test]
    fn keys_of_work_read_back_and_others_do_not() {
        let keys = Keys::new("ente");
        assert_eq!(keys.work(&keys.case(&case())), Some(WorkItem::Case(case())));
        let reference = case().reference().clone();
        assert_eq!(keys.work(&keys.unread(&reference)), Some(WorkItem::Unread(reference)));
        assert_eq!(keys.work(&Keys::new("altro").case(&case())), None);
        assert_eq!(keys.work(&keys.task("t")), None);
        assert_eq!(keys.work(&keys.content(&case())), None);
        assert_eq!(keys.work(&keys.reason(&case(), 1)), None);
        assert_eq!(keys.work(&keys.cursor(Platform::X, &AccountId::new("1"))), None);
    }

    #[test]
    fn the_home_of_a_verdict_depends_on_the_contribution_alone() {
        let keys = Keys::new("ente");
        let dated = keys.verdict(&case(), Some(at("2026-01-31T23:30:00Z")));
        assert_eq!(dated.pk, "ente#E#2026-02-01#3");
        assert_eq!(dated.sk, "f123456789abcdef01234567#0123456789ab");
        assert_eq!(keys.verdict(&case(), None).pk, "ente#E#undated#15");
    }
}
