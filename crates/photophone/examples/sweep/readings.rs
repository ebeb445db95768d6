//! What is said of pictures: drawn, damaged and edited ones, small figures of the tests, and the gallery's where it is.

use std::error::Error;
use std::fmt::Debug;
use std::path::Path;

use photophone::files::DecodedPicture;
use photophone::picture::{PanelReading, Raster, Statement};
use photophone::spectrum::LevelScale;
use photophone::transform::CqtParams;
use photophone::{Drawn, Input, PictureRecipe, RecoverOptions, inspect, recover};

use super::{Named, carried, drawn_with, go, jpeg, reading};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Figures drawn by librosa and matplotlib, which the tests hold to what was drawn.
const FIGURES: [&str; 9] =
    ["dark", "mel", "mirrored", "notes", "phase", "stft_linear", "stft_log", "white_end", "zoom"];

/// Pictures of each of the gallery's clips: small and large cells, damaged ones, and figures.
const GALLERY: [&str; 8] = [
    "cqt_linear_mpl3_inline.png",
    "cqt_db80_mpl225_inline.png",
    "cqt_db80_viridis.png",
    "cqt_db80_blur3.png",
    "cqt_db80_q90.jpg",
    "cqt_axes_colorbar_22k.png",
    "stft2048_axes_colorbar.png",
    "mel128_axes_colorbar.png",
];

