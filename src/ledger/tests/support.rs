//! Engines with faults on demand, and contributions to put into them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_dynamodb::config::{RuntimeComponents, SharedHttpClient};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use jiff::{SignedDuration, Timestamp};
use ledger::embedded::Embedded;
use ledger::{
    ActionWork, Amended, Amendment, AuthorRecord, Case, CaseId, Decision, DecisionKind, Done, Judged, Ledger,
    NewAction, NewStrike, Pseudonym, PseudonymKey, SanctionsChange, Settlement, Tables, Task, TaskFacts, Work, WorkKey,
    client_for,
};
use policy::{
    AccountId, ActionKind, Author, Category, Contribution, Effect, Finding, Handwork, Outcome, Person, Platform,
    PlatformUserId, PolicyRef, Sanction, SanctionKind, SanctionState, ThreadId, Verdict,
};

pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// An empty ledger in one engine.
pub struct World {
    pub ledger: Ledger,
    pub faults: Faults,
    pub client: Client,
    pub tables: Tables,
    _engine: Option<Embedded>,
}

impl World {
    async fn new(plain: Client, engine: Option<Embedded>) -> Self {
        let faults = Faults::default();
        let inner = plain.config().http_client().unwrap();
        let config = plain.config().to_builder().http_client(Faulty { inner, faults: faults.clone() });
        let client = Client::from_conf(config.build());
        let name = format!("test-{:016x}", rand::random::<u64>());
        let tables = Tables { casebook: format!("{name}-casebook"), audit: format!("{name}-audit") };
        let ledger = Ledger::new(client.clone(), tables.clone(), "milano-monza-brianza-lodi", key());
        ledger.create_tables().await.unwrap();
        Self { ledger, faults, client, tables, _engine: engine }
    }

    /// The records of another organisation in the same tables.
    pub fn other_organisation(&self) -> Ledger {
        Ledger::new(self.client.clone(), self.tables.clone(), "riviere-di-liguria", key())
    }

    /// Every item of a table.
    pub async fn scan(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        self.client.scan().table_name(table).consistent_read(true).send().await.unwrap().items.unwrap_or_default()
    }

    /// What the ledger consumes while something is done.
    pub async fn cost<T>(&self, doing: impl Future<Output = T>) -> (T, f64, f64) {
        let before = self.ledger.consumed();
        let done = doing.await;
        let after = self.ledger.consumed();
        (done, after.read_units - before.read_units, after.write_units - before.write_units)
    }

    /// A case that is there, as it reads when its content is still kept.
    pub async fn case(&self, id: &CaseId) -> Case {
        self.ledger.case(id, at("2026-02-03T12:00:00Z")).await.unwrap().expect("the case is there")
    }

    /// The case of a sample.
    pub async fn case_of(&self, sample: &Sample) -> Case {
        self.case(&sample.case_id(&self.ledger)).await
    }

    /// What is on record about the author of the samples.
    pub async fn author(&self) -> AuthorRecord {
        self.ledger.author(&self.pseudonym()).await.unwrap()
    }

    /// By what the author of the samples is known.
    pub fn pseudonym(&self) -> ledger::Pseudonym {
        let Contribution { platform, author, .. } = comment("1_1");
        self.ledger.pseudonym(platform, &author.unwrap().id, at("2026-02-03T12:00:00Z"))
    }

    /// The tasks that are not done.
    pub async fn tasks(&self) -> Vec<Task> {
        self.ledger.tasks(None, 100, at("2026-02-03T12:00:00Z")).await.unwrap().0
    }

