//! What is said of a picture without axes.

use photophone_spectrum::{Finding, FrequencyScale, LevelScale};

use super::boxes::Rectangle;
use super::changes::Changes;
use super::hertz_axis::HertzAxis;
use super::interpret::FigureOptions;
use super::lattice::{BARE_RATES, frames, kind_said, rows_on_axis, rows_without_axis};
use super::layout::full_bleed;
use super::rows::Kind;
use super::statement::{
    FrequencyEnds, LevelEnds, PanelReading, Reading, Statement, StatementSource, TransformSaid, Verdict,
};
use super::verdict::tool_of_file;
use crate::picture::Picture;
use crate::raster::Raster;

/// Chance that cells are right that explain every change of lines.
const EXPLAINED: f64 = 0.9;
/// Chance that an axis is right that only the heights of rows tell: rates in one proportion look alike where few rows show.
const BY_ROWS: f64 = 0.6;
/// Chance that the whole of a picture is its data.
const WHOLE: f64 = 0.5;
/// Part of the chance that equal cells of a compressed or resized picture are right where it may be of any transform.
const LOSSY: f64 = 0.7;
/// How far rows are from two pixels, in pixels, where they look like others in a compressed picture.
const ALIASED_PX: f64 = 0.2;
const UNTOLD: &str =
    "the picture has no axes: give `axis`, `fmax` and `duration`, and `fmin` where the lower edge is not 0 Hz";

impl Reading {
    /// The statements on a picture that was read without axes.
    pub fn of_picture(
        raster: &Raster,
        picture: &Picture,
        levels: &Finding<LevelScale>,
        options: &FigureOptions,
    ) -> Self {
        let tool = tool_of_file(options.software.as_deref());
        let px = picture.data_box.value;
        let mut edges = [px.x as f64, px.y as f64, px.width as f64, px.height as f64];
        let layout = options.dpi.filter(|_| tool.name.value.is_some() && px == raster.bounds());
        if let Some(whole) = layout.and_then(|dpi| full_bleed(px.width, px.height, dpi)) {
            edges = whole;
        }
        let orientation = picture.flip.value.said();
        let levels = match levels.value {
            LevelScale::Db { low, high } => {
                let said =
                    Statement::from(levels.clone().map(|_| LevelEnds { scale: "db", low, high, reference: None }));
                // How sure that is was measured of spectrograms, and nothing says that this is one.
                let is_assumed = said.source == StatementSource::Assumed;
                Statement { confidence: if is_assumed { said.confidence.min(WHOLE) } else { said.confidence }, ..said }
            }
            _ => Statement::unknown("nothing tells what the levels are"),
        };
        let [left, top, width, height] = edges;
        let told = options.given.hertz(None, top + height, top);
        let (cells, frequency, transform) = cells(raster, picture, [left, top, width, height], told.as_ref());
        let panel = PanelReading {
            data_box: Statement::from(picture.data_box.clone().map(|_| edges)),
            cells,
            palette: Statement::from(picture.palette.clone().map(|name| name.to_string())),
            levels,
            frequency,
            time: Statement::unknown(UNTOLD),
            orientation: Statement::from(picture.flip.clone().map(|_| orientation)),
            transform,
            sample_rate: Statement::unknown(UNTOLD),
            inside: px,
            ..PanelReading::empty()
        };
        let panel = options.given.applied(panel, told.as_ref());
        let evidence = "no axes say that it shows frequencies over time";
        let spectrogram = Statement { value: Some(Verdict::Unknown), ..Statement::unknown(evidence) };
        Self { spectrogram, tool, panels: vec![panel] }
    }

    /// The statements on a picture whose cells could not be read, for a reason.
    pub fn of_nothing(raster: &Raster, why: &str, options: &FigureOptions) -> Self {
        let whole = [0.0, 0.0, raster.width() as f64, raster.height() as f64];
        let panel = PanelReading {
            data_box: Statement::assumed(whole, WHOLE, "the whole picture"),
            cells: Statement::unknown(why),
            palette: Statement::unknown(why),
            levels: Statement::unknown(why),
            frequency: Statement::unknown(UNTOLD),
            time: Statement::unknown(UNTOLD),
            orientation: Statement::unknown(why),
            transform: Statement::unknown(UNTOLD),
            sample_rate: Statement::unknown(UNTOLD),
            inside: raster.bounds(),
            ..PanelReading::empty()
        };
        let told = options.given.hertz(None, whole[3], 0.0);
        let panel = options.given.applied(panel, told.as_ref());
        let spectrogram = Statement { value: Some(Verdict::Unknown), ..Statement::unknown(why) };
        Self { spectrogram, tool: tool_of_file(options.software.as_deref()), panels: vec![panel] }
    }
}

