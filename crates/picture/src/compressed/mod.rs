//! Levels of a JPEG picture, from what its file kept.
//!
//! JPEG keeps cosine coefficients of blocks of 8 x 8 samples, each rounded to a multiple of its step (ITU-T T.81).
//! The picture before was a palette's colours on a lattice of cells: far fewer unknowns than coefficients, and each of
//! them one of 256 entries. So the entries are a Bayesian estimate: a coefficient is off by an error of variance
//! `step^2 / 12` (uniform quantisation), every entry is as likely as any other before, and the level read is the mean
//! over the posterior, with its variance. What a cell's pixels lost to coarse steps, the steps of the fine coefficients
//! and the neighbours tell.

mod bounds;
mod channel;
mod cosine;
mod model;
mod posterior;
mod unchanged;

use photophone_spectrum::{Finding, Plane, Source};

use crate::flip::flipped;
use crate::palette::{GrayRule, MAX_RESIDUAL, PaletteName, Table, check_invertible, gray_table, painted_table};
use crate::picture::{Clip, Picture};
use bounds::Bounds;
use model::Model;
use posterior::{Posterior, sampled};
pub use unchanged::unchanged_by_edits;

/// Most pixels that are read again; the coefficients take 12 bytes a pixel.
const MAX_PIXELS: usize = 1 << 23;

/// Mean square misfit of the coefficients, over the variance that quantisation leaves, up to which cells of one colour
/// are believed. Quantisation alone leaves 1, in dense pictures, or less, where fine coefficients are all zero; cells that
/// were blurred, and other palettes, leave several times that.
const MOST_MISFIT: f64 = 1.15;

/// Other palettes that are tried where the colours have not told it.
const OTHER_PALETTES: usize = 5;

/// What a JPEG file keeps of a picture: its channels, the size being the picture's.
#[derive(Clone, Debug, PartialEq)]
pub struct Jpeg {
    /// Columns of the picture.
    pub width: usize,
    /// Rows of the picture.
    pub height: usize,
    /// Luma alone, or Y, Cb and Cr (JFIF, ITU-T T.871).
    pub channels: Vec<JpegChannel>,
}

impl Jpeg {
    /// Whether a sample of chroma was kept for several pixels.
    pub fn shares_chroma(&self) -> bool {
        self.channels.iter().any(|channel| channel.pixels_per_sample != (1, 1))
    }
}

/// A channel as it was decoded, and how it was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct JpegChannel {
    /// One sample for each pixel of the picture, row by row from the top. A channel with fewer samples has been
    /// spread over the pixels by the triangle filter of libjpeg ("fancy upsampling"): 3/4 of the nearer sample, 1/4 of the
    /// next.
    pub samples: Vec<u8>,
    /// Quantisation steps, row by row (not in zigzag order).
    pub steps: [u16; 64],
    /// Pixels for each sample kept, across and down: 1 or 2.
    pub pixels_per_sample: (usize, usize),
}

/// Reads the levels of a JPEG picture again, from what the file kept; `picture` is what was read from its pixels, and
/// tells geometry and palette.
///
/// Each level is the mean of what the file leaves open; its range is as wide as a uniform error of the same variance
/// would be. `None`, and the reading stays, where cells are narrower than a pixel, where the file does not have the
/// picture's size or over 8.4 million pixels, where cells of one colour do not explain the coefficients (blurred or
/// resized before), and where `is_stopped` says so, which is asked
/// some hundred times a second. Chroma that was shared by several pixels in an unusual way is left out where luma suffices.
///
/// Cost: 80 sweeps over the cells, of some microseconds a cell each; down to 8 where there are over 26 000 cells.
pub fn read_compressed(picture: &Picture, jpeg: &Jpeg, is_stopped: &dyn Fn() -> bool) -> Option<Picture> {
    let pixels = jpeg.width.checked_mul(jpeg.height).filter(|&pixels| pixels <= MAX_PIXELS)?;
    if picture.indices.is_some() || jpeg.channels.iter().any(|channel| channel.samples.len() != pixels) {
        return None;
    }
    let bounds = Bounds::find(&picture.lattice.value, jpeg)?;
    let names = std::iter::once(picture.palette.value.clone()).chain(other_palettes(picture));
    let read_in = |name: PaletteName| {
        let table = painted_table(&name).ok()?;
        let found = |jpeg: &Jpeg| posterior(picture, jpeg, &bounds, &table, is_stopped);
        let posterior = found(jpeg).or_else(|| found(&luma_alone(picture, jpeg, &table)?))?;
        Some((posterior.misfit, told(picture, &posterior, &name, &table)))
    };
    let found = names.filter_map(read_in).min_by(|a, b| a.0.total_cmp(&b.0));
    found.map(|(_, picture)| picture)
}

