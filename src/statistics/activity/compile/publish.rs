//! From the sum of the days to the published figures.

use jiff::civil::Date;
use policy::{ActionKind, Category, Effect, Platform, SanctionKind};

use super::later::Later;
use super::{
    AccountRow, Activity, AnswerRow, CategoryRow, ClauseRow, Count, CrossRow, HourRow, NOTICED, Noticed, Outcomes,
    PlatformRow, Quantiles, RuleRow, Sum, Times, Totals, WeekdayRow,
};
use crate::activity::authors::ENOUGH_AUTHORS;
use crate::activity::day::{By, What};
use crate::activity::suppression::{Cell, line, table};

impl Sum {
    /// What may be published of it.
    pub(super) fn published(self, missing: Vec<Date>, later: Later) -> Activity {
        let hidden_accounts = line(&self.accounts.iter().map(|(_, sum)| together(&sum.noticed)).collect::<Vec<_>>());
        let hidden_clauses = line(&self.clauses.values().map(|sum| together(&sum.noticed)).collect::<Vec<_>>());
        let accounts = self.account_rows(&hidden_accounts);
        let platforms = platform_rows(&accounts);
        let clauses = self.clause_rows(&hidden_clauses);
        Activity {
            missing,
            totals: self.totals(),
            categories: category_rows(&clauses),
            clauses_by_account: self.cross_rows(&hidden_clauses, &hidden_accounts),
            hours: self.hour_rows(),
            weekdays: self.weekday_rows(),
            times: Times { to_verdict: Quantiles::of(&self.to_verdict), ..later.times },
            rules: rule_rows(&later),
            strikes: later.strikes,
            answers: self.answer_rows(&platforms),
            days: self.days,
            platforms,
            accounts,
            clauses,
        }
    }

    fn totals(&self) -> Totals {
        let noticed = |position: usize| self.accounts.iter().map(|(_, sum)| sum.noticed[position].value).sum::<u64>();
        let allowed = self.accounts.iter().map(|(_, sum)| sum.allowed).sum();
        let [redirected, reviewed, to_hide] = [noticed(0), noticed(1), noticed(2)];
        let received = allowed + redirected + reviewed + to_hide;
        let done = |kind: ActionKind| {
            let mut done = By::default();
            let of_kind = self.answers.iter().filter(|((_, action), _)| *action == kind);
            of_kind.filter_map(|(_, effects)| effects.get(&Effect::Done)).for_each(|by| done.merge(*by));
            done
        };
        let sanction = |kind| self.sanctions.get(&kind).copied().unwrap_or_default();
        let decision = |what| self.decisions.get(&what).copied().unwrap_or_default();
        let mut warned = sanction(SanctionKind::Warning);
        warned.merge(sanction(SanctionKind::LastWarning));
        Totals {
            received,
            allowed,
            redirected,
            reviewed,
            to_hide,
            protected: self.protected,
            inside_hours: self.inside_hours,
            outside_hours: received - self.inside_hours,
            hidden: done(ActionKind::Hide),
            restored: done(ActionKind::Unhide),
            removed: done(ActionKind::Delete),
            warned,
            blocked: sanction(SanctionKind::Block),
            banned: sanction(SanctionKind::Ban),
            referred: decision(What::Escalated),
            confirmed: decision(What::Confirmed),
            overturned: decision(What::Overturned),
            gone: self.removals,
            halts: self.halts,
        }
    }

    fn account_rows(&self, hidden_accounts: &[bool]) -> Vec<AccountRow> {
        let cells: Vec<Vec<Cell>> = self.accounts.iter().map(|(_, sum)| sum.noticed.to_vec()).collect();
        let hidden = table(&cells, hidden_accounts, &[false; NOTICED.len()]);
        let rows = self.accounts.iter().zip(hidden).zip(hidden_accounts);
        rows.map(|((((platform, account), sum), hidden), hidden_account)| {
            let [redirected, reviewed, to_hide] = shown(&sum.noticed, &hidden);
            let noticed = together(&sum.noticed).value;
            let show = |value: u64| (!hidden_account).then_some(value);
            let outcomes = Outcomes {
                received: sum.allowed + noticed,
                allowed: show(sum.allowed),
                redirected,
                reviewed,
                to_hide,
                noticed: show(noticed),
            };
            AccountRow { platform: *platform, account: account.clone(), outcomes }
        })
        .collect()
    }

    fn clause_rows(&self, hidden_clauses: &[bool]) -> Vec<ClauseRow> {
        let cells: Vec<Vec<Cell>> = self.clauses.values().map(|sum| sum.noticed.to_vec()).collect();
        let hidden = table(&cells, hidden_clauses, &[false; NOTICED.len()]);
        let rows = self.clauses.iter().zip(hidden).zip(hidden_clauses);
        rows.map(|((((clause, category), sum), hidden), hidden_clause)| {
            let [redirected, reviewed, to_hide] = shown(&sum.noticed, &hidden);
            ClauseRow {
                clause: clause.clone(),
                category: *category,
                redirected,
                reviewed,
                to_hide,
                noticed: (!hidden_clause).then_some(together(&sum.noticed).value),
            }
        })
        .collect()
    }