type Cells = (Statement<[usize; 2]>, Statement<FrequencyEnds>, Statement<TransformSaid>);

/// Rows and frames, and what the rows say of the transform.
fn cells(raster: &Raster, picture: &Picture, [left, top, width, height]: [f64; 4], told: Option<&HertzAxis>) -> Cells {
    let missing = picture.missing.value;
    let (rows, shown) = picture.levels.shape();
    let whole = [rows + missing.rows_below + missing.rows_above, shown + missing.frames_before + missing.frames_after];
    let as_read = Statement::from(picture.missing.clone().map(|_| whole));
    let px = picture.data_box.value;
    let outer = [px.x, px.y, px.x + px.width - 1, px.y + px.height - 1];
    let rectangle = Rectangle { outer, line_px: 0, hidden: None };
    let untold = || (Statement::unknown(UNTOLD), Statement::unknown(UNTOLD));
    // What was told, or was compressed or resampled, is not decided by lines that differ.
    let is_exact = picture.exact_share() == 1.0 && picture.lattice.confidence < 1.0 && !picture.transposed;
    if !is_exact || px.width < 8 || px.height < 8 {
        let is_lossy = picture.exact_share() < 1.0 && picture.lattice.confidence < 1.0;
        let cells = if is_lossy { unaliased(as_read, whole, px.height) } else { as_read };
        // Cells of other heights than equal ones would be counted wrong.
        let doubt = if is_lossy { LOSSY } else { 1.0 };
        let cells = Statement { confidence: cells.confidence * doubt, ..cells };
        return (cells, untold().0, untold().1);
    }
    let changes = Changes::of(raster, &rectangle, true);
    let found = match told {
        Some(hz) => {
            rows_on_axis(&changes, &hz.axis, &BARE_RATES, hz.from_px, hz.to_px).map(|found| (found, hz.axis.scale))
        }
        None => rows_without_axis(&changes, top + height, top),
    };
    let columns = frames(&Changes::of(raster, &rectangle, false), left, left + width);
    let columns = columns.and_then(|columns| columns.cells.whole);
    match (found, columns) {
        (Some((found, _)), _) if found.cells.kind == Kind::Uniform && found.cells.count() == rows => {
            (as_read, untold().0, untold().1)
        }
        (Some((found, scale)), Some(columns)) if !matches!(found.cells.kind, Kind::Uniform | Kind::StftPart { .. }) => {
            let (count, kind) = (found.cells.count(), found.cells.kind);
            let evidence = format!("{count} {} on librosa's axis explain which rows of pixels differ", kind_said(kind));
            let (low_hz, high_hz) = (found.cells.low_hz(), found.cells.high_hz());
            let confidence = EXPLAINED.min(picture.data_box.confidence);
            let cells = Statement::read([count, columns], confidence, evidence.clone());
            let ends = Statement::read(FrequencyEnds { scale, low_hz, high_hz }, BY_ROWS, evidence.clone());
            (cells, ends, Statement::read(transform(kind, count, scale), BY_ROWS, evidence))
        }
        _ => {
            let why =
                "equally high rows do not explain which rows of pixels differ: give `cells`, or `transform` and `axis`";
            (Statement::unknown(why), untold().0, untold().1)
        }
    }
}

/// Rows of two pixels and a little more look like rows of a little less where compression leaves one period of the two: where
/// one of the numbers is that of an STFT's bins, it is that, and else neither is sure.
fn unaliased(read: Statement<[usize; 2]>, [rows, frames]: [usize; 2], height: usize) -> Statement<[usize; 2]> {
    let row_px = height as f64 / rows as f64;
    if (row_px - 2.0).abs() > ALIASED_PX {
        return read;
    }
    let other = height as f64 / (4.0 - row_px);
    let of_stft =
        |count: f64| (6..=13).map(|power| (1usize << power) + 1).find(|&bins| (bins as f64 - count).abs() <= 2.0);
    match of_stft(rows as f64).or(of_stft(other)) {
        Some(bins) => {
            let evidence =
                format!("{}; {rows} rows and {bins} look alike, and {bins} are an STFT's bins", read.evidence);
            Statement::read([bins, frames], BY_ROWS, evidence)
        }
        None => Statement { confidence: read.confidence.min(WHOLE), ..read },
    }
}

fn transform(kind: Kind, rows: usize, scale: FrequencyScale) -> TransformSaid {
    match kind {
        Kind::Stft { n_fft, .. } if scale != FrequencyScale::LIBROSA_MEL => {
            TransformSaid { kind: "stft", n_fft: Some(n_fft), ..TransformSaid::default() }
        }
        _ => TransformSaid { kind: "mel", n_mels: Some(rows), ..TransformSaid::default() },
    }
}
