//! The page's files: a table of names, so that no name leads to anything else.

/// A file of the page.
pub(crate) struct Asset {
    /// The path that it is asked for by.
    pub(crate) path: &'static str,
    /// Its media type.
    pub(crate) kind: &'static str,
    /// Its bytes.
    pub(crate) bytes: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! asset {
    ($path:literal, $kind:expr, $file:literal) => {
        Asset { path: $path, kind: $kind, bytes: include_bytes!(concat!("../page/", $file)) }
    };
}

/// Every file there is.
pub(crate) const ASSETS: &[Asset] = &[
    asset!("/", "text/html; charset=utf-8", "index.html"),
    asset!("/studio.css", "text/css; charset=utf-8", "studio.css"),
    asset!("/icon.svg", "image/svg+xml", "icon.svg"),
    asset!("/main.js", SCRIPT, "main.js"),
    asset!("/server.js", SCRIPT, "server.js"),
    asset!("/busy.js", SCRIPT, "busy.js"),
    asset!("/edits.js", SCRIPT, "edits.js"),
    asset!("/shapes.js", SCRIPT, "shapes.js"),
    asset!("/outlines.js", SCRIPT, "outlines.js"),
    asset!("/transport.js", SCRIPT, "transport.js"),
    asset!("/downloads.js", SCRIPT, "downloads.js"),
    asset!("/waveform.js", SCRIPT, "waveform.js"),
    asset!("/look.js", SCRIPT, "look.js"),
    asset!("/dom.js", SCRIPT, "dom.js"),
    asset!("/words.js", SCRIPT, "words.js"),
    asset!("/findings.js", SCRIPT, "findings.js"),
    asset!("/picture.js", SCRIPT, "picture.js"),
    asset!("/levels.js", SCRIPT, "levels.js"),
    asset!("/axes.js", SCRIPT, "axes.js"),
    asset!("/marks.js", SCRIPT, "marks.js"),
    asset!("/player.js", SCRIPT, "player.js"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_small_and_asks_for_nothing_else() {
        let all: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(all <= 150_000, "{all} bytes");
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.bytes);
            let allowed = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!allowed.contains("http://") && !allowed.contains("https://"), "{}", asset.path);
            assert!(!text.contains("innerHTML") && !text.contains("eval("), "{}", asset.path);
        }
    }

    #[test]
    fn every_module_that_is_imported_is_there() {
        for asset in ASSETS.iter().filter(|asset| asset.kind == SCRIPT) {
            let text = String::from_utf8_lossy(asset.bytes);
            for name in text.split(" from './").skip(1).filter_map(|rest| rest.split('\'').next()) {
                assert!(ASSETS.iter().any(|other| other.path == format!("/{name}")), "{} imports {name}", asset.path);
            }
        }
    }
}
