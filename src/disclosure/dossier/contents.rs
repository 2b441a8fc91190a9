//! What a dossier says. As JSON it is described in `docs/dossier.md`, field by field.

use jiff::Timestamp;
use ledger::audit::{Hash, ProvedEntry};
use ledger::{CaseId, Content, DecisionKind, Pseudonym, Reference, Status, TaskKind};
use policy::{AccountId, ActionKind, Effect, Notice, Outcome, Platform, Sanction, Strike, Surface};
use serde::Serialize;

use crate::judged::{InForce, Judgement};
use crate::statement::Statement;

/// What the format is called in JSON.
pub const FORMAT: &str = "galateo-dossier";
/// The version of the format.
pub const VERSION: u32 = 1;

/// Everything on record about a case, with the proof that the record is the one made at the time.
#[derive(Serialize)]
pub struct Dossier<'d> {
    pub format: &'static str,
    pub version: u32,
    pub made_at: Timestamp,
    pub made_by: &'d str,
    pub organisation: Institution<'d>,
    pub case: Summary<'d>,
    pub place: Place<'d>,
    pub contribution: Received<'d>,
    pub policy: InForce<'d>,
    pub verdict: Judgement<'d>,
    pub decisions: Vec<Ruled<'d>>,
    pub actions: Vec<Asked<'d>>,
    pub strikes: Vec<&'d Strike<CaseId>>,
    pub sanctions: Vec<&'d Sanction<CaseId>>,
    pub tasks: Vec<ToDo<'d>>,
    /// Absent where nothing was decided that restricts anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement_of_reasons: Option<Statement>,
    pub audit: Trail<'d>,
}

/// Whose dossier it is.
#[derive(Serialize)]
pub struct Institution<'d> {
    pub id: &'d str,
    pub name: &'d str,
    pub office: &'d str,
    pub email: &'d str,
    pub website: &'d str,
}

/// The case, and how it stands.
#[derive(Serialize)]
pub struct Summary<'d> {
    pub id: &'d CaseId,
    pub reference: &'d Reference,
    pub status: &'d Status,
    pub urgent: bool,
    pub office: Option<&'d str>,
    pub assignee: Option<&'d str>,
    pub deadline: Option<Timestamp>,
    pub group: Option<&'d str>,
}

/// Where the contribution stood. An account that the policy no longer lists has only its id.
#[derive(Serialize)]
pub struct Place<'d> {
    pub platform: Platform,
    pub surface: Surface,
    pub account: &'d AccountId,
    pub account_name: Option<&'d str>,
    pub account_handle: Option<&'d str>,
    pub account_url: Option<&'d str>,
}

/// The contribution as it was received, as far as it is still kept.
#[derive(Serialize)]
pub struct Received<'d> {
    pub written_at: Option<Timestamp>,
    /// When the platform told of it, where it does not say when it was written, or repeats the time of the original: a strike
    /// counts from there.
    pub told_at: Option<Timestamp>,
    pub received_at: Timestamp,
    pub edited: bool,
    pub has_attachment: bool,
    pub pseudonym: Option<&'d Pseudonym>,
    /// Text, author, platform ids and address; absent once they are no longer kept.
    pub content: Option<&'d Content>,
    /// Why and since when they are not; absent while they are.
    pub forgotten: Option<Forgotten>,
    /// What its author wrote into it before or after, in the order in which it came to be.
    pub revisions: Vec<Rewritten<'d>>,
    /// How many of these there were beyond the last twenty.
    pub revisions_left_out: usize,
}

/// Another revision of the contribution than the one that the dossier is about.
#[derive(Serialize)]
pub struct Rewritten<'d> {
    pub id: &'d CaseId,
    pub written_at: Option<Timestamp>,
    pub told_at: Option<Timestamp>,
    pub received_at: Timestamp,
    pub edited: bool,
    pub outcome: Outcome,
    pub protects: bool,
    /// The clauses of its findings, without repetition.
    pub clauses: Vec<&'d str>,
    /// Absent once it is no longer kept.
    pub text: Option<&'d str>,
}

/// That the personal part of a case is no longer kept.
#[derive(Serialize)]
pub struct Forgotten {
    pub ground: ForgottenGround,
    pub since: Timestamp,
}

/// Why something is no longer kept.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ForgottenGround {
    /// The time set for its platform was over.
    Retention,
    /// It was erased before that.
    Erasure,
}

/// What a person decided.
#[derive(Serialize)]
pub struct Ruled<'d> {
    pub kind: DecisionKind,
    pub by: &'d str,
    pub at: Timestamp,
    /// Absent once it is no longer kept.
    pub reason: Option<&'d str>,
    /// What makes the reason, put before it, the text whose hash is in the audit entry.
    pub salt: Option<&'d str>,
}

/// What was, or is to be, asked of the platform.
#[derive(Serialize)]
pub struct Asked<'d> {
    pub id: &'d str,
    pub kind: ActionKind,
    /// The message, of an action that speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Whether a person's decision led to it, or took it back.
    pub by_person: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    pub attempts: u32,
    /// Absent while unsettled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_at: Option<Timestamp>,
    /// When a person said that they had done it in the platform's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand_at: Option<Timestamp>,
    /// When a person who was asked to do it said that it was not possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub could_not_at: Option<Timestamp>,
    /// As method and path, without ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<&'d str>,
    /// Of HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'d str>,
}

/// What a person had, or has, to do. Because of a user's report only that it was: what it is called, what was to be done
/// and what was noted may tell who has reported something.
#[derive(Serialize)]
pub struct ToDo<'d> {
    pub id: Option<&'d str>,
    pub kind: TaskKind,
    pub instruction: Option<String>,
    pub created_at: Timestamp,
    pub deadline: Option<Timestamp>,
    pub done: Option<Achieved<'d>>,
}

/// How a task ended.
#[derive(Serialize)]
pub struct Achieved<'d> {
    pub by: Option<&'d str>,
    pub at: Timestamp,
    pub note: Option<&'d str>,
    /// What makes the note, put before it, the text whose hash is in the audit entry.
    pub salt: Option<&'d str>,
    pub achieved: bool,
}

/// The audit entries of the case, and the seals that bind them: `docs/audit-format.md`, section 8.
#[derive(Serialize)]
pub struct Trail<'d> {
    pub entries: &'d [ProvedEntry],
    pub seals: Vec<Sealed>,
}

/// A seal as it is published, and its hash.
#[derive(Serialize)]
pub struct Sealed {
    pub seal: String,
    pub hash: Hash,
}
