//! Contributions that a platform shows otherwise than we recorded: deleted by their authors, of which Instagram sends
//! no event (docs/platforms.md, section 0.1), shown again or hidden by hand.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ledger::{Case, CaseId, Content, Desk, LedgerError};
use platforms::{Adapter, Class, Presence, State, Target, adapter};
use policy::{Account, AccountId, ActionKind, Platform};

use crate::actions::ask::target;
use crate::actions::task;
use crate::{Moderation, Pace};

use super::Reconciled;

/// Cases that arrived longer ago than this are not looked at: nobody reads what stands below an old post.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many open cases are read at once.
const PAGE: usize = 200;

/// How many contributions of an account may seem gone at once, where the platform answers the same about what it only
/// does not show us, before a person has to look whether they really are.
const BELIEVED: usize = 3;

/// What looking at some contributions told.
enum Looked {
    /// What is shown of each, in their order.
    Told(Vec<State>),
    /// Gone, or not shown to us.
    Unsure,
    /// Nothing more can be asked of the account now.
    Stopped(Class),
}

impl Moderation {
    /// Compares recent open cases with what the platforms show.
    pub(super) async fn compare_contributions(&self, pace: Pace, found: &mut Reconciled) -> Result<(), LedgerError> {
        for ((platform, account), cases) in self.comparable(pace).await? {
            let held = self.held_until(platform, &account, self.clock.now()).await.is_some();
            if let Some(account) = self.policy.account(platform, &account).filter(|_| !held) {
                self.compare_account(account, cases, found).await?;
            }
        }
        Ok(())
    }