/// Palettes near the one that was found, in its direction, where its colours are too far away to be sure of it.
fn other_palettes(picture: &Picture) -> impl Iterator<Item = PaletteName> {
    let are_open = picture.palette_residual > MAX_RESIDUAL && picture.palette.source != Source::Given;
    let reversed = picture.palette.value.reversed;
    let others = picture.palette_alternatives.iter().filter(move |_| are_open).take(OTHER_PALETTES);
    others.map(move |name| PaletteName { reversed, ..name.clone() })
}

/// Luma without chroma that was shared in another way than by its mean, as some encoders do. Only where luma tells the
/// entries apart, and where the colours have told the palette.
fn luma_alone(picture: &Picture, jpeg: &Jpeg, table: &Table) -> Option<Jpeg> {
    let tells = check_invertible(&gray_table(table, GrayRule::OpenCv)).is_ok();
    let luma = jpeg.channels.first().filter(|_| tells && picture.palette_residual <= MAX_RESIDUAL);
    luma.filter(|_| jpeg.shares_chroma()).map(|luma| Jpeg { channels: vec![luma.clone()], ..*jpeg })
}

fn posterior(
    picture: &Picture,
    jpeg: &Jpeg,
    bounds: &Bounds,
    table: &Table,
    is_stopped: &dyn Fn() -> bool,
) -> Option<Posterior> {
    let count = table.colours.len();
    let last = count - 1;
    let entry = |level: f64| (level * count as f64 - 0.5).round().clamp(0.0, last as f64) as usize;
    // In another palette the entry that is as bright.
    let own = painted_table(&picture.palette.value).ok()?;
    let [own, table_luma] = [&own, table].map(|table| gray_table(table, GrayRule::OpenCv).colours);
    let as_bright = |wanted: u8| (0..count).min_by_key(|&entry| table_luma[entry][0].abs_diff(wanted)).unwrap_or(0);
    let is_own = own == table_luma;
    let start = |level: f64| if is_own { entry(level) } else { as_bright(own[entry(level).min(own.len() - 1)][0]) };
    let entries = upright(&picture.levels, picture).map(|&level| start(level));
    let mut model = Model::new(jpeg, bounds, &table.colours, &entries)?;
    sampled(&mut model, entries, MOST_MISFIT, is_stopped)
}

/// The picture with the levels that the posterior tells.
fn told(picture: &Picture, posterior: &Posterior, name: &PaletteName, table: &Table) -> Picture {
    let count = table.colours.len() as f64;
    // A uniform error of one entry is the palette's own; the variance of what is open adds to that.
    let reach = posterior.variance.map(|variance| 0.5 * (1.0 + 12.0 * variance).sqrt());
    let middle = turned(&posterior.mean.map(|mean| mean + 0.5), picture);
    let reach = turned(&reach, picture);
    let (rows, columns) = middle.shape();
    let at = |sign: f64| {
        Plane::from_fn(rows, columns, |r, c| ((middle[(r, c)] + sign * reach[(r, c)]) / count).clamp(0.0, 1.0))
    };
    let (low, high) = (at(-1.0), at(1.0));
    let clip = Plane::from_fn(rows, columns, |r, c| {
        if low[(r, c)] * count < 0.5 {
            Clip::Floor
        } else if high[(r, c)] * count > count - 0.5 {
            Clip::Ceiling
        } else {
            Clip::None
        }
    });
    let evidence = format!(
        "{}; its colours leave {:.2} of the error that the file's quantisation allows",
        picture.palette.evidence, posterior.misfit
    );
    let palette = Finding { value: name.clone(), evidence, ..picture.palette.clone() };
    Picture { levels: middle.map(|middle| middle / count), low, high, clip, palette, ..picture.clone() }
}

/// From the picture's rows and columns to pixels': rows counted from the top.
fn upright<T: Clone>(plane: &Plane<T>, picture: &Picture) -> Plane<T> {
    let plane = flipped(plane, picture.flip.value);
    let plane = if picture.transposed { plane.transposed() } else { plane };
    Plane::from_fn(plane.rows(), plane.columns(), |r, c| plane[(plane.rows() - 1 - r, c)].clone())
}

/// The way back.
fn turned<T: Clone>(plane: &Plane<T>, picture: &Picture) -> Plane<T> {
    let plane = Plane::from_fn(plane.rows(), plane.columns(), |r, c| plane[(plane.rows() - 1 - r, c)].clone());
    flipped(&if picture.transposed { plane.transposed() } else { plane }, picture.flip.value)
}