/// All statements about all pictures. Where the truth is known a word is `right` in place of it; `unknown` is one that is not
/// made.
pub(crate) fn readings(sounds: &[Named], gallery: Option<&Path>) -> Result<()> {
    let params = CqtParams { hop: 512, ..carried() };
    for (name, x) in sounds.iter().filter(|(name, _)| name == "music" || name == "notes") {
        for palette in ["magma", "gray_r"] {
            let picture = PictureRecipe {
                levels: Some(LevelScale::Db { low: -80.0, high: 0.0 }),
                palette: Some(palette.to_owned()),
                ..PictureRecipe::default()
            };
            let large = drawn_with(&params, x, picture, 4)?;
            drawings(&format!("{name} in {palette}"), palette, &large)?;
        }
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures");
    for name in FIGURES {
        all_said(name, Input::from(tests.join(format!("{name}.png"))), None);
    }
    for clip in gallery.iter().flat_map(|_| super::GALLERY) {
        for name in GALLERY {
            let path = gallery.unwrap_or(Path::new("")).join(clip).join(name);
            all_said(&format!("{clip}, {name}"), Input::from(path), None);
        }
    }
    Ok(())
}

/// A picture as it was drawn and as it may come back, of four by three pixels a cell and of fine cells.
fn drawings(name: &str, palette: &str, drawn: &Drawn) -> Result<()> {
    let raster = &drawn.raster;
    let cells = [raster.height() / 3, raster.width() / 4];
    let truth = |of: &Raster, margin: usize| Truth {
        inside: [margin, margin, of.width() - 2 * margin, of.height() - 2 * margin].map(|px| px as f64),
        cells,
        palette: palette.to_owned(),
    };
    let fine = resized(raster, raster.width() * 5 / 12, raster.height() * 6 / 11)?;
    let (framed, bare) = (on_page(raster, 1)?, on_page(raster, 0)?);
    let blurred = blurred(raster)?;
    let shapes = [("large", raster, 0), ("fine", &fine, 0), ("framed", &framed, MARGIN), ("on white", &bare, MARGIN)];
    for (what, of, margin) in shapes.into_iter().chain([("blurred", &blurred, 0)]) {
        all_said(&format!("{name}, {what}"), pixels(of), Some(&truth(of, margin)));
    }
    all_said(&format!("{name}, JPEG"), jpeg(drawn, 80)?, Some(&truth(raster, 0)));
    let silenced = silenced(raster)?;
    for (what, of) in [
        ("silenced", pixels(&silenced)),
        ("silenced and darker", pixels(&darker(&silenced)?)),
        ("compressed", jpeg(drawn, 80)?),
    ] {
        edits(&format!("{name}, {what}"), of, drawn)?;
    }
    Ok(())
}

/// What was drawn.
struct Truth {
    inside: [f64; 4],
    cells: [usize; 2],
    palette: String,
}

/// Pixels around the data on a page: as many as ticks and labels take.
const MARGIN: usize = 24;

const WHITE: [u8; 4] = [255; 4];

fn pixels(raster: &Raster) -> Input {
    Input::Pixels { name: "the picture".to_owned(), picture: DecodedPicture::from_raster(raster) }
}

fn resized(raster: &Raster, width: usize, height: usize) -> Result<Raster> {
    let at = |x: usize, new: usize, old: usize| (2 * x + 1) * old / (2 * new);
    let pixel = |x, y| raster.pixel(at(x, width, raster.width()), at(y, height, raster.height()));
    Ok(Raster::from_fn(width, height, pixel)?)
}

/// On a white page, with a black line around it or none.
fn on_page(raster: &Raster, line: usize) -> Result<Raster> {
    let (width, height) = (raster.width(), raster.height());
    let pixel = |x: usize, y: usize| {
        let inside = |at: usize, side: usize, by: usize| (MARGIN - by..MARGIN + side + by).contains(&at);
        match (inside(x, width, 0) && inside(y, height, 0), inside(x, width, line) && inside(y, height, line)) {
            (true, _) => raster.pixel(x - MARGIN, y - MARGIN),
            (false, true) => [0, 0, 0, 255],
            (false, false) => WHITE,
        }
    };
    Ok(Raster::from_fn(width + 2 * MARGIN, height + 2 * MARGIN, pixel)?)
}

/// The mean of three by three pixels.
fn blurred(raster: &Raster) -> Result<Raster> {
    let (width, height) = (raster.width(), raster.height());
    let pixel = |x: usize, y: usize| {
        let mut sums = [0u32; 4];
        for (dx, dy) in (0..9).map(|i| (i % 3, i / 3)) {
            let near = raster.pixel((x + dx).clamp(1, width) - 1, (y + dy).clamp(1, height) - 1);
            sums.iter_mut().zip(near).for_each(|(sum, channel)| *sum += u32::from(channel));
        }
        sums.map(|sum| (f64::from(sum) / 9.0).round() as u8)
    };
    Ok(Raster::from_fn(width, height, pixel)?)
}

/// A stretch over some rows in the colour of the quietest cell.
fn silenced(raster: &Raster) -> Result<Raster> {
    let quiet = raster.pixel(0, 0);
    let is_inside = |x: usize, y: usize| (40..80).contains(&x) && (30..60).contains(&y);
    let pixel = |x, y| if is_inside(x, y) { quiet } else { raster.pixel(x, y) };
    Ok(Raster::from_fn(raster.width(), raster.height(), pixel)?)
}

fn darker(raster: &Raster) -> Result<Raster> {
    let darken = |[r, g, b, a]: [u8; 4]| {
        let [r, g, b] = [r, g, b].map(|channel| (0.8 * f64::from(channel)).round() as u8);
        [r, g, b, a]
    };
    Ok(Raster::from_fn(raster.width(), raster.height(), |x, y| darken(raster.pixel(x, y)))?)
}

/// What is said of a picture's first panel.
fn all_said(name: &str, input: Input, truth: Option<&Truth>) {
    let options = RecoverOptions { input, ..RecoverOptions::default() };
    let said = |what: &str, word: &str| reading(&format!("{name}, {what}"), word);
    // Of a picture that is not read, nothing is said.
    let Ok(found) = inspect(&options).map(|inspected| inspected.reading) else { return };
    said("is a spectrogram", &word_of(&found.spectrogram, |value| format!("{value:?}")));
    for (what, word) in found.panels.first().into_iter().flat_map(|panel| words(panel, truth)) {
        said(what, &word);
    }
}

fn words(panel: &PanelReading, truth: Option<&Truth>) -> [(&'static str, String); 9] {
    let near = |found: &[f64; 4], expected: &[f64; 4]| found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 0.5);
    let is_box = |found: &[f64; 4]| truth.is_some_and(|truth| near(found, &truth.inside));
    let is_cells = |found: &[usize; 2]| truth.is_some_and(|truth| *found == truth.cells);
    let is_palette = |found: &String| truth.is_some_and(|truth| *found == truth.palette);
    let right_or = |is_right: bool, other: String| if is_right { "right".to_owned() } else { other };
    let rounded = |low: f64, high: f64| format!("{low:.3} to {high:.3}");
    [
        ("box", word_of(&panel.data_box, |value| right_or(is_box(value), format!("{value:.0?}")))),
        ("cells", word_of(&panel.cells, |value| right_or(is_cells(value), format!("{value:?}")))),
        ("palette", word_of(&panel.palette, |value| right_or(is_palette(value), value.clone()))),
        ("orientation", word_of(&panel.orientation, |value| (*value).to_owned())),
        ("levels", word_of(&panel.levels, |ends| format!("{} {}", ends.scale, rounded(ends.low, ends.high)))),
        (
            "frequency",
            word_of(&panel.frequency, |ends| format!("{:?} {}", ends.scale, rounded(ends.low_hz, ends.high_hz))),
        ),
        ("time", word_of(&panel.time, |ends| rounded(ends.low_s, ends.high_s))),
        ("transform", word_of(&panel.transform, |said| format!("{said:?}"))),
        ("sample rate", word_of(&panel.sample_rate, ToString::to_string)),
    ]
    .map(|(what, word)| (what, word.replace(": ", " ")))
}

fn word_of<T: Debug>(statement: &Statement<T>, word: impl Fn(&T) -> String) -> String {
    statement.value.as_ref().map_or_else(|| "unknown".to_owned(), word)
}

/// How many cells are taken for edited. The sound is not asked for, but has to be begun.
fn edits(name: &str, input: Input, drawn: &Drawn) -> Result<()> {
    let options = RecoverOptions {
        input,
        phase: drawn.phase_input(),
        original: Some(drawn.to_input()?),
        max_iterations: 1,
        despite_doubt: true,
        ..RecoverOptions::default()
    };
    // Of a picture that is not read, nothing is known.
    let report = recover(&options, go).ok().map(|recovered| recovered.report);
    let found = report.as_ref().and_then(|report| report.findings.iter().find(|entry| entry.name == "edited"));
    let word = found.map_or_else(|| "unknown".to_owned(), |entry| entry.value.to_string());
    reading(&format!("{name}, edited"), &word.replace(": ", " "));
    Ok(())
}
