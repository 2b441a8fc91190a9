//! How each task and each refusal says what to do here, and that every command and option in it exists.

use clap::CommandFactory;
use ledger::{
    AboutReport, Cause, Closure, HaltCause, KnownForm, LedgerError, ReportId, ReportedCase, Scope, Task, TaskFacts,
};
use moderation::{Barrier, Filled, Lasting, OfficeError};
use policy::{AccountId, ActionKind, Handwork, Language, NotWords, Obstacle, Person, Platform, Referral, SanctionKind};

use super::{asked_in, command, refused_in};
use crate::cli::Cli;

const BOTH: [Language; 2] = [Language::Italian, Language::English];
const PLATFORM: Platform = Platform::Facebook;

/// One of each sort, and of those whose commands depend on more, one of each command.
fn all_facts() -> Vec<TaskFacts> {
    let (platform, asked) = (PLATFORM, ActionKind::Hide);
    let at = "2026-11-02T09:00:00Z".parse().unwrap();
    let id: ReportId = format!("{}-{}", "0a".repeat(8), "0b".repeat(6)).parse().unwrap();
    let report = AboutReport { id: id.clone(), links_left_out: 0, unverified: false };
    let halted = |scope| TaskFacts::Halted {
        cause: HaltCause::Switch,
        scope,
        reason: "va provata".to_owned(),
        counted: None,
        group: "halt-1".to_owned(),
    };
    let account = AccountId::new("17");
    let known = KnownForm { name: "Corsi".to_owned(), privacy_notice: "https://www.example.it".to_owned() };
    let handle = "camera".to_owned();
    vec![
        TaskFacts::ByHand { asked, platform, how: Handwork::DeleteComment, ends_at: None },
        TaskFacts::Impossible { asked, platform, why: Obstacle::OnAnothersPage },
        TaskFacts::Failed { asked, platform, why: Cause::ContentForgotten },
        TaskFacts::PerhapsSent { asked: ActionKind::PrivateReply, platform },
        TaskFacts::Warn { platform, sanction: SanctionKind::Warning, in_private: false },
        TaskFacts::Unread { platform, why: Cause::AccountNotOurs },
        TaskFacts::Rewritten { platform },
        TaskFacts::Confirm { platform, sanction: SanctionKind::Block, violations: 3 },
        TaskFacts::Refer { platform, to: Referral::Platform, clauses: Vec::new() },
        TaskFacts::Urgent { platform },
        halted(Scope::All),
        halted(Scope::Account(platform, account.clone())),
        halted(Scope::Rule(platform, account, "insults".to_owned())),
        TaskFacts::Lead { platform, form: "17".to_owned(), known: Some(known), lead: "42".to_owned() },
        TaskFacts::ShownOtherwise { platform, is_hidden: true },
        TaskFacts::Stuck { pieces: 7, since: at },
        TaskFacts::LateErasure { code: "abc".to_owned(), waiting: 2, since: at },
        TaskFacts::Lapsed { platform, handle: handle.clone(), mended: true },
        TaskFacts::Unseen { platform, handle, contributions: 12 },
        TaskFacts::ReportedCase { platform, case: ReportedCase::Open, report: report.clone() },
        TaskFacts::ReportedElsewhere { contributions: 1, report },
        TaskFacts::ReportsOverLimit,
        TaskFacts::ReportAboutErased { report: id },
        TaskFacts::Announced { platform, sanction: SanctionKind::Block },
    ]
}

/// Where this sort stands among all: whoever adds one is asked for a number here, and then for an example above.
const fn sort_of_task(facts: &TaskFacts) -> usize {
    match facts {
        TaskFacts::ByHand { .. } => 0,
        TaskFacts::Impossible { .. } => 1,
        TaskFacts::Failed { .. } => 2,
        TaskFacts::PerhapsSent { .. } => 3,
        TaskFacts::Warn { .. } => 4,
        TaskFacts::Unread { .. } => 5,
        TaskFacts::Rewritten { .. } => 6,
        TaskFacts::Confirm { .. } => 7,
        TaskFacts::Refer { .. } => 8,
        TaskFacts::Urgent { .. } => 9,
        TaskFacts::Halted { .. } => 10,
        TaskFacts::Lead { .. } => 11,
        TaskFacts::ShownOtherwise { .. } => 12,
        TaskFacts::Stuck { .. } => 13,
        TaskFacts::LateErasure { .. } => 14,
        TaskFacts::Lapsed { .. } => 15,
        TaskFacts::Unseen { .. } => 16,
        TaskFacts::ReportedCase { .. } => 17,
        TaskFacts::ReportedElsewhere { .. } => 18,
        TaskFacts::ReportsOverLimit => 19,
        TaskFacts::ReportAboutErased { .. } => 20,
        TaskFacts::Announced { .. } => 21,
    }
}

