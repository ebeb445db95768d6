//! What can be asked for.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use photophone::files::FileKind;
use photophone::picture::{PaletteName, palette_colours};
use serde_json::json;
use tower_http::limit::RequestBodyLimitLayer;

use crate::answer::{bytes_answer, json_answer, refusal};
use crate::assets::ASSETS;
use crate::document::{Source, kind_of};
use crate::guard::{Guard, guarded};
use crate::receive::{self, MOST_BYTES, MOST_OF_A_REQUEST};
use crate::report::report;
use crate::shared::{Shared, with_document};
use crate::sounding::{edit, export, hear, samples, tile};
use crate::studio::Studio;
use crate::words::Problem;
use crate::work::stream;

/// All routes, behind the guard.
pub(crate) fn router(studio: Arc<Studio>, guard: Arc<Guard>) -> Router {
    let files = Router::new()
        .route("/api/open", post(open_sent))
        .route("/api/doc/{id}/phase", post(phase))
        .layer(RequestBodyLimitLayer::new(MOST_BYTES));
    let others = Router::new()
        .route("/api/state", get(state))
        .route("/api/open/file", post(open_file))
        .route("/api/open/demo", post(open_demo))
        .route("/api/quit", post(quit))
        .route("/api/palette/{name}", get(palette))
        .route("/api/doc/{id}/report", get(account))
        .route("/api/doc/{id}/source", get(source))
        .route("/api/doc/{id}/recipe", post(recipe))
        .route("/api/doc/{id}/solve", post(solve))
        .route("/api/doc/{id}/edit", post(edit))
        .route("/api/doc/{id}/hear", post(hear))
        .route("/api/doc/{id}/tile/{zoom}/{number}", get(tile))
        .route("/api/doc/{id}/samples", get(samples))
        .route("/api/doc/{id}/export/{kind}", get(export))
        .route("/api/doc/{id}/close", post(close))
        .fallback(asset)
        .layer(RequestBodyLimitLayer::new(MOST_OF_A_REQUEST));
    files.merge(others).with_state(studio).layer(axum::middleware::from_fn_with_state(guard, guarded))
}

async fn asset(uri: Uri) -> Response {
    match ASSETS.iter().find(|asset| asset.path == uri.path()) {
        Some(asset) => bytes_answer(asset.bytes.to_vec(), asset.kind),
        None => refusal(StatusCode::NOT_FOUND, "There is no such page."),
    }
}

async fn state(State(studio): Shared) -> Response {
    let documents = studio.documents();
    let documents: Vec<_> = documents.values().map(|open| json!({ "id": open.id, "name": open.name })).collect();
    let file = studio.file.as_deref().map(name_of);
    json_answer(&json!({ "documents": documents, "file": file, "version": env!("CARGO_PKG_VERSION") }))
}

fn name_of(path: &FilePath) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

async fn open_sent(State(studio): Shared, headers: HeaderMap, body: Body) -> Response {
    match receive::file(&studio, body).await {
        Ok(path) => open(studio, receive::name(&headers), Source::Sent(path)),
        Err((status, text)) => refusal(status, text),
    }
}

async fn open_file(State(studio): Shared) -> Response {
    match studio.file.clone() {
        Some(path) => open(studio, name_of(&path), Source::File(path)),
        None => refusal(StatusCode::NOT_FOUND, "The command named no file."),
    }
}

async fn open_demo(State(studio): Shared) -> Response {
    open(studio, "demo.wav".to_owned(), Source::Made)
}

fn open(studio: Arc<Studio>, name: String, source: Source) -> Response {
    match studio.make_document(name, source) {
        Ok(document) => {
            let job = document.begin();
            stream(job, move |teller| studio.open(document, teller))
        }
        Err(Problem(text)) => refusal(StatusCode::CONFLICT, &text),
    }
}

async fn account(State(studio): Shared, Path(id): Path<u64>) -> Response {
    with_document(&studio, id, |document| json_answer(&report(&document)))
}

async fn source(State(studio): Shared, Path(id): Path<u64>) -> Response {
    with_document(&studio, id, |document| {
        let path = document.source.path();
        let kind = match path.and_then(kind_of) {
            Some(FileKind::Png) => "image/png",
            Some(FileKind::Jpeg) => "image/jpeg",
            _ => return refusal(StatusCode::NOT_FOUND, "This is not a picture."),
        };
        match path.map(std::fs::read) {
            Some(Ok(bytes)) => bytes_answer(bytes, kind),
            _ => refusal(StatusCode::GONE, "The file is gone. Open it again."),
        }
    })
}

async fn recipe(State(studio): Shared, Path(id): Path<u64>, body: Body) -> Response {
    let changes = match receive::object(body).await {
        Ok(changes) => changes,
        Err((status, text)) => return refusal(status, text),
    };
    with_document(&Arc::clone(&studio), id, |document| {
        stream(document.begin(), move |teller| studio.correct(&document, &changes, teller))
    })
}

async fn phase(State(studio): Shared, Path(id): Path<u64>, headers: HeaderMap, body: Body) -> Response {
    let path = match receive::file(&studio, body).await {
        Ok(path) => path,
        Err((status, text)) => return refusal(status, text),
    };
    let name = receive::name(&headers);
    with_document(&Arc::clone(&studio), id, |document| {
        stream(document.begin(), move |teller| studio.add_phase(&document, (name, path), teller))
    })
}

async fn solve(State(studio): Shared, Path(id): Path<u64>) -> Response {
    with_document(&Arc::clone(&studio), id, |document| {
        if document.is_sound() {
            return refusal(StatusCode::CONFLICT, "This is a sound already.");
        }
        stream(document.begin(), move |teller| studio.solve(&document, teller))
    })
}

async fn close(State(studio): Shared, Path(id): Path<u64>) -> Response {
    let closed = studio.documents().remove(&id);
    match closed {
        Some(document) => {
            document.begin();
            json_answer(&json!({}))
        }
        None => refusal(StatusCode::NOT_FOUND, "This document is closed already."),
    }
}

/// The colours of a palette, three bytes each, from level 0 to level 1.
async fn palette(Path(name): Path<String>) -> Response {
    let colours = name.parse::<PaletteName>().and_then(|name| palette_colours(&name));
    match colours {
        Ok(colours) => bytes_answer(colours.concat(), "application/octet-stream"),
        Err(_) => refusal(StatusCode::NOT_FOUND, "There is no such palette."),
    }
}

async fn quit(State(studio): Shared) -> Response {
    studio.end();
    json_answer(&json!({}))
}
