//! What all requests share, and the document that one is about.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer::refusal;
use crate::document::Document;
use crate::studio::Studio;

pub(crate) type Shared = State<Arc<Studio>>;

/// What to do with a document that is open.
pub(crate) fn with_document(studio: &Studio, id: u64, answer: impl FnOnce(Arc<Document>) -> Response) -> Response {
    match studio.document(id) {
        Some(document) => answer(document),
        None => refusal(StatusCode::NOT_FOUND, "This document is closed. Open it again."),
    }
}
