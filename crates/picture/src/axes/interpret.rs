//! What the parts of a figure say of its data.

use photophone_spectrum::FrequencyScale;

use super::bars::{bar_of, learned_colours, levels, palette};
use super::cells::{Drawn, Framed, PanelCells, TickedTimes, framed};
use super::ends::{Ends, of_stft};
use super::figure::{Bar, Figure, Panel, ReadSide};
use super::fit::{TOLERANCE_PX, fit};
use super::given::GivenAxes;
use super::label::Unit;
use super::lattice::kind_said;
use super::rows::{Kind, Wholeness};
use super::spread::{is_even, residual};
use super::statement::{
    FrequencyEnds, Marks, PanelReading, Reading, Statement, StatementSource, TimeEnds, Tool, TransformSaid,
};
use super::verdict::{tool, verdict};
use super::words::{Quantity, quantity};
use crate::raster::Raster;

/// Chances that a statement is right, of the 54 development pictures and the gallery's: edges to half a pixel; ends that a
/// transform has; ends to half a pixel; an axis without a word on what it counts.
pub(crate) const BOX: f64 = 0.95;
const OF_TRANSFORM: f64 = 0.95;
pub(crate) const TO_A_PIXEL: f64 = 0.8;
pub(crate) const COARSE: f64 = 0.5;
const BY_AXIS: f64 = 0.65;
/// Chance that an axis ends at half a sample rate and not at a zoom's round number.
const BY_END: f64 = 0.65;
/// How far the edges of a box may be from where they are read, in pixels: by matplotlib's own layout, and rounded to whole ones,
/// with what the axis through the ticks is off by.
const EXACT_PX: f64 = 0.4;
const ROUNDED_PX: f64 = 0.8;
/// How far beyond its edge an axis may have its 0 Hz and be said to begin there or below, in pixels.
const AT_ZERO_PX: f64 = 2.0;
/// Samples from a frame to the next that librosa has where nothing is said (`stft`, `cqt`, `melspectrogram`).
const LIBROSA_HOP: usize = 512;
/// Lowest upper end of an axis of frequencies, in Hz: a telephone's bandwidth ends at 3400, a bass's notes near 400.
const LOWEST_TOP_HZ: f64 = 300.0;
/// How far an axis is off at the edges, in pixels: ticks and edges are rounded.
const EDGE_PX: f64 = 0.4;
/// Part of the upper end that a frequency may be wrong by.
const FINE: f64 = 0.001;
/// A quarter of a constant-Q bin, of 36 in an octave, in octaves.
const QUARTER_BIN: f64 = 0.25 / 36.0;
/// Longest time that is counted in plain seconds, mostly.
const LONGEST_PLAIN_S: f64 = 120.0;
/// What is known of a figure besides its pixels.
#[derive(Clone, Debug, Default)]
pub struct FigureOptions {
    /// What the file says that made it: PNG's `Software`.
    pub software: Option<String>,
    /// Resolution in dots an inch, if the file says.
    pub dpi: Option<f64>,
    /// What the user says in place of its axes.
    pub given: GivenAxes,
}

/// What the parts of a figure say.
pub(crate) fn interpret(raster: &Raster, figure: &Figure, options: &FigureOptions) -> Reading {
    let tool = tool(figure, options.software.as_deref());
    let is_known = tool.name.value.is_some();
    let panels = figure.panels.iter().map(|panel| panel_reading(raster, figure, panel, &tool, &options.given));
    let mut panels: Vec<PanelReading> = figure
        .panels
        .iter()
        .zip(panels)
        .map(|(panel, said)| {
            let is_sharp = is_known && (panel.is_given || panel.rectangle.is_crisp(figure.size, figure.dpi));
            if is_sharp { said } else { said.doubted() }
        })
        .collect();
    let is_first = |panel: &PanelReading| Some(panel.number) == options.given.panel.map(|panel| panel + 1);
    if let Some(first) = panels.iter().position(is_first) {
        panels[..=first].rotate_right(1);
    }
    Reading { spectrogram: verdict(figure, &panels), tool, panels }
}

