//! The records that a command works on: in a file, with the server that has it open, or in AWS.

use std::error::Error;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use jiff::Timestamp;
use ledger::embedded::{Embedded, Joined};
use ledger::{Ledger, LedgerError, Tables, client_for};
use local::files;
use moderation::{Clock, Settings};
use policy::Policy;
use secrecy::SecretString;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::cli;
use crate::language::{self, either, say};
use crate::policies;
use crate::terminal::failure::Failure;
use crate::terminal::{output, progress};

/// How long a command waits for another that has the data file open just now. Commands take a second or two.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long an endpoint may take to accept a connection.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);

/// How long credentials may take: a program of the organisation may ask for a code, and one that hangs is to be told of.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(60);

/// A policy, and the ledger that is kept under it.
pub struct Records {
    pub policy: Arc<Policy>,
    pub ledger: Ledger,
    /// The engine on the data file, where no server has it open. It runs as long as it is held.
    pub engine: Option<Embedded>,
}

/// What becomes of a data file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The command is refused: it would say of everything that it is not there.
    Refused,
    /// It is made: the command brings something to keep.
    Made,
}

impl Records {
    /// Opens what the options name, unless the clock is certainly wrong. Where it is earlier than the records begin, that is
    /// said.
    pub async fn open(options: &cli::Records, absent: Absent) -> Result<Self, Failure> {
        match options.now {
            Some(now) => not_before_the_program(now)?,
            None => Clock::fault(Timestamp::now())
                .map_or(Ok(()), |fault| Err(Failure::unusable(language::of_cause(&fault))))?,
        }
        let policy = Arc::new(policies::load(options.policy.as_deref())?);
        tell_unknown_variables(&policy);
        let (ledger, engine) = match (&options.data, &options.endpoint) {
            (Some(file), _) => in_file(file, &policy, absent).await?,
            (None, Some(url)) => {
                listens(url).await?;
                (ledger(client_for(url), Tables::default(), &policy, &local(&policy)?), None)
            }
            (None, None) => (in_aws(&policy).await?, None),
        };
        let today = ledger::day(options.now.unwrap_or_else(Timestamp::now));
        if let Some(begun) = ledger.begun().await?.filter(|begun| today < *begun) {
            output::tell(&say!(
                "ATTENZIONE: l'orologio segna il {today}, ma le registrazioni cominciano il {begun}: ciò che si registra ora \
                 le fa cominciare prima, e nessun sigillo lo vincolerà.",
                "WARNING: the clock says {today}, but the records begin on {begun}: what is recorded now lets them begin \
                 earlier, and no seal will bind it."
            ));
        }
        Ok(Self { policy, ledger, engine })
    }
}

/// Refuses to begin records that are kept at a time before this program was made, but for a demonstration: they would begin
/// then for good, and nobody would seal the days since.
pub fn not_before_the_program(now: Timestamp) -> Result<(), Failure> {
    if Clock::fault(now).is_none() {
        return Ok(());
    }
    Err(Failure::unusable(say!(
        "--now {now}: è prima che questo programma fosse scritto, e in un registro che si conserva resterebbe per sempre; per \
         provare, lasciare il registro in memoria (`galateo serve` senza --data e --endpoint)",
        "--now {now}: this is before this program was made, and in a ledger that is kept it would stay for ever; to rehearse, \
         keep the ledger in memory (`galateo serve` without --data and --endpoint)"
    )))
}

fn ledger(client: aws_sdk_dynamodb::Client, tables: Tables, policy: &Policy, settings: &Settings) -> Ledger {
    Ledger::new(client, tables, &policy.reference.id, settings.pseudonym_keys().clone())
}

/// The ledger in a file: that of the server which has it open, or an engine of our own.
async fn in_file(file: &Path, policy: &Policy, absent: Absent) -> Result<(Ledger, Option<Embedded>), Failure> {
    let unusable = |reason: &str| {
        let file = file.display();
        Failure::unusable(say!(
            "il registro in {file} non si può aprire: {reason}",
            "the ledger in {file} cannot be opened: {reason}"
        ))
    };
    let is_there = files::is_there(file).map_err(|error| unusable(&language::of_cause(&error)))?;
    if absent == Absent::Refused && !is_there {
        return Err(unusable(either("il file non c'è", "no such file")));
    }
    let settings = local(policy)?;
    let refused = |error: LedgerError| unusable(&language::of_ledger(&error));
    let (client, engine) = match Embedded::join(file, PATIENCE).await.map_err(refused)? {
        Joined::Running(remote) => (remote.client(), None),
        Joined::Started(engine) => (engine.client(), Some(engine)),
    };
    let ledger = ledger(client, Tables::default(), policy, &settings);
    if absent == Absent::Made && engine.is_some() {
        ledger.create_tables().await.map_err(refused)?;
    }
    Ok((ledger, engine))
}

