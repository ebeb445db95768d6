//! What can be asked of a sound: its levels and samples, edits, and downloads.

use std::io::Cursor;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use photophone::edit::kept_format;
use photophone::files::{FileError, SoundFormat, encode_sound};
use serde_json::json;

use crate::answer::{bytes_answer, json_answer, refusal};
use crate::document::Document;
use crate::editing::{self, Which};
use crate::receive;
use crate::shared::{Shared, with_document};
use crate::work::stream;

/// Frames of a tile.
const TILE: usize = 512;

/// Most samples of a channel in one answer: six seconds at 44.1 kHz are 2^18.
const MOST_SAMPLES: usize = 1 << 20;

const BYTES: &str = "application/octet-stream";

/// Turns the list of edits.
pub(crate) async fn edit(State(studio): Shared, Path(id): Path<u64>, body: Body) -> Response {
    let request = match receive::object(body).await {
        Ok(request) => request,
        Err((status, text)) => return refusal(status, text),
    };
    with_document(&Arc::clone(&studio), id, |document| {
        stream(document.begin(), move |teller| studio.run(|| editing::edit(&document, request, teller)))
    })
}

/// Makes the sound of what is marked.
pub(crate) async fn hear(State(studio): Shared, Path(id): Path<u64>, body: Body) -> Response {
    let request = match receive::object(body).await {
        Ok(request) => request,
        Err((status, text)) => return refusal(status, text),
    };
    // An edit goes on meanwhile: this is no job of the document's.
    with_document(&Arc::clone(&studio), id, |document| {
        stream(Arc::default(), move |teller| studio.run(|| editing::hear(&document, request, teller)))
    })
}

/// Cells of the levels, frame by frame.
pub(crate) async fn tile(State(studio): Shared, Path((id, zoom, number)): Path<(u64, usize, usize)>) -> Response {
    let Some(document) = studio.document(id) else { return with_document(&studio, id, |_| no_sound()) };
    // Levels of an edited sound are drawn when they are asked for.
    let draw = move || studio.run(|| editing::tile(&document, zoom, number.saturating_mul(TILE), TILE));
    match tokio::task::spawn_blocking(draw).await.ok().flatten() {
        Some(cells) if cells.is_empty() => refusal(StatusCode::NOT_FOUND, "There is no such tile."),
        Some(cells) => bytes_answer(cells, BYTES),
        None => no_sound(),
    }
}

fn no_sound() -> Response {
    refusal(StatusCode::NOT_FOUND, "There is no sound yet.")
}

/// Samples `from` to `to` of each channel, one channel after the other, as little-endian `f32`, of the sound that `what`
/// names, at revision `rev`.
pub(crate) async fn samples(State(studio): Shared, Path(id): Path<u64>, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let text = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let number = |name: &str| text(name)?.parse::<usize>().ok();
    let which = text("what").map_or(Some(Which::Edited), Which::named);
    let (Some(from), Some(to), Some(which)) = (number("from"), number("to"), which) else {
        return refusal(StatusCode::BAD_REQUEST, "The request is not understood.");
    };
    let revision = number("rev").unwrap_or(0) as u64;
    with_document(&studio, id, |document| {
        if document.inside().heard.is_none() {
            return no_sound();
        }
        let to = to.min(from.saturating_add(MOST_SAMPLES));
        match editing::samples(&document, which, revision, (from, to)) {
            Some(samples) => bytes_answer(samples.iter().flat_map(|sample| sample.to_le_bytes()).collect(), BYTES),
            None => refusal(StatusCode::CONFLICT, "The sound was edited elsewhere meanwhile. Reload the page."),
        }
    })
}

/// A download: what the command that is shown writes.
pub(crate) async fn export(State(studio): Shared, Path((id, kind)): Path<(u64, String)>) -> Response {
    with_document(&studio, id, |document| match kind.as_str() {
        "wav" => sound(&document, SoundFormat::Wav, "audio/wav"),
        "flac" => sound(&document, SoundFormat::Flac, "audio/flac"),
        "edits" => match document.inside().editing.history.edits().to_json() {
            Ok(text) => bytes_answer(text.into_bytes(), "application/json"),
            Err(error) => refusal(StatusCode::CONFLICT, &error.to_string()),
        },
        "report" => match document.inside().heard.as_ref().and_then(|heard| heard.report.as_ref()) {
            Some(account) => json_answer(&json!(account)),
            None => refusal(StatusCode::NOT_FOUND, "Nothing was recovered."),
        },
        _ => refusal(StatusCode::NOT_FOUND, "There is no such download."),
    })
}

fn sound(document: &Document, format: SoundFormat, kind: &'static str) -> Response {
    let inside = document.inside();
    let (heard, changed) = (inside.heard.clone(), inside.editing.changed.clone());
    drop(inside);
    let Some(heard) = heard else { return no_sound() };
    let mut bytes = Cursor::new(Vec::new());
    let name = FilePath::new(&document.name);
    let encoded: Result<(), FileError> = match &changed {
        Some(changed) => {
            let kept = kept_format(&heard.sound, &changed.sound, format);
            encode_sound(name, &changed.sound, format, Some(kept), &mut bytes)
        }
        None => encode_sound(name, &heard.sound, format, None, &mut bytes),
    };
    match encoded {
        Ok(()) => bytes_answer(bytes.into_inner(), kind),
        Err(error) => refusal(StatusCode::CONFLICT, &crate::words::of_file(&error, &document.name).0),
    }
}
