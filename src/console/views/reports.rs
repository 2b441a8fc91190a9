//! The reports about months and years, as `statistics` compiles them.

use jiff::civil::Date;
use maud::{Markup, html};
use policy::Language;
use statistics::{Archive, CsvOptions, Period, Report};

use crate::answer::{Answer, file, whole_page};
use crate::form::address;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many months are offered to be chosen.
const MONTHS: usize = 13;

impl Visit<'_> {
    /// A report, up to yesterday: today is not over.
    pub(super) async fn report(&self, period: Period) -> Result<Report, Trouble> {
        let ledger = self.console.moderation.ledger();
        let archive = Archive { policy: self.policy(), ledger };
        Ok(archive.report(period, ledger::day(self.now), None).await?)
    }

    /// The five sentences of a report, in the language of whoever reads.
    pub(super) fn sentences(&self, report: &Report) -> Markup {
        let sentences = match self.language {
            Language::Italian => &report.summary.it,
            Language::English => &report.summary.en,
        };
        html! { ul { @for sentence in sentences { li { (sentence) } } } }
    }

    /// The period that the address asks for: `2026-10` or `2026`. Without one, the month that is over.
    fn period(&self) -> Result<(String, Period), Trouble> {
        let today = ledger::day(self.now);
        let asked = match self.query.given("period") {
            Some(asked) => asked.to_owned(),
            None => name(today.first_of_month().yesterday().unwrap_or(today)),
        };
        let period = match asked.split_once('-') {
            Some((year, month)) => {
                year.parse().ok().zip(month.parse().ok()).and_then(|(y, m)| Period::month(y, m).ok())
            }
            None => asked.parse().ok().and_then(|year| Period::year(year).ok()),
        };
        let period = period.and_then(|period| period.reportable(today).ok());
        Ok((asked, period.ok_or(Trouble::NoPage)?))
    }

    pub(crate) async fn reports(&self) -> Result<Answer, Trouble> {
        let (asked, period) = self.period()?;
        let report = self.report(period).await?;
        let tables = report.to_csv(self.separators()).map_err(|_| Trouble::NoPage)?;
        let at = |name: &str| address(&format!("/console/reports/{name}"), &[("period", &asked)]);
        let today = ledger::day(self.now);
        let mut months = vec![name(today)];
        let mut first = today.first_of_month();
        while months.len() < MONTHS {
            let Ok(before) = first.yesterday() else { break };
            months.push(name(before));
            first = before.first_of_month();
        }
        let years = [today.year(), today.year() - 1].map(|year| year.to_string());
        let body = html! {
            form class="stack filters" method="get" action="/console/reports" {
                div {
                    label for="period" { (self.say("Mese o anno", "Month or year")) }
                    select id="period" name="period" {
                        @for one in months.iter().chain(&years) { option value=(one) selected[*one == asked] { (one) } }
                    }
                }
                div { button class="btn" { (self.say("Mostra", "Show")) } }
            }
            h2 { (self.say("In cinque frasi: ", "In five sentences: ")) (asked) }
            (self.sentences(&report))
            p { a href=(at("report.html")) { (self.say("Il rapporto intero, con i grafici", "The whole report, with its charts")) } }
            h2 { (self.say("File", "Files")) }
            ul {
                li { a href=(at("report.json")) download { "report.json" } }
                @for table in &tables { li { a href=(at(&table.name)) download { (table.name) } } }
            }
        };
        Ok(self.page("/console/reports", self.say("Rapporti", "Reports"), body))
    }

    pub(crate) async fn report_file(&self) -> Result<Answer, Trouble> {
        let (asked, period) = self.period()?;
        let report = self.report(period).await?;
        match self.place.as_str() {
            "report.html" => Ok(whole_page(report.to_html(self.language))),
            "report.json" => Ok(file("application/json", &format!("{asked}-report.json"), report.to_json())),
            other => {
                let tables = report.to_csv(self.separators()).map_err(|_| Trouble::NoPage)?;
                let table = tables.into_iter().find(|table| table.name == other).ok_or(Trouble::NoPage)?;
                let kind = if other.ends_with(".csv") { "text/csv; charset=utf-8" } else { "application/ld+json" };
                Ok(file(kind, &format!("{asked}-{}", table.name), table.text))
            }
        }
    }

    fn separators(&self) -> CsvOptions {
        CsvOptions::for_language(self.language)
    }
}

fn name(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}
