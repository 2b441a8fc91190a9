//! What a task asks for, in English.

use ledger::{AboutReport, Cause, HaltCause, KnownForm, ReportedCase, TaskFacts};
use policy::{ActionKind, Language, Platform, Referral, SanctionKind};

use super::{cited, day, halted_because, place};
use crate::obstacle::{handwork, obstacle};

pub(super) fn asked(facts: &TaskFacts) -> String {
    const EN: Language = Language::English;
    match facts {
        TaskFacts::ByHand { asked, platform, how, ends_at } => {
            let text = format!("{} on {}: {}", deed(*asked), platform.name(), handwork(*how, *platform, EN));
            match ends_at {
                Some(ends_at) => {
                    format!(
                        "{text}. The block ends on {}: note whom it concerns, to lift it on that day",
                        day(*ends_at)
                    )
                }
                None => text,
            }
        }
        TaskFacts::Impossible { asked, platform, why } => format!(
            "{} is not possible on {} ({}): consider the case by hand",
            deed(*asked),
            platform.name(),
            obstacle(*why, *platform, EN)
        ),
        TaskFacts::Failed { asked, platform, why } => {
            let how = if *asked == ActionKind::PrivateReply { "by hand, in private all the same" } else { "by hand" };
            let (deed, on) = (deed(*asked), platform.name());
            format!("{deed} on {on} did not succeed ({}): see to it {how}", cause(*why, *platform))
        }
        TaskFacts::PerhapsSent { asked, platform } => format!(
            "{} on {}: the platform has not confirmed that it was sent; find out whether the message arrived before \
             repeating it",
            deed(*asked),
            platform.name()
        ),
        TaskFacts::Warn { platform, sanction, in_private } => {
            let warning = match sanction {
                SanctionKind::LastWarning => "last warning",
                SanctionKind::Warning | SanctionKind::Block | SanctionKind::Ban => "first warning",
            };
            let how = if *in_private {
                ", in private only because in public it would point at the data to be protected"
            } else {
                ""
            };
            format!(
                "Warn the author on {} by hand ({warning}{how}): until the warning is delivered, the next sanctions wait. \
                 If it is not possible, say so when closing the task",
                platform.name()
            )
        }
        TaskFacts::Unread { platform, why } => format!(
            "Content on {} that the system cannot read ({}): read it by hand",
            platform.name(),
            cause(*why, *platform)
        ),
        TaskFacts::Rewritten { platform } => format!(
            "Content that was hidden on {} and then rewritten by its author: consider whether what it says now can be \
             shown again",
            platform.name()
        ),
        TaskFacts::Confirm { platform, sanction, violations } => {
            let what = match sanction {
                SanctionKind::Warning => "the first warning",
                SanctionKind::LastWarning => "the last warning",
                SanctionKind::Block => "the temporary block of the author",
                SanctionKind::Ban => "the ban of the author for good",
            };
            format!("Confirm or decline {what} on {}: violations counted {violations}", platform.name())
        }
        TaskFacts::Refer { platform, to, clauses } => {
            let whom = match to {
                Referral::Platform => format!("to {}, with the platform's form for reports", platform.name()),
                Referral::Authorities => "to the authorities, after asking the person in charge".to_owned(),
            };
            format!("Report {whom} ({}), then note what came of it", cited(clauses, "clause"))
        }
        TaskFacts::Urgent { platform } => format!(
            "URGENT on {}: whoever writes, or somebody else, may be in danger. Read the case at once",
            platform.name()
        ),
        TaskFacts::Halted { cause, scope, reason, counted, group } => {
            let what = match cause {
                HaltCause::Raid => "Automatic hiding is suspended on the account: it may be a raid",
                HaltCause::Breaker => "A rule hides too much and is suspended: it may be wrong",
                HaltCause::Switch => "Automatic hiding was switched off",
            };
            let reason = halted_because(reason, *counted, Language::English);
            let place = place(scope).map_or("all accounts", Platform::name);
            format!(
                "{what} ({place}; {reason}). The cases wait in the group {group}: decide them, then resume. Close this task \
                 when the group is empty"
            )
        }
        TaskFacts::Lead { platform, form, known, lead } => {
            let (name, notice) = match known {
                Some(KnownForm { name, privacy_notice }) => (name.as_str(), privacy_notice.as_str()),
                None => ("which the policy does not list", "to be found out before the data are used"),
            };
            format!(
                "New contact on {} from the form {form} ({name}), reference {lead}. Notice under which it was collected: \
                 {notice}",
                platform.name()
            )
        }
        TaskFacts::ShownOtherwise { platform, is_hidden } => {
            let what = if *is_hidden {
                "cannot be seen, but the system has not hidden it"
            } else {
                "can be seen again, but is on record as hidden"
            };
            format!(
                "The content on {} {what}: somebody has acted on the platform. Find out who and why, then decide the case: \
                 confirm or overturn it. The system changes nothing by itself",
                platform.name()
            )
        }
        TaskFacts::Announced { platform, sanction } => {
            let what = if *sanction == SanctionKind::Ban { "a ban" } else { "a block" };
            format!(
                "On {} a message has told the author of {what} that is not in force: correct the message or delete it",
                platform.name()
            )
        }
        TaskFacts::Stuck { pieces, since } => format!(
            "Actions or readings that have waited for more than an hour: at least {pieces}, the first since {} UTC. Tell \
             whoever runs the system; meanwhile see to urgent cases by hand",
            since.strftime("%Y-%m-%d %H:%M")
        ),
        TaskFacts::LateErasure { code, waiting, since } => format!(
            "The erasure that was asked for on {} (code {code}) is not complete yet: cases that wait {waiting}. Bring what is \
             waiting to its end, or decide the blocks that expire later; the person is answered within a month",
            day(*since)
        ),
        TaskFacts::Lapsed { platform, handle, mended } => {
            let what = if *mended {
                "The subscription was repeated, and from now on everything arrives"
            } else {
                "Repeating the subscription did not succeed: tell whoever runs the system, who has to subscribe the account \
                 again"
            };
            format!(
                "{} no longer sent what happens on the account {handle}. {what}. What was written meanwhile may not have been \
                 judged: look through the comments of the last days",
                platform.name()
            )
        }
        TaskFacts::Unseen { platform, handle, contributions } => format!(
            "{} no longer shows {contributions} contents of the account {handle}: the system may have lost the permission to \
             read them. Check the permissions; if the contents are really gone, close their cases",
            platform.name()
        ),
        TaskFacts::ReportedCase { platform, case, report } => {
            let state = match case {
                ReportedCase::Open => "still to be decided",
                ReportedCase::Closed => "closed already: consider whether the decision holds",
                ReportedCase::Erased => {
                    "erased with its author before a decision: open the content by its link and consider it"
                }
            };
            let on = platform.name();
            format!("A user has reported the content of this case on {on}, {state}{}", reported(report))
        }
        TaskFacts::ReportedElsewhere { contributions, report } => {
            let what = match contributions {
                0 => "A user has written to the mailbox for reports without naming a content of our accounts: find out what \
                      it is about"
                    .to_owned(),
                1 => "A user has reported a post of ours, or a content that has no case: open it by its link and consider \
                      it by the rules. If it violates them, act by hand on the platform"
                    .to_owned(),
                more => format!(
                    "A user has reported {more} posts of ours, or contents that have no case: open them by their links and \
                     consider them by the rules. If they violate them, act by hand on the platform"
                ),
            };
            what + &reported(report)
        }
        TaskFacts::ReportsOverLimit => "One sender has sent more reports than are taken in a day: the others are not \
                                        listed. The messages stay in the mailbox for as long as they are kept there"
            .to_owned(),
        TaskFacts::ReportAboutErased { report } => format!(
            "The author of a content that a user had reported was erased: the case and the links are gone. Read the report \
             {report}: if the text says who that person is, or repeats their words, erase it"
        ),
    }
}

