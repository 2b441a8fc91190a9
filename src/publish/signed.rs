//! Signed requests to AWS's services of which only a call or two is needed: their SDKs are large, and the signer that
//! every client here brings along is enough (decision 0012).

use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow};
use aws_config::{Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_dynamodb::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;
use http::Request;

/// How long a service may take to answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A service of AWS, by the name under which requests to it are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// S3.
    S3,
    /// SES.
    Ses,
}

/// Sends signed requests.
#[derive(Clone, Debug)]
pub struct Signed {
    http: reqwest::Client,
    region: Region,
    credentials: SharedCredentialsProvider,
}

impl Signed {
    /// With the region and the credentials of the environment.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(aws: &SdkConfig) -> anyhow::Result<Self> {
        let region = aws.region().cloned().context("there is no region")?;
        let credentials = aws.credentials_provider().context("there are no credentials")?;
        let http =
            reqwest::Client::builder().timeout(TIMEOUT).build().context("the HTTP client could not be set up")?;
        Ok(Self { http, region, credentials })
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Sends a request; its answer, whatever the status. The service refuses a time that is far from its own.
    ///
    /// # Errors
    /// When it cannot be signed, or the service does not answer.
    pub async fn send(
        &self,
        service: Service,
        request: Request<Vec<u8>>,
        now: SystemTime,
    ) -> anyhow::Result<reqwest::Response> {
        let (parts, body) = self.sign(service, request, now).await?.into_parts();
        let sent = self.http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).send();
        sent.await.map_err(|error| anyhow!("there is no answer: {}", error.without_url()))
    }

    /// The signed request. S3 wants the hash of the body in a header, and the path as it is.
    async fn sign(
        &self,
        service: Service,
        mut request: Request<Vec<u8>>,
        now: SystemTime,
    ) -> anyhow::Result<Request<Vec<u8>>> {
        let unsigned = "the request could not be signed";
        let credentials = self.credentials.provide_credentials().await.context("the credentials could not be read")?;
        let identity = credentials.into();
        let mut settings = SigningSettings::default();
        let name = match service {
            Service::S3 => {
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
                settings.percent_encoding_mode = PercentEncodingMode::Single;
                settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
                "s3"
            }
            Service::Ses => "ses",
        };
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region.as_ref())
            .name(name)
            .time(now)
            .settings(settings)
            .build()
            .context(unsigned)?;
        let uri = request.uri().to_string();
        let headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signable =
            SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Bytes(request.body()))
                .context(unsigned)?;
        let signed = sign(signable, &parameters.into()).context(unsigned)?;
        signed.into_parts().0.apply_to_request_http1x(&mut request);
        Ok(request)
    }
}

/// The address below which the keys of a bucket stand.
///
/// # Errors
/// When the SDK knows no address in the region.
pub async fn bucket_address(bucket: &str, aws: &SdkConfig, region: &Region) -> anyhow::Result<String> {
    // Another endpoint than AWS's need not know names of hosts: there the bucket stands in the path.
    match set_endpoint("AWS_ENDPOINT_URL_S3", aws) {
        Some(endpoint) => Ok(format!("{endpoint}/{bucket}")),
        None => Ok(format!("https://{bucket}.s3.{region}.{}", dns_suffix(region).await?)),
    }
}

/// The address of SES.
///
/// # Errors
/// When the SDK knows no address in the region.
pub async fn mail_address(aws: &SdkConfig, region: &Region) -> anyhow::Result<String> {
    match set_endpoint("AWS_ENDPOINT_URL_SESV2", aws) {
        Some(endpoint) => Ok(endpoint),
        None => Ok(format!("https://email.{region}.{}", dns_suffix(region).await?)),
    }
}

/// Another endpoint than AWS's, where one is set: for the service, or for all.
fn set_endpoint(variable: &str, aws: &SdkConfig) -> Option<String> {
    let endpoint = std::env::var(variable).ok().or_else(|| aws.endpoint_url().map(str::to_owned))?;
    Some(endpoint.trim_end_matches('/').to_owned())
}

/// The domain under which the services of a region stand. It differs by partition (`amazonaws.eu` in the European
/// Sovereign Cloud), and the SDK knows the partitions: what it says of DynamoDB holds for the others.
async fn dns_suffix(region: &Region) -> anyhow::Result<String> {
    let unknown = || format!("AWS's domain in the region {region} is not known");
    let params = Params::builder().region(region.to_string()).build().with_context(unknown)?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await;
    let endpoint = endpoint.map_err(|error| anyhow!("{}: {error}", unknown()))?;
    let suffix = endpoint.url().strip_prefix(&format!("https://dynamodb.{region}."));
    suffix.map(str::to_owned).with_context(unknown)
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use http::header;

    use super::*;

    impl Signed {
        /// Signs with credentials of no account.
        pub fn for_tests() -> Self {
            Self {
                http: reqwest::Client::new(),
                region: Region::new("eu-south-1"),
                credentials: SharedCredentialsProvider::new(Credentials::new("AKID", "secret", None, None, "test")),
            }
        }
    }

    fn request() -> Request<Vec<u8>> {
        Request::put("https://relazioni.s3.eu-south-1.amazonaws.com/2026-10/report.html")
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .body("<p>perché</p>".as_bytes().to_vec())
            .unwrap()
    }

    #[tokio::test]
    async fn the_services_of_a_region_stand_under_the_domain_of_its_partition() {
        for (region, s3, ses) in [
            ("eu-south-1", "https://sigilli.s3.eu-south-1.amazonaws.com", "https://email.eu-south-1.amazonaws.com"),
            (
                "eusc-de-east-1",
                "https://sigilli.s3.eusc-de-east-1.amazonaws.eu",
                "https://email.eusc-de-east-1.amazonaws.eu",
            ),
        ] {
            let (region, aws) = (Region::new(region), SdkConfig::builder().build());
            assert_eq!(bucket_address("sigilli", &aws, &region).await.unwrap(), s3);
            assert_eq!(mail_address(&aws, &region).await.unwrap(), ses);
        }
        let elsewhere = SdkConfig::builder().endpoint_url("http://127.0.0.1:4566/").build();
        let region = Region::new("eu-south-1");
        assert_eq!(bucket_address("sigilli", &elsewhere, &region).await.unwrap(), "http://127.0.0.1:4566/sigilli");
        assert_eq!(mail_address(&elsewhere, &region).await.unwrap(), "http://127.0.0.1:4566");
    }

    #[tokio::test]
    async fn a_request_to_a_bucket_is_signed_over_its_body() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let request = Signed::for_tests().sign(Service::S3, request(), now).await.unwrap();
        assert_eq!(request.uri(), "https://relazioni.s3.eu-south-1.amazonaws.com/2026-10/report.html");
        // `printf '<p>perché</p>' | sha256sum`
        let hash = "5c77e033ee76bbb50fa1ca539c52683b1fb983ef705d4ab4fe25ef5b7415adca";
        assert_eq!(request.headers()["x-amz-content-sha256"], hash);
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let scope = "AWS4-HMAC-SHA256 Credential=AKID/20261118/eu-south-1/s3/aws4_request";
        assert!(authorization.starts_with(scope), "{authorization}");
        assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date"));
    }

    #[tokio::test]
    async fn every_service_has_a_signature_of_its_own() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let request = Signed::for_tests().sign(Service::Ses, request(), now).await.unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.contains("/eu-south-1/ses/aws4_request"), "{authorization}");
        assert!(!request.headers().contains_key("x-amz-content-sha256"));
    }
}