    fn cross_rows(&self, hidden_clauses: &[bool], hidden_accounts: &[bool]) -> Vec<CrossRow> {
        let cells: Vec<Vec<Cell>> = self
            .clauses
            .values()
            .map(|sum| {
                let of_account = |position| sum.accounts.get(&position).cloned().unwrap_or_default();
                (0..self.accounts.len()).map(of_account).collect()
            })
            .collect();
        let hidden = table(&cells, hidden_clauses, hidden_accounts);
        let mut rows = Vec::new();
        for (((clause, _), cells), hidden) in self.clauses.keys().zip(&cells).zip(&hidden) {
            for (((platform, account), _), (cell, hidden)) in self.accounts.iter().zip(cells.iter().zip(hidden)) {
                if cell.value > 0 || *hidden {
                    rows.push(CrossRow {
                        clause: clause.clone(),
                        platform: *platform,
                        account: account.clone(),
                        noticed: (!hidden).then_some(cell.value),
                    });
                }
            }
        }
        rows
    }

    fn hour_rows(&self) -> Vec<HourRow> {
        let lines: Vec<(u64, Cell)> = (0..24).map(|hour| self.hours.get(&hour).cloned().unwrap_or_default()).collect();
        let hidden = line(lines.iter().map(|(_, cell)| cell));
        let rows = (0u8..).zip(lines).zip(hidden);
        rows.map(|((hour, (received, cell)), hidden)| HourRow {
            hour,
            received,
            noticed: (!hidden).then_some(cell.value),
        })
        .collect()
    }

    fn weekday_rows(&self) -> Vec<WeekdayRow> {
        let of_day = |weekday: i8| self.weekdays.get(&weekday).cloned().unwrap_or_default();
        let lines: Vec<(u64, Cell)> = (1..=7).map(of_day).collect();
        let hidden = line(lines.iter().map(|(_, cell)| cell));
        let rows = (1u8..).zip(lines).zip(hidden);
        rows.map(|((weekday, (received, cell)), hidden)| WeekdayRow {
            weekday,
            received,
            noticed: (!hidden).then_some(cell.value),
        })
        .collect()
    }

    /// What was asked about contributions follows from the verdicts, so it is published with those of the platform;
    /// what was asked about or said to an author, where it happened often enough.
    fn answer_rows(&self, platforms: &[PlatformRow]) -> Vec<AnswerRow> {
        let rows = self.answers.iter().map(|((platform, action), effects)| {
            let count = |effect| effects.get(&effect).map_or(0, |by| by.all());
            let all: u64 = effects.values().map(|by| by.all()).sum();
            let about_people = matches!(action, ActionKind::PrivateReply | ActionKind::Ban | ActionKind::Unban);
            let verdicts = platforms.iter().find(|row| row.platform == *platform);
            let published = verdicts.is_some_and(|row| row.outcomes.noticed.is_some())
                && (!about_people || all >= ENOUGH_AUTHORS as u64);
            let show = |effect| published.then_some(count(effect));
            AnswerRow {
                platform: *platform,
                action: *action,
                done: show(Effect::Done),
                already_so: show(Effect::AlreadySo),
                refused: show(Effect::Refused),
                impossible: show(Effect::Impossible),
                manual: show(Effect::Manual),
                failed: show(Effect::Failed),
            }
        });
        rows.collect()
    }
}

/// All of these outcomes as one figure.
fn together(noticed: &Noticed) -> Cell {
    let mut all = Cell::default();
    noticed.iter().for_each(|cell| all.add(cell.value, &cell.authors));
    all
}

/// What is shown of these outcomes.
fn shown(noticed: &Noticed, hidden: &[bool]) -> [Count; NOTICED.len()] {
    std::array::from_fn(|position| (!hidden[position]).then_some(noticed[position].value))
}

/// The sum of figures; not published when one of them is not, because it would follow.
fn sum_of(counts: impl IntoIterator<Item = Count>) -> Count {
    counts.into_iter().try_fold(0, |sum, count| Some(sum + count?))
}

fn platform_rows(accounts: &[AccountRow]) -> Vec<PlatformRow> {
    let rows = Platform::ALL.iter().filter_map(|platform| {
        let of_platform = || accounts.iter().filter(|row| row.platform == *platform).map(|row| row.outcomes);
        of_platform().next()?;
        let outcomes = Outcomes {
            received: of_platform().map(|outcomes| outcomes.received).sum(),
            allowed: sum_of(of_platform().map(|outcomes| outcomes.allowed)),
            redirected: sum_of(of_platform().map(|outcomes| outcomes.redirected)),
            reviewed: sum_of(of_platform().map(|outcomes| outcomes.reviewed)),
            to_hide: sum_of(of_platform().map(|outcomes| outcomes.to_hide)),
            noticed: sum_of(of_platform().map(|outcomes| outcomes.noticed)),
        };
        Some(PlatformRow { platform: *platform, outcomes })
    });
    rows.collect()
}

fn category_rows(clauses: &[ClauseRow]) -> Vec<CategoryRow> {
    let rows = Category::ALL.iter().filter_map(|category| {
        let of_category = || clauses.iter().filter(|row| row.category == *category).map(|row| row.noticed);
        of_category().next()?;
        Some(CategoryRow { category: *category, noticed: sum_of(of_category()) })
    });
    rows.collect()
}

fn rule_rows(later: &Later) -> Vec<RuleRow> {
    let hidden = line(later.rules.values().map(|(cell, _)| cell));
    let rows = later.rules.iter().zip(hidden).map(|(((clause, rule), (cell, overturned)), hidden)| {
        let decided = cell.value;
        // Every rule here has at least one case.
        let precision = 1.0 - *overturned as f64 / decided as f64;
        RuleRow {
            rule: rule.clone(),
            clause: clause.clone(),
            decided: (!hidden).then_some(decided),
            overturned: (!hidden).then_some(*overturned),
            precision: (!hidden).then_some((precision * 1e4).round() / 1e4),
        }
    });
    rows.collect()
}