/// One of each, but for the ledger's, which are not the office's to mend and are said elsewhere.
fn all_errors() -> Vec<OfficeError> {
    let by = Person::new("anna").unwrap();
    let what = vec![Lasting::Deleted, Lasting::Hidden(Barrier::Forgotten), Lasting::Banned(Barrier::Forgotten)];
    vec![
        OfficeError::NoCase("x".to_owned()),
        OfficeError::NotACase { found: "x".to_owned() },
        OfficeError::Ambiguous(vec!["x-1".to_owned(), "x-2".to_owned()]),
        OfficeError::NoName,
        OfficeError::NoReason,
        OfficeError::NotAName(NotWords::NoLetters),
        OfficeError::NotAReason(NotWords::TooLong { found: 9, most: 8 }),
        OfficeError::Closed { reason: Closure::Confirmed, by: Some(by.clone()) },
        OfficeError::Overtaken { by: by.clone() },
        OfficeError::SamePerson { by: by.clone() },
        OfficeError::Irreversible { platform: PLATFORM, what },
        OfficeError::InForce { open: 1, sanctions: 2, still_kept_out: 1 },
        OfficeError::NoPlatform,
        OfficeError::NotBlocked,
        OfficeError::NoClause,
        OfficeError::NothingProtected,
        OfficeError::BeingReferred { to: Referral::Authorities, task: "t".to_owned() },
        OfficeError::UrgentFirst,
        OfficeError::NotTogether,
        OfficeError::NeedsDecision,
        OfficeError::StillKeptOut,
        OfficeError::NothingProposed,
        OfficeError::NoTask("x".to_owned()),
        OfficeError::TaskDone { by, at: "2026-11-02T09:00:00Z".parse().unwrap() },
        OfficeError::Full { what: Filled::Additions, most: 20 },
        OfficeError::NotesFull,
        OfficeError::Busy,
        OfficeError::NotHeld,
        OfficeError::NotOurs { platform: PLATFORM, account: AccountId::new("2"), known: vec![AccountId::new("1")] },
    ]
}

const fn sort_of_error(error: &OfficeError) -> usize {
    match error {
        OfficeError::NoCase(_) => 0,
        OfficeError::NotACase { .. } => 1,
        OfficeError::Ambiguous(_) => 2,
        OfficeError::NoName => 3,
        OfficeError::NoReason => 4,
        OfficeError::NotAName(_) => 5,
        OfficeError::NotAReason(_) => 6,
        OfficeError::Closed { .. } => 7,
        OfficeError::Overtaken { .. } => 8,
        OfficeError::SamePerson { .. } => 9,
        OfficeError::Irreversible { .. } => 10,
        OfficeError::InForce { .. } => 11,
        OfficeError::NoPlatform => 12,
        OfficeError::NotBlocked => 13,
        OfficeError::NoClause => 14,
        OfficeError::NothingProtected => 15,
        OfficeError::BeingReferred { .. } => 16,
        OfficeError::UrgentFirst => 17,
        OfficeError::NotTogether => 18,
        OfficeError::NeedsDecision => 19,
        OfficeError::StillKeptOut => 20,
        OfficeError::NothingProposed => 21,
        OfficeError::NoTask(_) => 22,
        OfficeError::TaskDone { .. } => 23,
        OfficeError::Full { .. } => 24,
        OfficeError::NotesFull => 25,
        OfficeError::Busy => 26,
        OfficeError::NotOurs { .. } => 28,
        OfficeError::NotHeld => 27,
        OfficeError::Ledger(_) => 29,
    }
}