fn panel_reading(raster: &Raster, figure: &Figure, panel: &Panel, tool: &Tool, given: &GivenAxes) -> PanelReading {
    let is_known = tool.name.value.is_some();
    let is_old = tool.version.as_deref().is_some_and(is_before_centred_meshes);
    // matplotlib draws the middle of its frame line on the edge of the data; others draw it around them.
    let edges = if panel.is_given {
        panel.rectangle.inner_edges()
    } else if is_known {
        panel.rectangle.edges(figure.size, figure.dpi)
    } else {
        panel.rectangle.inner_edges()
    };
    let [left, top, right, bottom] = edges;
    let bar = bar_of(figure, panel);
    let how =
        if panel.rectangle.line_px > 0 { "inside the frame line" } else { "a filled rectangle on the background" };
    let up = Axis::of(figure, panel, true);
    let across = Axis::of(figure, panel, false);
    let hz = hertz_axis(edges, is_known && panel.rectangle.is_laid_out(figure.size, figure.dpi), up);
    let told = given.hertz(hz.as_ref().ok(), bottom, top);
    let hz = told.clone().map_or(hz, Ok);
    let is_exact = is_known && panel.rectangle.is_laid_out(figure.size, figure.dpi);
    let off_px = if is_exact { EXACT_PX } else { ROUNDED_PX };
    let drawn = Drawn { cells: given.cells, rate: given.sample_rate, off_px, is_old };
    let mut cells = PanelCells::find(raster, &panel.rectangle, edges, hz.as_ref().ok(), (up, across), drawn);
    let (mut frequency, mut sample_rate) = frequency(&hz, &cells, off_px);
    if let Some(rate) = given.sample_rate {
        sample_rate = Statement::given(rate);
    }
    let (time, framed) = time(edges, across, &cells, (sample_rate.value, given.hop), off_px);
    if let Some(Framed { hop: LIBROSA_HOP, rate, .. }) = framed
        && sample_rate.value == Some(rate)
        && sample_rate.source == StatementSource::Read
    {
        // Of twice the rate cut in half the hop would be no default's.
        sample_rate.confidence = sample_rate.confidence.max(OF_TRANSFORM);
        sample_rate.evidence += &format!(", and the frames are librosa's {LIBROSA_HOP} samples apart at that rate");
        if cells.wholeness == Wholeness::Untold {
            cells.wholeness = Wholeness::Whole;
            frequency.confidence = frequency.confidence.max(OF_TRANSFORM);
        }
    }
    let hop = framed.filter(|_| sample_rate.confidence >= TO_A_PIXEL).map(|framed| framed.hop);
    let palette = palette(panel, bar);
    let is_learned = palette.value.as_deref() == Some("learned");
    let reading = PanelReading {
        data_box: Statement::read([left, top, right - left, bottom - top], BOX, how),
        cells: cells.said(framed.map(|framed| framed.begins)),
        palette,
        levels: levels(figure, panel, bar),
        transform: transform(&frequency, up, &cells, (hop, given.sample_rate)),
        frequency,
        time,
        orientation: orientation(up, across),
        sample_rate,
        damage: Statement::unknown(""),
        inside: panel.rectangle.inside(),
        bin_of_row: cells.bin_of_row(&panel.rectangle),
        frame_of_column: cells.frame_of_column(&panel.rectangle),
        marks: marks(edges, up, across, bar),
        is_even: false,
        learned: bar.filter(|_| is_learned).map(learned_colours),
        number: panel.number,
        palette_residual: None,
        row_hz: cells.row_hz(),
        frame_s: Vec::new(),
    };
    let is_even = reading.colours().is_ok_and(|table| is_even(raster, reading.inside, &table));
    let mut reading = given.applied(PanelReading { is_even, ..reading }, told.as_ref());
    if panel.is_given {
        reading.data_box = Statement::given([left, top, right - left, bottom - top]);
    }
    let table = reading.colours().ok().filter(|_| given.palette.is_some());
    PanelReading {
        palette_residual: table.map(|table| residual(raster, reading.inside, &table)),
        frame_s: cells.frame_s(edges, reading.time.value),
        ..reading
    }
}

