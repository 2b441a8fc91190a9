//! By which action each notice reaches an author, from where they wrote.

use std::fmt::Write as _;

use policy::Measure;

use super::*;

#[test]
fn by_which_way_each_notice_reaches_who_wrote_there() {
    let policy = crate::built_in("milano-monza-brianza-lodi").unwrap();
    let facts = MessageFacts {
        clause: policy.clause("R2"),
        service: None,
        done: Measure::Hidden,
        reference: "83cbe554a0e0c65fc7f32d52",
        until: None,
    };
    let mut table = String::new();
    for platform in Platform::ALL.iter().copied() {
        for surface in Surface::ALL {
            for in_private in [false, true] {
                let answered = Answered { platform, surface, text: "Siete dei coglioni", in_private };
                let ways = Notice::ALL.map(|notice| {
                    let way = match say(&policy, answered, notice, &facts, &[]) {
                        Speech::Action(action) => action.kind.as_str(),
                        Speech::NoTemplate => "no words",
                        Speech::NoWay => "-",
                    };
                    format!("{}: {way}", notice.as_str())
                });
                let where_ = if in_private { "in private only" } else { "anywhere" };
                let _ = writeln!(table, "{platform} {}, {where_}: {}", surface.as_str(), ways.join(", "));
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_private_way_that_was_used_comes_last() {
    let policy = crate::built_in("milano-monza-brianza-lodi").unwrap();
    let answered = Answered {
        platform: Platform::Facebook,
        surface: Surface::Comment,
        text: "Siete dei coglioni",
        in_private: false,
    };
    let unused = way(&policy, answered, Notice::Warning, &[]).unwrap();
    let other = way(&policy, answered, Notice::Warning, &[unused]).unwrap();
    assert_ne!(unused, other, "there are two ways on Facebook");
    let alone = Answered { in_private: true, ..answered };
    assert_eq!(way(&policy, alone, Notice::Warning, &[ActionKind::PrivateReply]), Some(ActionKind::PrivateReply));
}
