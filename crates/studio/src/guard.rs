//! Who may ask: what every request is looked at for, and what every answer carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::answer::refusal;
use crate::token::Token;

/// Where the page and its requests come from: the names that this server has for itself.
#[derive(Debug)]
pub(crate) struct Guard {
    hosts: [String; 2],
    origins: [String; 2],
    token: Token,
}

/// What a document may load and who may show it: its own files and nothing else (CSP 3). Without `unsafe-inline`, a name or a
/// text out of a file cannot become code even where it would become markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The headers of every answer, refusals and errors too.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
];

/// Under this everything asks for the token.
const API: &str = "/api";

impl Guard {
    pub(crate) fn new(port: u16, token: Token) -> Self {
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        let origins = [&hosts[0], &hosts[1]].map(|host| format!("http://{host}"));
        Self { hosts, origins, token }
    }

    /// The address that the browser is sent to. What stands behind `#` a browser sends to nobody.
    pub(crate) fn link(&self) -> String {
        format!("{}/#t={}", self.origins[0], self.token)
    }

    /// Why a request is refused, if it is.
    fn refuses(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        if !self.is_host(uri, headers) {
            return Some((StatusCode::MISDIRECTED_REQUEST, "This is not the address of Photophone's page."));
        }
        if method != Method::GET && method != Method::POST {
            return Some((StatusCode::METHOD_NOT_ALLOWED, "Only GET and POST are understood."));
        }
        if !self.is_origin(headers) || !is_site(method, uri, headers) {
            return Some((StatusCode::FORBIDDEN, "Another page may not ask for this."));
        }
        let authorization = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        if uri.path().starts_with(API) && !self.token.is_in(authorization) {
            return Some((StatusCode::UNAUTHORIZED, "Open the link that the command printed."));
        }
        None
    }

    /// Whether the request names this server, once. Another name that leads here is DNS rebinding: a page of that name
    /// could read the answers. An absolute request target goes before `Host` (RFC 9112, 3.2.2).
    fn is_host(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let is_ours = |name: &[u8]| self.hosts.iter().any(|host| host.as_bytes() == name);
        is_ours(host.as_bytes()) && uri.authority().is_none_or(|name| is_ours(name.as_str().as_bytes()))
    }

    fn is_origin(&self, headers: &HeaderMap) -> bool {
        let is_ours = |told: &HeaderValue| self.origins.iter().any(|origin| origin.as_bytes() == told.as_bytes());
        headers.get_all(header::ORIGIN).iter().all(is_ours)
    }
}

/// Whether a browser says that the page itself or the person asks. Another port of this computer is another origin, but the
/// same site, so that `same-site` is refused. Whoever follows the link from elsewhere, the redirect file too, comes as
/// `cross-site`: to the page alone, as a whole document.
fn is_site(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let is = |name: &str, wanted: &str| headers.get(name).is_some_and(|told| told.as_bytes() == wanted.as_bytes());
    let told = headers.get_all("sec-fetch-site").iter();
    let is_own = |told: &HeaderValue| matches!(told.as_bytes(), b"same-origin" | b"none");
    let follows_link = method == Method::GET
        && uri.path() == "/"
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document");
    follows_link || told.into_iter().all(is_own)
}

/// Refuses what may not ask, and puts the headers on every answer.
pub(crate) async fn guarded(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.refuses(request.method(), request.uri(), request.headers()) {
        Some((status, text)) => refusal(status, text),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
