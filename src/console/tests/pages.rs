//! What the pages of the register, the reports, the log and of data protection say and do.

use ledger::{DecisionKind, Fact};
use moderation::Listing;

use crate::decisions::{EVENT, one};
use crate::world::{World, header, text};

#[tokio::test]
async fn a_refused_try_is_on_record_under_the_name_of_whoever_tried() {
    let world = World::new().await;
    let anna = world.signed_in("Anna", &["lettura"]).await;
    for _ in 0..2 {
        assert_eq!(anna.get("/console/log").await.status(), 403);
    }
    let case = one(&world).await;
    let path = format!("/console/case/{}/confirm", case.id);
    assert_eq!(anna.post(&path, &[("reason", "una prova"), ("seen", "0")]).await.status(), 403);
    let entries = world.moderation.ledger().entries(ledger::day(world.now())).await.unwrap();
    let refused: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| match entry.fact {
            Fact::Refusal { by, what, needs } => Some((by, what, needs)),
            _ => None,
        })
        .collect();
    let anna = "Anna [anna]".to_owned();
    let tries = [("GET /console/log", "protezione-dati"), ("POST /console/case/{case}/confirm", "moderazione")];
    assert_eq!(refused.len(), 2, "{refused:?}");
    for (what, needs) in tries {
        assert!(refused.contains(&(anna.clone(), what.to_owned(), needs.to_owned())), "{refused:?}");
    }
}

#[tokio::test]
async fn a_prepared_reason_is_enough_and_what_is_written_completes_it() {
    let world = World::new().await;
    let case = one(&world).await;
    let anna = world.signed_in("Anna", &["moderazione"]).await;
    let path = format!("/console/case/{}", case.id);
    let page = text(&anna.get(&path).await);
    assert!(page.contains("<option value=\"Riletto: il testo viola l'articolo"), "{page}");
    let fields = [("prepared", "Riletto: va bene."), ("reason", "Di nuovo."), ("seen", "0")];
    assert_eq!(anna.post(&format!("{path}/note"), &fields).await.status(), 303);
    let case = world.moderation.office().case(&case.id).await.unwrap();
    assert_eq!(case.decisions[0].reason.as_deref(), Some("Riletto: va bene. Di nuovo."));
    assert_eq!(case.decisions[0].kind, DecisionKind::Note);
}

#[tokio::test]
async fn data_protection_is_told_what_will_happen_before_it_does() {
    let world = World::new().await;
    let case = one(&world).await;
    let paolo = world.signed_in("Paolo", &["protezione-dati"]).await;
    let author = case.pseudonym.clone().unwrap();
    let facts = async || {
        let entries = world.moderation.ledger().entries(ledger::day(world.now())).await.unwrap();
        let given = |fact: &Fact| matches!(fact, Fact::Disclosure { .. } | Fact::Erasure { .. } | Fact::Export { .. });
        entries.into_iter().filter(|entry| given(&entry.fact)).count()
    };
    let (dossier, export) = (format!("/console/case/{}/dossier", case.id), format!("/console/author/{author}/export"));
    let erase = format!("/console/author/{author}/erase");
    for path in [&dossier, &export, &erase] {
        let page = text(&paolo.get(path).await);
        assert!(page.contains("registro") && page.contains("method=\"post\""), "{page}");
    }
    assert_eq!(facts().await, 0, "nothing was done by reading");
    let page = paolo.post(&dossier, &[("format", "html")]).await;
    assert!(header(&page, "content-security-policy").contains("style-src 'unsafe-inline'"));
    assert!(text(&page).contains("<!DOCTYPE html>") && facts().await == 1);
    let data = paolo.post(&export, &[]).await;
    assert_eq!(header(&data, "content-disposition"), format!("attachment; filename=\"author-{author}.json\""));
    assert!(text(&data).contains("galateo-author-1") && facts().await == 2);
    let open = paolo.post(&erase, &[("reason", "chiesto dalla persona")]).await;
    assert!(open.status() == 409 && text(&open).contains("casi ancora da decidere: 1"), "{}", text(&open));
    assert_eq!(paolo.post(&erase, &[("reason", "chiesto dalla persona"), ("anyway", "yes")]).await.status(), 303);

    let today = ledger::day(world.now()).to_string();
    let span = [("from", today.as_str()), ("to", today.as_str())];
    let log = text(&paolo.get("/console/log?by=paolo").await);
    assert!(log.contains("Paolo [paolo]") && log.contains("Non ancora sigillato"), "{log}");
    let about = text(&paolo.get(&format!("/console/log?case={}", case.id)).await);
    assert!(about.contains("Ogni voce ha ancora la sua impronta") && about.contains("non ancora sigillata"), "{about}");
    let verified = text(&paolo.post("/console/log/verify", &span).await);
    assert!(verified.contains("Nulla che non vada"), "{verified}");
    let lines = paolo.post("/console/log/export", &span).await;
    assert!(text(&lines).starts_with("{\"header\":") && header(&lines, "content-disposition").contains("audit-"));
    let long = [("from", "2020-01-01"), ("to", today.as_str())];
    assert_eq!(paolo.post("/console/log/export", &long).await.status(), 400);
}

#[tokio::test]
async fn reports_the_register_and_what_happened_are_read_by_whoever_may_see() {
    let world = World::new().await;
    world.written(EVENT).await;
    let anna = world.signed_in("Anna", &["moderazione"]).await;
    let lucia = world.signed_in("Lucia", &["lettura"]).await;
    let (cases, _) = world.moderation.office().list(&Listing { limit: 1, ..Listing::default() }).await.unwrap();
    let note = format!("/console/case/{}/note", cases[0].id);
    assert_eq!(anna.post(&note, &[("reason", "da vedere"), ("seen", "0")]).await.status(), 303);
    let page = text(&lucia.get("/console/since").await);
    assert!(page.contains("Anna [anna]") && page.contains("<strong>1</strong>testi giudicati"), "{page}");
    assert!(!text(&anna.get("/console/since").await).contains("Anna [anna]"), "not what they did themselves");
    let seen = lucia.post("/console/since", &[]).await;
    assert!(header(&seen, "set-cookie").starts_with("galateo-local-looked="), "{}", header(&seen, "set-cookie"));

    let page = text(&lucia.get("/console/reports").await);
    assert!(page.contains("In cinque frasi") && page.contains("report.json") && page.contains(".csv"), "{page}");
    let report = lucia.get("/console/reports/report.html?period=2026").await;
    assert!(text(&report).contains("<svg") || text(&report).contains("<table"), "{}", text(&report));
    assert_eq!(lucia.get("/console/reports/x.csv").await.status(), 404);
    assert_eq!(lucia.get("/console/reports?period=2026-13").await.status(), 404);
    assert!(text(&lucia.get("/console/register").await).contains("Nessuno è bloccato"));
    let queue = text(&lucia.get("/console/queue").await);
    assert!(queue.contains("<option value=\"facebook\">Facebook (1)"), "{queue}");
}
