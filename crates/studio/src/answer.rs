//! Answers: JSON, bytes, and refusals in the page's words.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

/// A JSON answer.
pub(crate) fn json_answer(value: &Value) -> Response {
    with_type(Body::from(value.to_string()), "application/json")
}

/// Bytes of a kind.
pub(crate) fn bytes_answer(bytes: Vec<u8>, kind: &'static str) -> Response {
    with_type(Body::from(bytes), kind)
}

/// A body of a kind.
pub(crate) fn with_type(body: Body, kind: &'static str) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// What cannot be answered, and what to do.
pub(crate) fn refusal(status: StatusCode, text: &str) -> Response {
    let mut response = json_answer(&json!({ "error": text }));
    *response.status_mut() = status;
    response
}