    /// Changes a case as it is now, which nobody disputes.
    pub async fn amend(&self, id: &CaseId, change: impl FnOnce(&mut Amendment<'_>)) {
        let case = self.case(id).await;
        let mut amendment = Amendment::of(&case);
        change(&mut amendment);
        let amended = self.ledger.amend(&amendment, at("2026-02-03T09:00:01Z")).await;
        assert_eq!(amended, Ok(Amended::Recorded));
    }

    /// Gives the author of a case a first sanction, served by these actions of the case.
    pub async fn sanction(&self, id: &CaseId, kind: SanctionKind, actions: Vec<NewAction>) {
        self.amend(id, |amendment| {
            amendment.actions = actions;
            let sanctions = vec![sanction(id, kind)];
            amendment.sanctions = Some(SanctionsChange { version: 0, sanctions, changed: vec![1] });
        })
        .await;
    }

    /// Takes up the action that is due first.
    pub async fn claim_first(&self, now: Timestamp) -> Option<ActionWork> {
        let key = self.due(now).await.into_iter().next()?;
        self.claim(&key, now).await
    }

    pub async fn claim(&self, key: &WorkKey, now: Timestamp) -> Option<ActionWork> {
        match self.ledger.claim(key, now, LEASE).await.unwrap()? {
            Work::Action(work) => Some(work),
            other => panic!("expected an action, found {other:?}"),
        }
    }

    pub async fn due(&self, now: Timestamp) -> Vec<WorkKey> {
        self.ledger.due(now, 100).await.unwrap()
    }
}

/// Runs a test in an empty ledger on the embedded engine.
pub async fn on_the_embedded_engine(test: impl AsyncFn(World)) {
    eprintln!("on the embedded engine");
    let engine = Embedded::start(None).await.unwrap();
    test(World::new(engine.client(), Some(engine)).await).await;
}

/// Runs a test in an empty ledger on each engine that there is.
pub async fn on_each_engine(test: impl AsyncFn(World)) {
    on_the_embedded_engine(&test).await;
    if let Ok(endpoint) = std::env::var("GALATEO_TEST_DYNAMODB") {
        eprintln!("on {endpoint}");
        test(World::new(client_for(&endpoint), None).await).await;
    }
}

pub fn key() -> PseudonymKey {
    PseudonymKey::new(b"a key for the tests only").unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A comment of the morning of 3 February 2026.
pub fn comment(id: &str) -> Contribution {
    let text = "Siete dei ladri, telefonate al 333 1234567 e ve lo spiego io di persona, parola mia";
    Contribution {
        revision: format!("{id} 1"),
        author: Some(Author { id: PlatformUserId::new("9988776655"), name: Some("Nome Cognome".to_owned()) }),
        thread: Some(ThreadId::new("1234567890321_10")),
        permalink: Some(format!("https://www.facebook.com/1234567890321/posts/10?comment_id={id}")),
        at: Some(at("2026-02-03T09:00:00Z")),
        ..Contribution::comment(Platform::Facebook, AccountId::new("1234567890321"), id, text)
    }
}

/// A later revision of it.
pub fn edited(original: &Contribution, text: &str) -> Contribution {
    let revision = format!("{} {text}", original.revision);
    Contribution { revision, text: text.to_owned(), edited: true, ..original.clone() }
}

pub fn policy() -> PolicyRef {
    PolicyRef {
        id: "milano-monza-brianza-lodi".to_owned(),
        version: "2025-1".to_owned(),
        hash: "9f".repeat(32),
        reader: None,
    }
}

pub fn clean() -> Verdict {
    Verdict::new(Vec::new())
}

/// The verdict on the telephone number in [`comment`].
pub fn violation(contribution: &Contribution) -> Verdict {
    let start = contribution.text.find("333").unwrap_or_default();
    let end = contribution.text.len().min(start + 11);
    Verdict::new(vec![Finding {
        clause: "R5".to_owned(),
        category: Category::PersonalData,
        rule: "telefono".to_owned(),
        detector: "phone",
        outcome: Outcome::Hide,
        span: start..end,
        matched: contribution.text[start..end].to_owned(),
        folded: contribution.text[start..end].to_owned(),
        urgent: false,
        opinion: None,
    }])
}

/// A contribution with its verdict, to lend to [`Judged`].
pub struct Sample {
    pub contribution: Contribution,
    case: CaseId,
    author: Option<Pseudonym>,
    verdict: Verdict,
    policy: PolicyRef,
    violates: bool,
}

impl Sample {
    pub fn clean(contribution: Contribution) -> Self {
        Self::new(contribution, clean(), false)
    }

    pub fn violating(contribution: Contribution) -> Self {
        let verdict = violation(&contribution);
        Self::new(contribution, verdict, true)
    }

    fn new(contribution: Contribution, verdict: Verdict, violates: bool) -> Self {
        // Asked for names only, which are the same in every world; nothing listens on the discard port.
        static NAMES: LazyLock<Ledger> =
            LazyLock::new(|| Ledger::new(client_for("http://127.0.0.1:9"), Tables::default(), "nobody", key()));
        let now = at("2026-02-03T12:00:00Z");
        let author = contribution.author.as_ref();
        let author = author.map(|author| NAMES.pseudonym(contribution.platform, &author.id, now));
        Self { case: NAMES.case_id(&contribution, now), author, contribution, verdict, policy: policy(), violates }
    }

    /// The same as another ledger names it, which has other pseudonym keys.
    pub async fn named_by(mut self, ledger: &Ledger, now: Timestamp) -> Self {
        let Contribution { platform, author, .. } = &self.contribution;
        self.case = ledger.case_id(&self.contribution, now);
        if let Some(author) = author {
            self.author = Some(ledger.known_as(*platform, &author.id, now).await.unwrap());
        }
        self
    }

    /// The id of its case.
    pub fn case_id(&self, ledger: &Ledger) -> CaseId {
        ledger.case_id(&self.contribution, at("2026-02-03T12:00:00Z"))
    }

    /// As it is recorded: a violation is hidden, and counts a strike.
    pub fn judged(&self, received_at: Timestamp) -> Judged<'_> {
        let Self { contribution, case, verdict, policy, .. } = self;
        let keep_until = at("2026-03-05T09:00:00Z");
        Judged {
            author: self.author.as_ref(),
            actions: if self.violates { vec![NewAction::new(ActionKind::Hide)] } else { Vec::new() },
            strike: self.violates.then(strike),
            ..Judged::without_consequences(contribution, case, verdict, policy, received_at, keep_until)
        }
    }
}

/// A strike that counts for a year.
pub fn strike() -> NewStrike {
    NewStrike {
        clause: "R5".to_owned(),
        weight: 1,
        skips_to: None,
        at: at("2026-02-03T09:00:00Z"),
        expires_at: at("2027-02-03T09:00:00Z"),
    }
}

/// A task of no case, not done.
pub fn task(id: &str) -> Task {
    let (asked, platform) = (ActionKind::Hide, Platform::Linkedin);
    let facts = TaskFacts::ByHand { asked, platform, how: Handwork::DeleteComment, ends_at: None };
    Task::new(id.to_owned(), None, facts, at("2026-02-03T09:00:01Z"))
}

/// That a task was done by Anna.
pub fn by_hand(achieved: bool) -> Done {
    let (note, salt) = ("Fatto dalla pagina".to_owned(), "0123".to_owned());
    Done { by: person("Anna"), at: at("2026-02-03T11:00:00Z"), note, salt, achieved }
}

/// A person of the office.
pub fn person(name: &str) -> Person {
    Person::new(name).unwrap()
}

/// What a person decided at eleven, with a reason that is kept for a month.
pub fn decision(kind: DecisionKind) -> Decision {
    Decision {
        kind,
        by: person("Anna"),
        at: at("2026-02-03T11:00:00Z"),
        reason: Some("Il numero è di un ufficio".to_owned()),
        salt: "4567".to_owned(),
        keep_until: at("2026-03-05T09:00:00Z"),
    }
}

/// The first sanction of the author of a case, decided and on its way.
pub fn sanction(case: &CaseId, kind: SanctionKind) -> Sanction<CaseId> {
    Sanction {
        number: 1,
        kind,
        case: case.clone(),
        grounds: vec![case.clone()],
        state: SanctionState::Decided,
        proposed_at: at("2026-02-03T09:00:02Z"),
        confirmed_by: Vec::new(),
        effective_at: None,
        ends_at: None,
        closed_at: None,
        expires_at: if kind == SanctionKind::Ban { Timestamp::MAX } else { at("2027-02-03T09:00:00Z") },
    }
}

/// An action that serves the author's first sanction.
pub fn serving(kind: ActionKind) -> NewAction {
    NewAction { sanction: Some(1), ..NewAction::new(kind) }
}

/// What came of asking, when the platform was called.
pub fn effect(effect: Effect) -> Settlement {
    let Settlement::Effect { call, status, reference, note, task, .. } = done() else { unreachable!() };
    Settlement::Effect { effect, call, status, reference, note, task }
}

pub fn done() -> Settlement {
    Settlement::Effect {
        effect: Effect::Done,
        call: Some("POST /{comment-id}".to_owned()),
        status: Some(200),
        reference: None,
        note: None,
        task: None,
    }
}

/// What can go wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused with this error code.
    Refused(&'static str),
    /// The transaction is cancelled with this reason.
    Cancelled(&'static str),
    /// It is carried out, and the answer is lost.
    AnswerLost,
    /// It does not arrive.
    Unreachable,
}

/// The faults that are still to happen, by operation.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<HashMap<&'static str, VecDeque<Fault>>>>);

impl Faults {
    /// The next requests of this operation suffer these, one each.
    pub fn inject(&self, operation: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.0.lock().unwrap().entry(operation).or_default().extend(faults);
    }

    /// Whether all of them happened.
    pub fn all_happened(&self) -> bool {
        self.0.lock().unwrap().values().all(VecDeque::is_empty)
    }

    /// What did not happen yet does not happen any more.
    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    fn next(&self, request: &HttpRequest) -> Option<Fault> {
        let target = request.headers().get("x-amz-target")?;
        let operation = target.rsplit('.').next()?;
        self.0.lock().unwrap().get_mut(operation)?.pop_front()
    }
}

#[derive(Clone, Debug)]
struct Faulty {
    inner: SharedHttpClient,
    faults: Faults,
}

impl HttpClient for Faulty {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(FaultyConnector { inner, faults: self.faults.clone() })
    }
}

#[derive(Debug)]
struct FaultyConnector {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl HttpConnector for FaultyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.faults.next(&request) {
            None => self.inner.call(request),
            Some(Fault::AnswerLost) => {
                let carried_out = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    carried_out.await?;
                    Err(ConnectorError::timeout("injected".into()))
                })
            }
            Some(Fault::Unreachable) => HttpConnectorFuture::ready(Err(ConnectorError::io("injected".into()))),
            Some(Fault::Refused(code)) => {
                refusal(format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"injected"}}"#))
            }
            Some(Fault::Cancelled(reason)) => refusal(format!(
                r#"{{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"injected",
                    "CancellationReasons":[{{"Code":"None"}},{{"Code":"{reason}","Message":"injected"}}]}}"#
            )),
        }
    }
}

fn refusal(body: String) -> HttpConnectorFuture {
    HttpConnectorFuture::ready(Ok(HttpResponse::new(400_u16.try_into().unwrap(), body.into())))
}

/// The reference of one of many contributions.
pub fn reference(number: u32) -> ledger::Reference {
    format!("{number:024x}").parse().unwrap()
}