    /// The open cases whose contributions are to be looked at now, by account.
    async fn comparable(&self, pace: Pace) -> Result<BTreeMap<(Platform, AccountId), Vec<Case>>, LedgerError> {
        let now = self.clock.now();
        let recent = now.saturating_sub(RECENT).unwrap_or(Timestamp::MIN);
        let mut desks = vec![Desk::Open];
        desks.extend(self.ledger.halts().await?.into_iter().map(|halt| Desk::Group(halt.group)));
        let mut comparable: BTreeMap<_, Vec<Case>> = BTreeMap::new();
        for desk in desks {
            let mut after = None;
            loop {
                let (cases, next) = self.ledger.open_cases(&desk, after.as_ref(), PAGE, now).await?;
                let is_turn = |case: &Case| pace == Pace::AtOnce || is_turn(&case.id, now);
                for case in cases.into_iter().filter(|case| case.received_at >= recent && is_turn(case)) {
                    comparable.entry((case.platform, case.account.clone())).or_default().push(case);
                }
                match next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(comparable)
    }

    async fn compare_account(
        &self,
        account: &Account,
        cases: Vec<Case>,
        found: &mut Reconciled,
    ) -> Result<(), LedgerError> {
        let adapter = adapter(account.platform);
        let at_once = adapter.states_at_once();
        let mut cases: Vec<Shown> = cases.into_iter().filter_map(Shown::of).collect();
        cases.retain(|Shown { case, content }| !adapter.state_calls(&[target(account, case, content)]).is_empty());
        take_turns(&mut cases, adapter.limits().rounds_an_hour * at_once, self.clock.now());
        let mut looked_at = 0;
        let mut unseen = Vec::new();
        for some in cases.chunks(at_once) {
            match self.look(adapter, account, some, found).await {
                Looked::Told(states) => {
                    for (shown, state) in some.iter().zip(states) {
                        self.compare(shown, state, found).await?;
                    }
                }
                Looked::Unsure => unseen.extend(some),
                Looked::Stopped(class) => {
                    tracing::warn!(platform = %account.platform, account = %account.id, reason = ?class,
                        "what a platform shows is compared another time");
                    let now = self.clock.now();
                    self.postponement(account.platform, &account.id, &class, 1, &account.id, now).await;
                    break;
                }
            }
            looked_at += some.len();
        }
        found.looked_at += looked_at;
        self.settle_unseen(adapter, account, &unseen, looked_at, found).await
    }

    /// Asks what the platform shows of some contributions.
    async fn look(&self, adapter: &dyn Adapter, account: &Account, cases: &[Shown], found: &mut Reconciled) -> Looked {
        let targets = targets(account, cases);
        let mut answers = Vec::new();
        for call in adapter.state_calls(&targets) {
            found.calls += 1;
            match self.call(account, &call).await {
                Ok(answer) => answers.push(answer),
                Err(uncalled) => return Looked::Stopped(uncalled.class(self.clock.now())),
            }
        }
        let states: Vec<_> = targets.iter().map(|target| adapter.state(target, &answers)).collect();
        let refused = answers.iter().find(|answer| !answer.status.is_success());
        let class = refused.filter(|_| states.contains(&State::Unknown));
        // The errors of a read are those of any call, and hiding is the action that is as harmless to repeat.
        match class.map(|answer| adapter.classify(ActionKind::Hide, answer)) {
            Some(
                class @ (Class::RetryAfter(_)
                | Class::RetryBackoff(_)
                | Class::Suspended(..)
                | Class::Reauthorise(_)
                | Class::Configuration(_)),
            ) => Looked::Stopped(class),
            Some(Class::Unsure) if targets.len() == 1 => Looked::Unsure,
            _ => Looked::Told(states),
        }
    }

    /// Records what an open case and the platform say differently. Nobody is hidden again, and nothing shown again: who
    /// changed it by hand had a reason, which only a person can find out.
    async fn compare(&self, shown: &Shown, state: State, found: &mut Reconciled) -> Result<(), LedgerError> {
        let case = &shown.case;
        if state == State::Gone {
            return self.note_removal(shown, found).await;
        }
        let now = self.clock.now();
        let is_meant = |case: &Case| match state {
            State::Visible => !case.is_hidden(),
            // What was asked to be hidden and was not may be done by hand meanwhile, as its task says.
            State::Hidden => case.actions.iter().any(|action| action.kind == ActionKind::Hide),
            State::Gone | State::Unknown => true,
        };
        if is_meant(case) {
            return Ok(());
        }
        // It may have changed since it was listed, and be about to be changed on the platform.
        let Some(case) = self.ledger.case(&case.id, now).await? else { return Ok(()) };
        if is_meant(&case) || !case.is_open() || is_about_to_change(&case) {
            return Ok(());
        }
        found.differing += 1;
        self.tally.count(case.platform, "differs");
        tracing::warn!(platform = %case.platform, case = %case.id, ?state, "a platform shows a contribution otherwise \
            than it is recorded");
        self.ledger.put_task(&task::differs(&case, state == State::Hidden, now)).await?;
        Ok(())
    }

    async fn note_removal(&self, shown: &Shown, found: &mut Reconciled) -> Result<(), LedgerError> {
        let Shown { case, content } = shown;
        let now = self.clock.now();
        let closed = self.ledger.remove(case.platform, &case.account, &content.contribution, now).await?;
        found.removed += closed;
        if closed > 0 {
            self.tally.count(case.platform, "removed");
        }
        Ok(())
    }

    /// Deals with contributions that are gone or not shown to us: gone, if our token is good enough for our own account.
    /// When most of an account seems gone at once, it rather lost the right to see them, and nothing is closed.
    async fn settle_unseen(
        &self,
        adapter: &dyn Adapter,
        account: &Account,
        unseen: &[&Shown],
        looked_at: usize,
        found: &mut Reconciled,
    ) -> Result<(), LedgerError> {
        let Some(Shown { case, content }) = unseen.first() else { return Ok(()) };
        let Some(call) = adapter.presence_call(&target(account, case, content)) else { return Ok(()) };
        found.calls += 1;
        let presence = match self.call(account, &call).await {
            Ok(answer) => adapter.presence(&answer),
            Err(_) => Presence::Unknown,
        };
        if presence != Presence::Gone {
            return Ok(());
        }
        if unseen.len() > BELIEVED && unseen.len() * 2 > looked_at {
            let Account { platform, id, .. } = account;
            tracing::error!(%platform, account = %id, unseen = unseen.len(), looked_at, "most contributions seem gone: it \
                may be a permission that is missing, so nothing is closed");
            let now = self.clock.now();
            let about = format!("unseen-{platform}-{id}");
            self.raise(&about, |task| task::unseen(task, account, unseen.len(), now), now).await?;
            return Ok(());
        }
        for shown in unseen {
            self.note_removal(shown, found).await?;
        }
        Ok(())
    }
}

/// A case with what stands there of its contribution, as far as that is known: on X each revision is a post of its own.
struct Shown {
    case: Case,
    content: Content,
}

impl Shown {
    fn of(case: Case) -> Option<Self> {
        let content = case.standing_content()?;
        Some(Self { case, content })
    }
}

fn targets<'a>(account: &'a Account, cases: &'a [Shown]) -> Vec<Target<'a>> {
    cases.iter().map(|Shown { case, content }| target(account, case, content)).collect()
}

/// Whether an action is pending that changes what the platform shows.
fn is_about_to_change(case: &Case) -> bool {
    use ActionKind::{Delete, Hide, Unhide};
    case.actions.iter().any(|action| action.effect.is_none() && matches!(action.kind, Hide | Unhide | Delete))
}

/// Whether it is the hour of the day in which a case is looked at. The hours follow from the references, which spread
/// evenly.
fn is_turn(case: &CaseId, now: Timestamp) -> bool {
    let mix = case.reference().to_string().bytes().fold(0_i64, |mix, byte| (mix * 31 + i64::from(byte)) % 24_000);
    now.as_second().div_euclid(3600).rem_euclid(24) == mix % 24
}

/// Leaves so many of the cases as can be looked at; each day it is the turn of the next.
fn take_turns(cases: &mut Vec<Shown>, most: usize, now: Timestamp) {
    if cases.len() > most {
        cases.sort_by(|one, other| one.case.id.cmp(&other.case.id));
        let day = usize::try_from(now.as_second().div_euclid(86_400)).unwrap_or_default();
        let start = (day % cases.len() * most) % cases.len();
        cases.rotate_left(start);
        cases.truncate(most);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_case_has_one_hour_of_the_day() {
        let midnight: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let mut hours = HashSet::new();
        for number in 0..200_u32 {
            let case: CaseId = format!("{:024x}-0123456789ab", number.wrapping_mul(2_654_435_761)).parse().unwrap();
            let turns: Vec<_> =
                (0..48).filter(|hour| is_turn(&case, midnight + SignedDuration::from_hours(*hour))).collect();
            assert_eq!(turns.len(), 2, "once a day");
            assert_eq!(turns[1] - turns[0], 24);
            hours.insert(turns[0]);
        }
        assert!(hours.len() > 20, "the cases spread over {} hours", hours.len());
    }
}