/// How the axes run.
fn orientation(up: &ReadSide, across: &ReadSide) -> Statement<&'static str> {
    if let (Some(up), None) = (up.axis, across.axis) {
        let evidence = "the axis of frequencies, but no axis of times was read";
        return Statement::read(if up.slope < 0.0 { "upright" } else { "vertical" }, BY_AXIS, evidence);
    }
    let is_backwards = across.axis.is_some_and(|axis| axis.slope < 0.0);
    match (up.axis.map(|axis| axis.slope < 0.0), is_backwards) {
        (Some(true), false) => Statement::read("upright", BOX, "the frequencies rise upwards"),
        (Some(true), true) => Statement::read("horizontal", BOX, "the times rise to the left"),
        (Some(false), false) => Statement::read("vertical", BOX, "the frequencies rise downwards"),
        (Some(false), true) => {
            Statement::read("both", BOX, "the frequencies rise downwards, and the times rise to the left")
        }
        (None, _) => Statement::unknown("no axis of frequencies was read"),
    }
}

/// Where the bar and the ticks stand that were read.
fn marks([left, top, right, bottom]: [f64; 4], up: &ReadSide, across: &ReadSide, bar: Option<&Bar>) -> Marks {
    let beside = up.fitting().map(|(px, _)| (left, px)).filter(|tick| tick.1 >= top - 1.0 && tick.1 <= bottom + 1.0);
    let below =
        across.fitting().map(|(px, _)| (px, bottom)).filter(|tick| tick.0 >= left - 1.0 && tick.0 <= right + 1.0);
    let mut ticks: Vec<(f64, f64)> = beside.chain(below).collect();
    let outer = bar.map(|bar| bar.rectangle.outer.map(|px| px as f64));
    if let Some((bar, [.., right, bottom])) = bar.zip(outer) {
        ticks.extend(bar.axis.fitting().map(|(px, _)| if bar.upright { (right, px) } else { (px, bottom) }));
    }
    Marks { bar: outer, ticks }
}

/// A side of a panel, or of another that shares it.
struct Axis;

impl Axis {
    fn of<'a>(figure: &'a Figure, panel: &'a Panel, up: bool) -> &'a ReadSide {
        let side = |panel: &'a Panel| if up { &panel.up } else { &panel.across };
        let [left, top, right, bottom] = panel.rectangle.outer;
        let shares = |other: &&Panel| {
            let [l, t, r, b] = other.rectangle.outer;
            if up { (t, b) == (top, bottom) } else { (l, r) == (left, right) }
        };
        let own = side(panel);
        if own.axis.is_some() {
            return own;
        }
        figure.panels.iter().filter(shares).map(side).find(|side| side.axis.is_some()).unwrap_or(own)
    }
}

/// An axis that counts Hz.
#[derive(Clone, Debug)]
pub(crate) struct HertzAxis {
    pub(crate) axis: super::fit::Axis,
    /// Edges of the box at the low and the high end, in pixels.
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
    /// What it may end as, if it is an STFT's.
    pub(crate) ends: Vec<Ends>,
    /// Pixel and frequency of its ticks.
    pub(crate) ticks: Vec<(f64, f64)>,
    pub(crate) evidence: String,
}

/// The axis of frequencies of a panel, or why there is none.
fn hertz_axis([_, top, _, bottom]: [f64; 4], is_exact: bool, side: &ReadSide) -> Result<HertzAxis, &'static str> {
    let axis = side.axis.ok_or(
        "no axis of frequencies was read: give `axis` and `fmax`, and `fmin` where the lower edge is not 0 Hz",
    )?;
    let factor =
        hertz(side).ok_or("the axis beside the rows does not say that it counts Hz: give `axis` and `fmax`, and `fmin` where the lower edge is not 0 Hz")?;
    let (from_px, to_px) = if axis.slope < 0.0 { (bottom, top) } else { (top, bottom) };
    let ticks: Vec<(f64, f64)> = side.fitting().map(|(px, value)| (px, value * factor)).collect();
    let fitted = |scale| fit(&ticks, &[scale], axis.tolerance_px).ok_or("the labels contradict each other");
    let axis = match axis.scale {
        // Above its threshold such an axis is a logarithmic one.
        FrequencyScale::Symlog { linthresh, .. } if factor * axis.value(from_px) > 0.9 * linthresh => {
            fitted(FrequencyScale::Log)?
        }
        scale => fitted(scale)?,
    };
    if axis.value(to_px) < LOWEST_TOP_HZ {
        return Err("the axis ends too low for the frequencies of a sound");
    }
    let evidence = format!("{} of {} labels lie on a {} axis", axis.fitting, side.labelled.len(), name(axis.scale));
    // An STFT's own logarithmic axis begins at 0 Hz.
    let begins_at_0 = (axis.px(0.0) - from_px) * (from_px - to_px).signum() <= AT_ZERO_PX;
    let is_of_stft = axis.scale == FrequencyScale::Linear || (axis.scale == FrequencyScale::LIBROSA_LOG && begins_at_0);
    let ends = if is_of_stft { of_stft(&axis, &ticks, from_px, to_px, is_exact) } else { Vec::new() };
    Ok(HertzAxis { axis, from_px, to_px, ends, ticks, evidence })
}