#[test]
fn the_tables_have_every_sort() {
    let mut tasks: Vec<usize> = all_facts().iter().map(sort_of_task).collect();
    tasks.dedup();
    assert_eq!(tasks, (0..22).collect::<Vec<_>>());
    let ledger = OfficeError::Ledger(LedgerError::Configuration(String::new()));
    let errors: Vec<usize> = all_errors().iter().chain([&ledger]).map(sort_of_error).collect();
    assert_eq!(errors, (0..30).collect::<Vec<_>>());
}

#[test]
fn how_each_task_is_done_here() {
    let how =
        |facts: &TaskFacts| BOTH.map(|language| command(facts, language)).into_iter().flatten().collect::<Vec<_>>();
    let told: Vec<String> = all_facts().iter().flat_map(how).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Se non è possibile: `galateo task done --could-not`
    If it is not possible: `galateo task done --could-not`
    `galateo author show` mostra tutto ciò che risulta
    `galateo author show` shows everything on record
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; per riprendere, `galateo automation resume`
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; to resume, `galateo automation resume`
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; per riprendere, `galateo automation resume --platform facebook --account 17`
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; to resume, `galateo automation resume --platform facebook --account 17`
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; per riprendere, `galateo automation resume --platform facebook --account 17 --rule insults`
    `galateo case list --group halt-1`, `galateo case confirm --group halt-1`; to resume, `galateo automation resume --platform facebook --account 17 --rule insults`
    `galateo case confirm` o `galateo case overturn`
    `galateo case confirm` or `galateo case overturn`
    La segnalazione si legge con `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    The report is read with `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    La segnalazione si legge con `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    The report is read with `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`, `galateo report erase 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    `galateo report show 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`, `galateo report erase 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b`
    ");
}

