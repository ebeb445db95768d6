//! What is sent: streamed into a file that only this user can read.

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Limited};
use photophone::files::{FileGroup, FileKind};
use serde_json::{Map, Value};
use tempfile::TempPath;

use crate::studio::Studio;

/// Longest sound that is taken, in bytes.
pub(crate) const MOST_BYTES: usize = 2 << 30;

/// Largest picture or array.
const MOST_OF_A_PICTURE: usize = 256 << 20;

/// Longest request that is no file.
pub(crate) const MOST_OF_A_REQUEST: usize = 1 << 16;

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 200;

/// How the page tells a file's name: percent-encoded, as a header holds ASCII.
const NAME: &str = "x-name";

/// A refusal.
pub(crate) type Refusal = (StatusCode, &'static str);

const CANNOT_KEEP: Refusal =
    (StatusCode::INSUFFICIENT_STORAGE, "There is no room for a copy of the file. Make room and try again.");
const TOO_LARGE: Refusal =
    (StatusCode::PAYLOAD_TOO_LARGE, "The file is too large: a sound may have 2 GB, a picture 256 MB.");
const BROKEN_OFF: Refusal = (StatusCode::BAD_REQUEST, "The file did not come whole. Try again.");

/// Writes a body into a file of the spool, which has mode 0600.
pub(crate) async fn file(studio: &Studio, body: Body) -> Result<TempPath, Refusal> {
    let mut file = tempfile::NamedTempFile::new_in(studio.spool.path()).map_err(|_| CANNOT_KEEP)?;
    let (mut body, mut length, mut is_sound) = (body, 0usize, None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| if is_limit(&error) { TOO_LARGE } else { BROKEN_OFF })?;
        let Ok(bytes) = frame.into_data() else { continue };
        let kind = || FileKind::from_bytes(&bytes).is_some_and(|kind| kind.group() == FileGroup::Sound);
        let is_sound = *is_sound.get_or_insert_with(kind);
        length += bytes.len();
        if length > if is_sound { MOST_BYTES } else { MOST_OF_A_PICTURE } {
            return Err(TOO_LARGE);
        }
        file.write_all(&bytes).map_err(|_| CANNOT_KEEP)?;
    }
    if length == 0 {
        return Err((StatusCode::BAD_REQUEST, "The file is empty. Choose another one."));
    }
    Ok(file.into_temp_path())
}

/// Whether a body is longer than it may be, whoever found that out.
fn is_limit(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The object in a short request.
pub(crate) async fn object(body: Body) -> Result<Map<String, Value>, Refusal> {
    let bytes = Limited::new(body, MOST_OF_A_REQUEST).collect().await.map_err(|_| BROKEN_OFF)?.to_bytes();
    serde_json::from_slice(&bytes).map_err(|_| (StatusCode::BAD_REQUEST, "The request is not understood."))
}

/// The name that the page gives a file: the last part of a path, without control characters.
pub(crate) fn name(headers: &HeaderMap) -> String {
    let told = headers.get(NAME).map(|value| decoded(value.as_bytes())).unwrap_or_default();
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if matches!(name.as_str(), "" | "." | "..") { "untitled".to_owned() } else { name }
}

/// A percent-encoded text (RFC 3986, 2.1); what is no UTF-8 is replaced.
fn decoded(text: &[u8]) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let value = after.get(..2).filter(|_| byte == b'%').and_then(hex);
        bytes.push(value.unwrap_or(byte));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn names_are_the_last_part_of_what_is_told() {
        for (told, is) in [
            ("St%C3%BCck.png", "Stück.png"),
            ("..%2F..%2Fetc%2Fpasswd", "passwd"),
            ("a%5Cb.wav", "b.wav"),
            ("a%0Ab%2", "ab%2"),
            ("..", "untitled"),
            ("", "untitled"),
        ] {
            let headers = HeaderMap::from_iter([("x-name".parse().unwrap(), HeaderValue::from_static(told))]);
            assert_eq!(name(&headers), is);
        }
    }
}