fn frequency(
    hz: &Result<HertzAxis, &'static str>,
    cells: &PanelCells,
    off_px: f64,
) -> (Statement<FrequencyEnds>, Statement<u32>) {
    let HertzAxis { axis, from_px, to_px, ends: all, evidence, ticks: hz_ticks } = match hz {
        Ok(hz) => hz,
        Err(why) => return (Statement::unknown(*why), Statement::unknown(*why)),
    };
    let said = |low_hz, high_hz| FrequencyEnds { scale: axis.scale, low_hz, high_hz };
    let is_rows = |kind: Kind| !matches!(kind, Kind::Uniform | Kind::StftPart { .. });
    if let Some(rows) = cells.rows.as_ref().map(|rows| &rows.cells).filter(|rows| is_rows(rows.kind))
        && cells.wholeness != Wholeness::Cut
    {
        let evidence = format!("{evidence}, and the rows are those of {} {}", rows.count(), kind_said(rows.kind));
        let is_whole = cells.wholeness == Wholeness::Whole;
        // What half a row changes may be too little to matter.
        let half_row = (rows.high_hz() - rows.outermost_hz()[1]).max(rows.outermost_hz()[0] - rows.low_hz());
        let is_fine = is_whole || half_row <= FINE * rows.high_hz();
        let rate = match rows.kind {
            Kind::Stft { rate, .. } => {
                Statement::read(rate, if is_whole { OF_TRANSFORM } else { BY_END }, evidence.clone())
            }
            _ => Statement::unknown("the rows do not tell the sample rate"),
        };
        let confidence = if is_fine { OF_TRANSFORM } else { COARSE };
        return (Statement::read(said(rows.low_hz(), rows.high_hz()), confidence, evidence), rate);
    }
    let is_banded =
        cells.rows.as_ref().is_some_and(|rows| matches!(rows.cells.kind, Kind::Mel { .. } | Kind::Cqt { .. }));
    if let Some(ends) = all.first().filter(|_| !is_banded) {
        let evidence = format!("{evidence}, and it ends as the frequencies of sounds at {} Hz do", ends.rate);
        // An axis may be cut at any round number, and at a quarter of a sample rate.
        let rate = Statement::read(ends.rate, by_end(ends.rate), evidence.clone());
        let is_one = all.iter().all(|other| (other.high - ends.high).abs() <= FINE * ends.high);
        let confidence = if is_one { OF_TRANSFORM } else { COARSE };
        return (Statement::read(said(ends.low, ends.high), confidence, evidence), rate);
    }
    let (low, high) = (at_edge(axis, hz_ticks, *from_px), at_edge(axis, hz_ticks, *to_px));
    let hz_a_px = (high - axis.value(to_px + (from_px - to_px).signum())).abs();
    // Rows a note apart and finer are told from each other by a quarter of one.
    let octaves_a_px = (axis.value(*from_px - (from_px - to_px).signum()) / axis.value(*from_px)).log2().abs();
    let is_of_notes = axis.scale == FrequencyScale::Log && is_banded && off_px * octaves_a_px <= QUARTER_BIN;
    let is_fine = off_px * hz_a_px <= FINE * high && axis.tolerance_px <= TOLERANCE_PX;
    let confidence = if is_of_notes || is_fine { TO_A_PIXEL } else { COARSE };
    let why = "the axis does not end at half a sample rate";
    (Statement::read(said(low, high), confidence, evidence.clone()), Statement::unknown(why))
}

/// Chance that a sample rate is right whose half an axis ends at, of which no row is seen: no sound has twice the highest rates.
fn by_end(rate: u32) -> f64 {
    match rate {
        44100 | 48000 | 88200 | 96000 | 192_000 => OF_TRANSFORM,
        22050 => BY_END,
        _ => COARSE,
    }
}