const fn deed(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Hide => "Hiding the content",
        ActionKind::Unhide => "Showing the content again",
        ActionKind::Delete => "Removing the content",
        ActionKind::Reply => "Replying in public",
        ActionKind::PrivateReply => "Replying in private",
        ActionKind::Ban => "Blocking the author",
        ActionKind::Unban => "Unblocking the author",
    }
}

fn cause(why: Cause, platform: Platform) -> String {
    match why {
        Cause::Platform(why) => obstacle(why, platform, Language::English),
        Cause::ContentForgotten => "the data of the content are no longer kept".to_owned(),
        Cause::AccountNotOurs => "the policy no longer lists the account".to_owned(),
        Cause::InVain { attempts, minutes } => {
            let time = match minutes {
                0 => "less than a minute".to_owned(),
                1 => "a minute".to_owned(),
                2..60 => format!("{minutes} minutes"),
                60..120 => "an hour".to_owned(),
                _ => format!("{} hours", minutes / 60),
            };
            match attempts {
                0 => format!("in {time} the platform never took a request"),
                1 => format!("one attempt in {time}"),
                _ => format!("{attempts} attempts in {time}"),
            }
        }
    }
}

fn reported(report: &AboutReport) -> String {
    let mut text = format!(". Report {}", report.id);
    if report.links_left_out > 0 {
        text.push_str(&format!("; {} more links were not looked at", report.links_left_out));
    }
    if report.unverified {
        text.push_str("; the sender is not verified, and so got no answer");
    }
    text
}