/// Whether anybody listens at an endpoint, before requests are repeated for seconds.
pub async fn listens(endpoint: &str) -> Result<(), Failure> {
    let url = Url::parse(endpoint).ok();
    let place = url.as_ref().and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    let Some((host, port)) = place else { return Ok(()) };
    let host = host.trim_matches(['[', ']']);
    match timeout(LISTENS_WITHIN, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => Err(Failure::unusable(say!(
            "--endpoint {endpoint}: lì non c'è nessuno in ascolto; avviare prima il DynamoDB, o correggere l'indirizzo",
            "--endpoint {endpoint}: nothing listens there; start the DynamoDB first, or correct the address"
        ))),
        Ok(Err(error)) => Err(Failure::unusable(format!("--endpoint {endpoint}: {}", language::of_cause(&error)))),
        Err(_) => Err(Failure::unusable(say!(
            "--endpoint {endpoint}: non risponde",
            "--endpoint {endpoint}: it does not answer"
        ))),
    }
}

/// The tables of a deployed stack, with the credentials of the environment. There is no default for the pseudonym key:
/// with a wrong one, authors would not be found.
async fn in_aws(policy: &Policy) -> Result<Ledger, Failure> {
    let name = |variable: &str| {
        std::env::var(variable).ok().filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            let key = Settings::variable("pseudonym-key");
            Failure::unusable(say!(
                "non è indicato alcun registro: dare --data FILE o --endpoint URL, oppure per le tabelle in AWS \
                 impostare GALATEO_CASEBOOK_TABLE, GALATEO_AUDIT_TABLE e {key} ({variable} non è impostata)",
                "no ledger is named: give --data FILE or --endpoint URL, or for the tables in AWS set \
                 GALATEO_CASEBOOK_TABLE, GALATEO_AUDIT_TABLE and {key} ({variable} is not set)"
            ))
        })
    };
    let tables = Tables { casebook: name("GALATEO_CASEBOOK_TABLE")?, audit: name("GALATEO_AUDIT_TABLE")? };
    let settings = Settings::deployed(&policy.accounts, &from_environment);
    let settings = settings.map_err(|error| Failure::unusable(language::of_cause(&error)))?;
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    usable(&aws).await?;
    Ok(ledger(aws_sdk_dynamodb::Client::new(&aws), tables, policy, &settings))
}

/// Whether a request could be sent at all, before the first is: where a profile is wrong, the person at the keyboard has
/// to do something, and waiting helps nobody.
async fn usable(aws: &SdkConfig) -> Result<(), Failure> {
    let profile = std::env::var("AWS_PROFILE").unwrap_or_else(|_| "default".to_owned());
    if aws.region().is_none_or(|region| region.as_ref().trim().is_empty()) {
        return Err(Failure::unusable(say!(
            "manca la regione di AWS: impostare AWS_REGION, oppure `region` nel profilo {profile:?}, se c'è",
            "there is no AWS region: set AWS_REGION, or `region` in the profile {profile:?}, if there is one"
        )));
    }
    let found = match aws.credentials_provider() {
        Some(provider) => {
            let asked = timeout(CREDENTIALS_TIMEOUT, provider.provide_credentials());
            let waiting = say!(
                "attendo le credenziali del profilo {profile:?}",
                "waiting for the credentials of the profile {profile:?}"
            );
            match progress::during(&waiting, asked).await {
                Ok(found) => found.map(|_| ()),
                Err(_) => Err(CredentialsError::provider_timed_out(CREDENTIALS_TIMEOUT)),
            }
        }
        None => Err(CredentialsError::not_loaded_no_source()),
    };
    found.map_err(|error| {
        let causes = causes(&error);
        Failure::unusable(say!(
            "mancano credenziali di AWS utilizzabili (profilo {profile:?}): {causes}. Con l'accesso unico: \
             `aws sso login`; altrimenti impostare AWS_PROFILE, oppure AWS_ACCESS_KEY_ID e AWS_SECRET_ACCESS_KEY",
            "there are no usable AWS credentials (profile {profile:?}): {causes}. With single sign-on: \
             `aws sso login`; otherwise set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ))
    })
}

/// An error with what caused it, as one line.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text.replace('\n', " ")
}

/// The settings of a laptop, from the environment.
pub fn local(policy: &Policy) -> Result<Settings, Failure> {
    let settings = Settings::local(&policy.accounts, &from_environment);
    settings.map_err(|error| Failure::unusable(language::of_cause(&error)))
}

/// Says which variables of the environment are meant as settings and are none.
pub fn tell_unknown_variables(policy: &Policy) {
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for unknown in Settings::unknown_variables(&policy.accounts, variables) {
        output::tell(&say!(
            "ATTENZIONE: {unknown} non è un'impostazione, o non è di una piattaforma o di un profilo della policy: non ha \
             effetto.",
            "WARNING: {unknown} is no setting, or of no platform or of no account of the policy: it has no effect."
        ));
    }
}

/// A setting of a laptop by its path, such as `webhook-secrets/facebook`.
pub fn from_environment(path: &str) -> Option<SecretString> {
    std::env::var(Settings::variable(path)).ok().map(SecretString::from)
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Failure::unusable(language::of_ledger(&error))
    }
}