/// Whether a version of matplotlib is older than 3.5: from there on meshes lie around the centres of their rows, and none ends at
/// the outermost centres.
fn is_before_centred_meshes(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().flatten(), numbers.next().flatten());
    major.zip(minor).is_some_and(|version| version < (3, 5))
}

/// The value at an edge: that of the tick there, if one is, as an axis cut at a round number has.
fn at_edge(axis: &super::fit::Axis, ticks: &[(f64, f64)], edge_px: f64) -> f64 {
    let there = ticks.iter().find(|tick| (tick.0 - edge_px).abs() <= EDGE_PX + 0.2);
    there.map_or_else(|| axis.value(edge_px), |tick| tick.1)
}

fn name(scale: FrequencyScale) -> &'static str {
    match scale {
        FrequencyScale::Linear => "linear",
        FrequencyScale::Log => "logarithmic",
        FrequencyScale::LIBROSA_LOG => "logarithmic (linear below 65 Hz)",
        FrequencyScale::LIBROSA_MEL => "mel (linear below 1 kHz)",
        FrequencyScale::Symlog { .. } => "symmetric logarithmic",
    }
}

/// What an axis multiplies Hz by; `None` where it does not say that it counts them.
fn hertz(side: &ReadSide) -> Option<f64> {
    let is_librosa = matches!(side.axis?.scale, FrequencyScale::LIBROSA_LOG | FrequencyScale::LIBROSA_MEL);
    match (side.unit, quantity(side.title.as_deref())) {
        (Some(Unit::Hz | Unit::Note), _) => Some(1.0),
        (None, Quantity::Frequency(factor)) => Some(factor),
        // Ticks at powers of two on such an axis are librosa's.
        (None, Quantity::Untold | Quantity::Other | Quantity::Notes) if is_librosa => Some(1.0),
        _ => None,
    }
}

/// Times at the edges, and how far the frames are apart; `rate` and `hop` are known where they are not `None`.
fn time(
    [left, _, right, _]: [f64; 4],
    side: &ReadSide,
    cells: &PanelCells,
    (rate, hop): (Option<u32>, Option<usize>),
    off_px: f64,
) -> (Statement<TimeEnds>, Option<Framed>) {
    let Some(axis) = side.axis else { return (Statement::unknown("no axis of times was read: give `duration`"), None) };
    let factor = match (side.unit, quantity(side.title.as_deref())) {
        (Some(Unit::Seconds), _) => Some((1.0, TO_A_PIXEL)),
        // Frames, too, are numbered below the word.
        (None, Quantity::Time(factor)) if axis.value(right) > LONGEST_PLAIN_S => Some((factor, COARSE)),
        (None, Quantity::Time(factor)) => Some((factor, TO_A_PIXEL)),
        // Numbers that begin half before 0 count columns.
        (None, Quantity::Untold) if cells.counts_columns() => None,
        (None, Quantity::Untold) => Some((1.0, COARSE)),
        _ => None,
    };
    let Some((factor, confidence)) = factor else {
        return (
            Statement::unknown("the axis below the columns does not say that it counts time: give `duration`"),
            None,
        );
    };
    let evidence = format!("{} of {} labels lie on one line", axis.fitting, axis.of);
    let (low_s, high_s) = (factor * axis.value(left), factor * axis.value(right));
    let s_a_px = (high_s - low_s) / (right - left);
    let (first, last) = first_and_last(side);
    // Of an axis that runs to the left the times rise from its right edge on.
    let is_mirrored = low_s > high_s;
    let (first_s, last_s) = if is_mirrored { (high_s, low_s) } else { (low_s, high_s) };
    let ticked = TickedTimes { low_s: first_s, high_s: last_s, width: right - left, span: last - first };
    let framed = cells.frames.as_ref().and_then(|frames| {
        let at = |rate: Option<u32>| framed(ticked, &frames.cells, (rate, hop), cells.outer());
        at(rate).or_else(|| rate.and_then(|_| at(None)))
    });
    if let Some(Framed { low_s, high_s, hop, rate: of, begins: true }) = framed {
        let evidence = format!("{evidence}, and the frames are {hop} samples apart at {of} Hz");
        let (low_s, high_s) = if is_mirrored { (high_s, low_s) } else { (low_s, high_s) };
        return (Statement::read(TimeEnds { low_s, high_s }, confidence.max(OF_TRANSFORM), evidence), framed);
    }
    let is_fine = off_px * s_a_px <= FINE * (high_s - low_s) && axis.fitting >= 4 && axis.tolerance_px <= TOLERANCE_PX;
    let confidence = if is_fine { confidence } else { confidence.min(COARSE) };
    let ticks: Vec<(f64, f64)> = side.fitting().map(|(px, value)| (px, value * factor)).collect();
    let at_edge = |px: f64, read: f64| {
        let there = ticks.iter().find(|tick| (tick.0 - px).abs() <= EDGE_PX + 0.2);
        there.map_or(read, |tick| tick.1)
    };
    let ends = TimeEnds { low_s: at_edge(left, low_s), high_s: at_edge(right, high_s) };
    (Statement::read(ends, confidence, evidence), framed)
}

