//! `galateo automation`: what the system may do alone for the time being.

use ledger::{HaltCause, LimitScope, Scope};
use policy::{AccountId, Platform, Policy};
use serde_json::json;

use super::print::json;
use super::{Office, words};
use crate::cli::{AutomationOptions, HaltOptions, ResumeOptions, RetryOptions};
use crate::failure::Failure;
use crate::language::{self, either, say};
use crate::output;

/// What is halted, and which limits of platforms are reached.
pub async fn show(office: &Office, _: &AutomationOptions) -> Result<(), Failure> {
    let (halts, limits) = (office.moderation.halts().await?, office.moderation.limits().await?);
    if office.json {
        return json(&json!({ "halts": halts, "limits": limits }));
    }
    let mut page = office.page();
    let held = limits.iter().map(|limit| {
        [whose(&limit.scope, page.policy()), limit.scope.call.clone().unwrap_or_default(), page.time(limit.until)]
    });
    let held: Vec<_> = held.collect();
    if !held.is_empty() {
        page.table(
            either(
                ["Limite raggiunto", "Solo per la chiamata", "Fino al"],
                ["Limit reached", "Only for the call", "Until"],
            ),
            held,
        );
    }
    if halts.is_empty() {
        page.line(either(
            "Nulla è sospeso: il sistema nasconde da sé ciò che la policy lascia decidere a lui.",
            "Nothing is halted: the system hides by itself what the policy leaves to it.",
        ));
        return page.print();
    }
    let rows = halts.iter().map(|halt| {
        [
            halt.group.clone(),
            in_words(&halt.scope, page.policy()),
            words::cause(halt.cause).to_owned(),
            page.time(halt.since),
            halt.by.as_ref().map_or_else(|| either("sistema", "system").to_owned(), ToString::to_string),
            ::words::task::halted_because(&halt.reason, halt.counted, language::spoken()),
        ]
    });
    let rows = rows.collect();
    page.table(
        either(
            ["Gruppo dei casi", "Sospeso", "Perché", "Dal", "Da chi", "Motivazione"],
            ["Group of the cases", "Halted", "Why", "Since", "By whom", "Reason"],
        ),
        rows,
    );
    page.print()
}

/// Forgets the limits of a platform.
pub async fn retry(office: &Office, options: &RetryOptions) -> Result<(), Failure> {
    let platform = options.platform;
    let (limits, cases) = office.moderation.forget_limits(platform).await?;
    if office.json {
        return json(&json!({ "limits": limits, "cases": cases }));
    }
    let said = say!(
        "{}: limiti dimenticati: {limits}. Casi che non attendono più: {cases}. Se un limite vale ancora, la prima \
         chiamata lo dirà.",
        "{}: limits forgotten: {limits}. Cases that wait no more: {cases}. If a limit still stands, the first call will \
         tell.",
        platform.name()
    );
    output::print(&format!("{said}\n"))
}

/// To whom a limit belongs.
fn whose(scope: &LimitScope, policy: &Policy) -> String {
    match &scope.account {
        Some(account) => in_words(&Scope::Account(scope.platform, account.clone()), policy),
        None => say!(
            "{}, tutti i profili della nostra applicazione",
            "{}, all accounts of our application",
            scope.platform.name()
        ),
    }
}

/// Halts an account or everything.
pub async fn halt(office: &Office, options: &HaltOptions) -> Result<(), Failure> {
    let scope = scope(office, options.platform, options.account.as_deref(), None)?;
    let cause = if options.raid { HaltCause::Raid } else { HaltCause::Switch };
    let shown = in_words(&scope, office.moderation.policy());
    if !office.moderation.halt(scope, cause, (&options.ruling).into()).await? {
        return Err(Failure::negative(say!("già sospeso: {shown}", "halted already: {shown}")));
    }
    changed(
        office,
        true,
        &say!(
            "Sospeso: {shown}. Ciò che sarebbe nascosto attende una persona.",
            "Halted: {shown}. What would be hidden waits for a person."
        ),
    )
}

/// Lets it go on.
pub async fn resume(office: &Office, options: &ResumeOptions) -> Result<(), Failure> {
    let scope = scope(office, options.platform, options.account.as_deref(), options.rule.as_deref())?;
    let shown = in_words(&scope, office.moderation.policy());
    if !office.moderation.resume(&scope, (&options.ruling).into()).await? {
        return Err(Failure::negative(say!("non era sospeso: {shown}", "was not halted: {shown}")));
    }
    changed(office, false, &say!("Ripreso: {shown}.", "Resumed: {shown}."))
}

fn changed(office: &Office, halted: bool, text: &str) -> Result<(), Failure> {
    if office.json { json(&json!({ "halted": halted })) } else { output::print(&format!("{text}\n")) }
}

/// What the arguments name. An account has to be one of the policy's: a halt of another would halt nothing.
fn scope(
    office: &Office,
    platform: Option<Platform>,
    account: Option<&str>,
    rule: Option<&str>,
) -> Result<Scope, Failure> {
    let (Some(platform), Some(account)) = (platform, account) else { return Ok(Scope::All) };
    let account = AccountId::new(account);
    if office.moderation.policy().account(platform, &account).is_none() {
        let known = office.moderation.policy().accounts.iter().filter(|known| known.platform == platform);
        let known: Vec<&str> = known.map(|known| known.id.as_str()).collect();
        let known = known.join(", ");
        return Err(Failure::unusable(say!(
            "{account} non è un profilo della policy su {}; ci sono: {known}",
            "{account} is no account of the policy on {}; there are: {known}",
            platform.name()
        )));
    }
    Ok(match rule {
        Some(rule) => Scope::Rule(platform, account, rule.to_owned()),
        None => Scope::Account(platform, account),
    })
}

fn in_words(scope: &Scope, policy: &Policy) -> String {
    let name = |platform: Platform, id: &AccountId| match policy.account(platform, id) {
        Some(account) => format!("{}, {}", platform.name(), account.name),
        None => format!("{}, {id}", platform.name()),
    };
    match scope {
        Scope::All => either("tutto", "everything").to_owned(),
        Scope::Account(platform, account) => name(*platform, account),
        Scope::Rule(platform, account, rule) => say!("{}, regola {rule}", "{}, rule {rule}", name(*platform, account)),
    }
}