#[test]
fn how_each_refusal_is_met_here() {
    let told: Vec<String> =
        all_errors().iter().flat_map(|error| BOTH.map(|language| refused_in(error, language))).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    nessun caso x
    no case x
    "x" non è un caso: serve il suo identificativo, oppure il riferimento citato nel messaggio
    "x" is no case: expected its id, or the reference that the message gave
    il riferimento ha più revisioni, indicarne una: x-1, x-2
    the reference has several revisions, name one: x-1, x-2
    manca chi decide (--by)
    whoever decides is missing (--by)
    manca la motivazione: almeno 3 caratteri (--reason)
    the reason is missing: at least 3 characters (--reason)
    il nome di una persona non è utilizzabile: non contiene lettere
    a person's name cannot be used: it has no letters
    la motivazione non è utilizzabile: ha 9 caratteri, al massimo 8 (--reason)
    the reason cannot be used: it has 9 characters, at most 8 (--reason)
    il caso è già chiuso, da anna
    the case is closed already, by anna
    nel frattempo anna è intervenuto su questo caso: rileggerlo
    meanwhile anna has acted on this case: read it again
    anna ha già confermato: serve la conferma di un'altra persona
    anna has confirmed already: another person has to confirm
    non si può annullare del tutto: ripubblicare il contenuto: è stato eliminato per sempre; mostrare di nuovo il contenuto: i dati del contenuto non sono più conservati; sbloccare l'autore: i suoi dati non sono più conservati; ripetere con --anyway per decidere lo stesso
    it cannot be taken back altogether: publish the content again: it was deleted for good; show the content again: the data of the content are no longer kept; unblock the author: their data are no longer kept; repeat with --anyway to decide all the same
    per questo autore resta qualcosa in corso (casi ancora da decidere: 1; sanzioni proposte, o blocchi in vigore: 2; persone ancora da sbloccare sulla piattaforma: 1): cancellandolo nulla viene tolto o mostrato di nuovo sulla piattaforma, ma non risulterà più perché; ripetere con --anyway per cancellare lo stesso
    about this author something is still under way (cases still to be decided: 1; sanctions proposed, or blocks in force: 2; people still to be let in on the platform: 1): by erasing them nothing is lifted or shown again on the platform, but nobody will know why any more; repeat with --anyway to erase all the same
    indicare la piattaforma e l'id della persona: da ciò che risulta non si ricava la piattaforma
    name the platform and the person's id: what is on record does not tell the platform
    l'autore non risulta bloccato
    the author is not blocked
    il caso non cita un articolo della policy in vigore
    the case names no clause of the policy in force
    il caso non riguarda dati personali nascosti a protezione; --exposed-another non serve
    the case is not about personal data that were hidden to protect; --exposed-another is not needed
    la segnalazione alle autorità è già chiesta: l'attività t è aperta
    the case is being brought before the authorities already: the task t is open
    il caso è urgente: prima si aiuta chi può essere in pericolo, poi si decide il resto. La prima conferma è `galateo case confirm` di questo caso da solo, senza --exposed-another
    the case is urgent: whoever may be in danger is helped first, and the rest is decided then. The first confirmation is `galateo case confirm` of this case by itself, without --exposed-another
    una sanzione attende conferma: decidere il caso da solo
    a sanction waits for confirmation: decide this case by itself
    questa attività si chiude decidendo: `galateo case confirm`, oppure `galateo case overturn --only-sanction`
    this task is closed by deciding: `galateo case confirm`, or `galateo case overturn --only-sanction`
    l'autore è ancora bloccato sulla piattaforma: l'attività resta aperta finché non è sbloccato (se il suo profilo non c'è più, è fatta)
    the author is still kept out: the task stays open until they are let in (where their profile is gone, it is done)
    nessuna sanzione attende conferma in questo caso
    no sanction waits for confirmation in this case
    nessuna attività x
    no task x
    attività già chiusa da anna il 02/11/2026
    the task was closed already by anna on 02/11/2026
    il caso ha già 20 assegnazioni e segnalazioni, il massimo: si può ancora confermarlo o annullarlo
    the case has 20 assignments and referrals already, the most: it can still be confirmed or overturned
    le annotazioni su questo autore occupano già tutto lo spazio previsto: decadono dopo un anno
    the notes about this author fill the room that they have: they expire after a year
    il caso continua a cambiare: riprovare tra poco
    the case keeps changing: try again in a moment
    non c'è nulla da riprendere: la decisione vale già, oppure è stata ripresa
    there is nothing to take back: the decision counts already, or was taken back
    2 non è un profilo della policy su Facebook; ci sono: 1
    2 is no account of the policy on Facebook; there are: 1
    "#);
}

#[test]
fn every_command_and_option_that_is_named_exists() {
    let at = "2026-11-02T09:00:00Z".parse().unwrap();
    let tasks = all_facts().into_iter().map(|facts| Task::new("t".to_owned(), None, facts, at));
    let asked = tasks.flat_map(|task| BOTH.map(|language| asked_in(&task, language)));
    let refused = all_errors().into_iter().flat_map(|error| BOTH.map(|language| refused_in(&error, language)));
    let mut found = 0;
    for told in asked.chain(refused) {
        for (position, part) in told.split('`').enumerate() {
            if position % 2 == 1 {
                found += 1;
                let typed = completed(part);
                let parsed = Cli::command().try_get_matches_from(&typed);
                assert!(parsed.is_ok(), "{told}\n{typed:?}: {}", parsed.unwrap_err());
            } else {
                for option in
                    part.split(|c: char| !c.is_ascii_alphabetic() && c != '-').filter(|word| word.starts_with("--"))
                {
                    assert!(has(&Cli::command(), option.trim_start_matches('-')), "{told}: {option}");
                }
            }
        }
    }
    assert!(found >= 40, "{found} commands were found");
}

/// A command as it is named, with what has to be added before it can be carried out.
fn completed(named: &str) -> Vec<&str> {
    const RULING: [&str; 4] = ["--by", "anna", "--reason", "offende chi legge"];
    let mut typed: Vec<&str> = named.split_whitespace().collect();
    let added: &[&str] = match typed[1..] {
        ["case", "confirm", "--group", ..] | ["automation", "resume", ..] => &[],
        ["case", "confirm" | "overturn", ..] => &["0a-0b"],
        ["task", "done", ..] => &["0a-0b-a1"],
        ["author", "show"] => &["facebook", "4242"],
        ["report", "erase", ..] => &["--by", "anna"],
        _ => &[],
    };
    typed.extend(added);
    let is_ruling =
        matches!(typed[1..3], ["case", "confirm" | "overturn"] | ["automation", "resume"] | ["task", "done"]);
    typed.extend(RULING.iter().filter(|_| is_ruling));
    typed
}

/// Whether a command, or one below it, has this option.
fn has(command: &clap::Command, option: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_long() == Some(option))
        || command.get_subcommands().any(|below| has(below, option))
}