/// The first and the last pixel of the ticks that lie on an axis.
fn first_and_last(side: &ReadSide) -> (f64, f64) {
    side.fitting().fold((f64::INFINITY, f64::NEG_INFINITY), |ends, (px, _)| (ends.0.min(px), ends.1.max(px)))
}

fn transform(
    frequency: &Statement<FrequencyEnds>,
    side: &ReadSide,
    cells: &PanelCells,
    (hop, rate): (Option<usize>, Option<u32>),
) -> Statement<TransformSaid> {
    let Some(ends) = frequency.value else {
        return Statement::unknown("nothing tells the transform: give `transform`");
    };
    let said = TransformSaid { hop, ..TransformSaid::default() };
    let rows = cells.rows.as_ref().map(|rows| &rows.cells);
    // How many rows there are, and what follows from it, only the whole axis tells.
    let is_whole = cells.wholeness == Wholeness::Whole;
    match (rows.map(|rows| rows.kind), ends.scale) {
        (Some(Kind::Stft { n_fft, .. }), _) if n_fft.is_power_of_two() || n_fft % 100 == 0 => {
            let said = TransformSaid { kind: "stft", n_fft: is_whole.then_some(n_fft), ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where an STFT's bins do")
        }
        (Some(Kind::Stft { .. }), _) => Statement::unknown("rows of no STFT are drawn on an STFT's axis"),
        (Some(Kind::StftPart { bin_hz }), _) => {
            let evidence = format!("the rows that are shown lie where the bins of an STFT {bin_hz:.3} Hz apart do");
            let n_fft = rate.map(|rate| (f64::from(rate) / bin_hz).round() as usize);
            Statement::read(TransformSaid { kind: "stft", n_fft, ..said }, OF_TRANSFORM, evidence)
        }
        (Some(Kind::Mel { bands, fmin, fmax, .. }), _) => {
            let whole = |value: f64| is_whole.then_some(value);
            let (fmin, fmax) = (whole(fmin), whole(fmax));
            let said = TransformSaid { kind: "mel", n_mels: is_whole.then_some(bands), fmin, fmax, ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where mel bands do")
        }
        (Some(Kind::Cqt { bins_per_octave, fmin }), _) => {
            let bins_per_octave = Some(bins_per_octave);
            let said = TransformSaid { kind: "cqt", bins_per_octave, fmin: is_whole.then_some(fmin), ..said };
            Statement::read(said, 0.9, "the rows lie where constant-Q bins do")
        }
        (_, FrequencyScale::LIBROSA_MEL) => Statement::read(
            TransformSaid { kind: "mel", ..said },
            BY_AXIS,
            "librosa's axis of mel frequencies, which other rows may lie on",
        ),
        (_, FrequencyScale::LIBROSA_LOG) => {
            // Constant-Q bins lie on such ticks, too, but never at 0 Hz.
            let confidence = if ends.low_hz <= 0.0 { 0.85 } else { BY_AXIS };
            let evidence = "librosa's logarithmic axis of an STFT";
            Statement::read(TransformSaid { kind: "stft", ..said }, confidence, evidence)
        }
        (_, FrequencyScale::Linear) => {
            Statement::read(TransformSaid { kind: "stft", ..said }, 0.9, "a linear axis of frequencies")
        }
        (_, FrequencyScale::Log) if side.unit == Some(Unit::Note) => {
            Statement::read(TransformSaid { kind: "cqt", ..said }, 0.9, "an axis of notes")
        }
        _ => Statement::unknown("the axis is no transform's own: give `transform`"),
    }
}
