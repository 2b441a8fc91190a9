//! What describes the tables as open data: JSON-LD in the profile DCAT-AP_IT.

use policy::Language;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Report;
use super::csv::File;
use super::language::Writing;

/// The European Union's vocabularies, which the profile asks for.
const EU: &str = "http://publications.europa.eu/resource/authority";
/// Creative Commons Attribution 4.0 in the Italian vocabulary of licences.
const LICENCE: &str = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40";

/// The file that describes the others. Addresses are relative: whoever publishes the folder does not have to change it.
pub(super) fn describe(report: &Report, language: Language, files: &[File]) -> File {
    let title = language.of(("Canali social: crescita e moderazione", "Social media channels: growth and moderation"));
    let title = format!("{title} – {}", language.period(report.period));
    let period = report.period;
    let frequency = match period {
        period if period.is_month() => "MONTHLY",
        period if period.is_year() => "ANNUAL",
        _ => "IRREG",
    };
    let agent = json!({
        "@type": ["dcatapit:Agent", "foaf:Agent"],
        "dct:identifier": report.policy.id,
        "foaf:name": report.organisation.name,
    });
    let description = language.of((
        "Quanti interventi di altri sono arrivati sui canali social ufficiali, come sono stati moderati e come sono \
         cresciuti i canali. Non contiene testi, nomi o identificativi di persone; non sono pubblicati i valori che \
         potrebbero riferirsi a meno di cinque autori.",
        "How many contributions by others arrived on the official social media channels, how they were moderated and \
         how the channels grew. It holds no text, name or identifier of a person; figures that could point at fewer \
         than five authors are not published.",
    ));
    let described = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dcatapit": "http://dati.gov.it/onto/dcatapit#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:identifier": format!("{}:statistics:{}:{}", report.policy.id, period.from, period.to),
        "dct:title": { "@value": title, "@language": language.as_str() },
        "dct:description": { "@value": description, "@language": language.as_str() },
        "dct:language": { "@id": format!("{EU}/language/{}", language.of(("ITA", "ENG"))) },
        "dct:modified": { "@value": period.to.to_string(), "@type": "xsd:date" },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcatapit:startDate": { "@value": period.from.to_string(), "@type": "xsd:date" },
            "dcatapit:endDate": { "@value": period.to.to_string(), "@type": "xsd:date" },
        },
        "dct:accrualPeriodicity": { "@id": format!("{EU}/frequency/{frequency}") },
        "dcat:theme": [{ "@id": format!("{EU}/data-theme/GOVE") }],
        "dct:rightsHolder": agent,
        "dct:publisher": agent,
        "dct:creator": agent,
        "dcat:contactPoint": {
            "@type": ["dcatapit:Organization", "vcard:Organization"],
            "vcard:fn": report.organisation.office,
            "vcard:hasEmail": { "@id": format!("mailto:{}", report.organisation.email) },
        },
        "dcat:landingPage": { "@id": report.organisation.website },
        "dcat:distribution": files.iter().map(|file| distribution(file, language)).collect::<Vec<_>>(),
    });
    // Keys are texts, so this cannot fail.
    let text = serde_json::to_string_pretty(&described).unwrap_or_default() + "\n";
    File { name: "metadata.jsonld".to_owned(), text, title }
}

fn distribution(file: &File, language: Language) -> Value {
    json!({
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:title": { "@value": file.title, "@language": language.as_str() },
        "dcat:accessURL": { "@id": file.name },
        "dcat:downloadURL": { "@id": file.name },
        "dct:format": { "@id": format!("{EU}/file-type/CSV") },
        "dcat:mediaType": { "@id": "https://www.iana.org/assignments/media-types/text/csv" },
        "dcat:byteSize": { "@value": file.text.len().to_string(), "@type": "xsd:decimal" },
        "dct:license": { "@id": LICENCE, "@type": "dcatapit:LicenseDocument" },
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": { "@id": "spdx:checksumAlgorithm_sha256" },
            "spdx:checksumValue": hex::encode(Sha256::digest(&file.text)),
        },
    })
}
