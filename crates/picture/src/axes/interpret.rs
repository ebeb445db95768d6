//! What the parts of a figure say of its data.

use photophone_spectrum::FrequencyScale;

use super::cells::{Framed, PanelCells, framed};
use super::ends::{Ends, of_stft};
use super::figure::{Bar, Figure, Panel, ReadSide};
use super::fit::{TOLERANCE_PX, fit};
use super::given::GivenAxes;
use super::label::Unit;
use super::lattice::kind_said;
use super::rows::Kind;
use super::statement::{
    FrequencyEnds, LevelEnds, Marks, PanelReading, Reading, Statement, TimeEnds, Tool, TransformSaid, Verdict,
};
use super::words::{Quantity, other, quantity};
use crate::palette::{Colours, recognise};
use crate::raster::Raster;

/// Chances that a statement is right, of the 54 development pictures and the gallery's: edges to half a pixel; ends that a
/// transform has; ends to half a pixel; an axis without a word on what it counts.
const BOX: f64 = 0.95;
const OF_TRANSFORM: f64 = 0.95;
const TO_A_PIXEL: f64 = 0.8;
const COARSE: f64 = 0.5;
const BY_AXIS: f64 = 0.65;
/// Lowest upper end of an axis of frequencies, in Hz: a telephone's bandwidth ends at 3400, a bass's notes near 400.
const LOWEST_TOP_HZ: f64 = 300.0;
/// How far an axis is off at the edges, in pixels: ticks and edges are rounded.
const EDGE_PX: f64 = 0.4;
/// Part of the upper end that a frequency may be wrong by.
const FINE: f64 = 0.001;
/// Fewest decibels between the ends of a bar that are decibels without a word: natural logarithms span less.
const DB_SPAN: f64 = 30.0;
/// Labels in matplotlib's font that make a figure its.
const FEWEST_LABELS: usize = 8;
/// Share of their ink that matplotlib's font leaves unexplained of them: 0.07 to 0.19 of its own figures, 0.21 and more of
/// other fonts. Spek writes in it too, on black.
const OF_ITS_FONT: f64 = 0.2;
/// Longest time that is counted in plain seconds, mostly.
const LONGEST_PLAIN_S: f64 = 120.0;
/// Palettes whose ends meet: of phase.
const CYCLIC: [&str; 3] = ["twilight", "twilight_shifted", "hsv"];

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
    let panels = figure.panels.iter().map(|panel| panel_reading(raster, figure, panel, is_known, &options.given));
    let mut panels: Vec<PanelReading> = figure
        .panels
        .iter()
        .zip(panels)
        .map(|(panel, said)| {
            let is_sharp = is_known && panel.rectangle.is_crisp(figure.size, figure.dpi);
            if is_sharp { said } else { said.doubted() }
        })
        .collect();
    if let Some(first) = options.given.panel.filter(|&panel| panel < panels.len()) {
        panels[..=first].rotate_right(1);
    }
    Reading { spectrogram: verdict(figure, &panels), tool, panels }
}

fn panel_reading(raster: &Raster, figure: &Figure, panel: &Panel, is_known: bool, given: &GivenAxes) -> PanelReading {
    // matplotlib draws the middle of its frame line on the edge of the data; others draw it around them.
    let edges = if is_known { panel.rectangle.edges(figure.size, figure.dpi) } else { panel.rectangle.inner_edges() };
    let [left, top, right, bottom] = edges;
    let bar = bar_of(figure, panel);
    let how =
        if panel.rectangle.line_px > 0 { "inside the frame line" } else { "a filled rectangle on the background" };
    let up = Axis::of(figure, panel, true);
    let across = Axis::of(figure, panel, false);
    let hz = hertz_axis(edges, is_known && panel.rectangle.is_laid_out(figure.size, figure.dpi), up);
    let told = given.hertz(hz.as_ref().ok(), bottom, top);
    let hz = told.clone().map_or(hz, Ok);
    let cells = PanelCells::find(raster, &panel.rectangle, edges, hz.as_ref().ok(), up, across);
    let (frequency, sample_rate) = frequency(&hz, &cells);
    let orientation = match up.axis.map(|axis| axis.slope < 0.0) {
        Some(true) => Statement::read("upright", BOX, "the frequencies rise upwards"),
        Some(false) => Statement::read("vertical", BOX, "the frequencies rise downwards"),
        None => Statement::unknown("no axis of frequencies was read"),
    };
    let rate = sample_rate.value.filter(|_| sample_rate.confidence >= TO_A_PIXEL);
    let (time, hop) = time(edges, across, &cells, rate);
    let palette = palette(panel, bar);
    let is_learned = palette.value.as_deref() == Some("learned");
    let reading = PanelReading {
        data_box: Statement::read([left, top, right - left, bottom - top], BOX, how),
        cells: cells.said(),
        palette,
        levels: levels(figure, bar),
        transform: transform(&frequency, up, &cells, hop),
        frequency,
        time,
        orientation,
        sample_rate,
        damage: Statement::unknown(""),
        inside: panel.rectangle.inside(),
        bin_of_row: cells.bin_of_row(&panel.rectangle),
        frame_of_column: cells.frame_of_column(&panel.rectangle),
        marks: marks(edges, up, across, bar),
        learned: bar.filter(|_| is_learned).map(learned_colours),
    };
    given.applied(reading, told.as_ref())
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

/// The colours of a bar from its low value on.
fn learned_colours(bar: &Bar) -> Vec<[u8; 3]> {
    let mut colours = bar.colours.clone();
    if bar.axis.axis.is_some_and(|axis| (axis.slope > 0.0) == bar.upright) {
        colours.reverse();
    }
    colours
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

/// The bar that belongs to a panel: the one beside it.
fn bar_of<'a>(figure: &'a Figure, panel: &Panel) -> Option<&'a Bar> {
    let [left, top, right, bottom] = panel.rectangle.outer;
    let beside = |bar: &&Bar| {
        let [l, t, r, b] = bar.rectangle.outer;
        let overlap = if bar.upright {
            b.min(bottom) as i64 - t.max(top) as i64
        } else {
            r.min(right) as i64 - l.max(left) as i64
        };
        overlap > 0
    };
    let away = |bar: &&Bar| {
        let [l, t, ..] = bar.rectangle.outer;
        if bar.upright { l.abs_diff(right).min(l.abs_diff(left)) } else { t.abs_diff(bottom).min(t.abs_diff(top)) }
    };
    figure.bars.iter().filter(beside).min_by_key(away)
}

fn palette(panel: &Panel, bar: Option<&Bar>) -> Statement<String> {
    let learned = |bar: &Bar| {
        let colours = Colours::new(bar.colours.iter().copied()).unique.len();
        Statement::read(
            "learned".to_owned(),
            BOX,
            format!("{colours} colours of the colour bar, which are no known palette's"),
        )
    };
    let found = match bar {
        Some(bar) => recognise(&Colours::new(bar.colours.iter().copied())).or_else(|_| recognise(&panel.colours)),
        None => recognise(&panel.colours),
    };
    match (found, bar) {
        (Ok(found), bar) => {
            let is_exact = found.exact_share >= 0.9;
            if !is_exact && found.residual > 3.0 && bar.is_some_and(|bar| is_plain(bar)) {
                return bar.map_or_else(|| Statement::unknown(""), learned);
            }
            let mut name = found.name.value.clone();
            if let Some(bar) = bar {
                name.reversed = is_backwards(&found.table.colours, bar) != name.reversed;
            }
            // Grays that are no palette's own may be any gray palette's.
            let confidence = match (is_exact, panel.colours.are_gray()) {
                (true, false) => BOX,
                (true, true) if !name.gray => BOX,
                (false, false) => TO_A_PIXEL,
                _ => COARSE,
            };
            Statement::read(name.to_string(), confidence, found.name.evidence)
        }
        (Err(_), Some(bar)) => learned(bar),
        (Err(error), None) => Statement::unknown(error.to_string()),
    }
}

/// Whether the lines of a bar are of exact colours: it was not compressed.
fn is_plain(bar: &Bar) -> bool {
    Colours::new(bar.colours.iter().copied()).unique.len() <= 256
}

/// Whether a table runs against the bar, from its loud end to its quiet one.
fn is_backwards(table: &[[u8; 3]], bar: &Bar) -> bool {
    // A smeared frame line is mixed into the ends.
    let ends = |colours: &[[u8; 3]]| Some((*colours.get(colours.len() / 10)?, *colours.get(colours.len() * 9 / 10)?));
    let (Some((first, last)), Some((mut low, mut high))) = (ends(table), ends(&bar.colours)) else { return false };
    // Values rise from the bottom up, so against the pixels of an upright bar.
    if bar.axis.axis.is_some_and(|axis| (axis.slope > 0.0) == bar.upright) {
        (low, high) = (high, low);
    }
    let away = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).map(|(&a, b)| u32::from(a.abs_diff(b))).sum::<u32>();
    away(first, low) + away(last, high) > away(first, high) + away(last, low)
}

fn levels(figure: &Figure, bar: Option<&Bar>) -> Statement<LevelEnds> {
    let Some(bar) = bar else { return Statement::unknown("no colour bar was found") };
    let Some(axis) = bar.axis.axis else { return Statement::unknown("the colour bar's labels could not be read") };
    let [left, top, right, bottom] = bar.rectangle.edges(figure.size, figure.dpi);
    let (from, to) = if bar.upright { (bottom, top) } else { (left, right) };
    let end = |px: f64| {
        let near = bar.axis.labelled.iter().find(|tick| (tick.tick.at - px).abs() <= 1.0);
        let value = near.map(|tick| tick.label.value).filter(|&value| (axis.px(value) - px).abs() <= 1.0);
        value.unwrap_or_else(|| axis.value(px))
    };
    let (low, high) = (end(from).min(end(to)), end(from).max(end(to)));
    let said = bar.axis.unit == Some(Unit::Db) || quantity(bar.axis.title.as_deref()) == Quantity::Decibels;
    let evidence = format!("{} of {} labels of the colour bar lie on one line", axis.fitting, axis.of);
    if said || (low < 0.0 && high - low >= DB_SPAN) {
        let reference = if high.abs() < 0.5 { Some("max") } else { None };
        let confidence = if said || low <= -40.0 || high - low >= 60.0 { 0.93 } else { COARSE };
        return Statement::read(LevelEnds { scale: "db", low, high, reference }, confidence, evidence);
    }
    let evidence = format!("{evidence}, from {low:.3} to {high:.3}, but nothing says what they count");
    Statement::unknown(evidence)
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
    let axis = side.axis.ok_or("no axis of frequencies was read: give `fmin`, `fmax` and `axis`")?;
    let factor =
        hertz(side).ok_or("the axis beside the rows does not say that it counts Hz: give `fmin`, `fmax` and `axis`")?;
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
    let is_of_stft = matches!(axis.scale, FrequencyScale::Linear) || axis.scale == FrequencyScale::LIBROSA_LOG;
    let ends = if is_of_stft { of_stft(&axis, &ticks, from_px, to_px, is_exact) } else { Vec::new() };
    Ok(HertzAxis { axis, from_px, to_px, ends, ticks, evidence })
}

fn frequency(hz: &Result<HertzAxis, &'static str>, cells: &PanelCells) -> (Statement<FrequencyEnds>, Statement<u32>) {
    let HertzAxis { axis, from_px, to_px, ends: all, evidence, ticks: hz_ticks } = match hz {
        Ok(hz) => hz,
        Err(why) => return (Statement::unknown(*why), Statement::unknown(*why)),
    };
    let said = |low_hz, high_hz| FrequencyEnds { scale: axis.scale, low_hz, high_hz };
    if let Some(rows) = &cells.rows
        && rows.cells.kind != Kind::Uniform
    {
        let rows = &rows.cells;
        let evidence = format!("{evidence}, and the rows are those of {} {}", rows.count(), kind_said(rows.kind));
        let rate = match rows.kind {
            Kind::Stft { rate, .. } => Statement::read(rate, OF_TRANSFORM, evidence.clone()),
            _ => Statement::unknown("the rows do not tell the sample rate"),
        };
        return (Statement::read(said(rows.low_hz(), rows.high_hz()), OF_TRANSFORM, evidence), rate);
    }
    if let Some(ends) = all.first() {
        let evidence = format!("{evidence}, and it ends as the frequencies of sounds at {} Hz do", ends.rate);
        // An axis may be cut at any round number.
        let is_round = ends.rate % 1000 == 0 && ends.rate < 44000;
        let rate = Statement::read(ends.rate, if is_round { COARSE } else { OF_TRANSFORM }, evidence.clone());
        let is_one = all.iter().all(|other| (other.high - ends.high).abs() <= FINE * ends.high);
        let confidence = if is_one { OF_TRANSFORM } else { COARSE };
        return (Statement::read(said(ends.low, ends.high), confidence, evidence), rate);
    }
    let (low, high) = (at_edge(axis, hz_ticks, *from_px), at_edge(axis, hz_ticks, *to_px));
    let hz_a_px = (high - axis.value(to_px + (from_px - to_px).signum())).abs();
    let is_log = axis.scale == FrequencyScale::Log;
    let confidence = if is_log || EDGE_PX * hz_a_px <= FINE * high { TO_A_PIXEL } else { COARSE };
    let why = "the axis does not end at half a sample rate";
    (Statement::read(said(low, high), confidence, evidence.clone()), Statement::unknown(why))
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
        (Some(_), _) => None,
        (None, Quantity::Frequency(factor)) => Some(factor),
        // Ticks at powers of two on such an axis are librosa's.
        (None, Quantity::Untold | Quantity::Other | Quantity::Notes) if is_librosa => Some(1.0),
        (None, _) => None,
    }
}

/// Times at the edges, and the hop where sample rate and frames tell it.
fn time(
    [left, _, right, _]: [f64; 4],
    side: &ReadSide,
    cells: &PanelCells,
    rate: Option<u32>,
) -> (Statement<TimeEnds>, Option<usize>) {
    let Some(axis) = side.axis else { return (Statement::unknown("no axis of times was read: give `duration`"), None) };
    let factor = match (side.unit, quantity(side.title.as_deref())) {
        (Some(Unit::Seconds), _) => Some((1.0, TO_A_PIXEL)),
        // Frames, too, are numbered below the word.
        (None, Quantity::Time(factor)) if axis.value(right) > LONGEST_PLAIN_S => Some((factor, COARSE)),
        (None, Quantity::Time(factor)) => Some((factor, TO_A_PIXEL)),
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
    if let Some(frames) = &cells.frames
        && let Some(framed) = framed((low_s, high_s), right - left, first_and_last(side), frames.cells, rate)
    {
        let Framed { low_s, high_s, hop, rate: of } = framed;
        let evidence = format!("{evidence}, and {} frames are {hop} samples apart at {of} Hz", frames.cells);
        let said = Statement::read(TimeEnds { low_s, high_s }, confidence.max(OF_TRANSFORM), evidence);
        return (said, rate.map(|_| hop));
    }
    let is_fine = EDGE_PX * s_a_px <= FINE * (high_s - low_s) && axis.fitting >= 4 && axis.tolerance_px <= TOLERANCE_PX;
    let confidence = if is_fine { confidence } else { confidence.min(COARSE) };
    (Statement::read(TimeEnds { low_s, high_s }, confidence, evidence), None)
}

/// The first and the last pixel of the ticks that lie on an axis.
fn first_and_last(side: &ReadSide) -> (f64, f64) {
    side.fitting().fold((f64::INFINITY, f64::NEG_INFINITY), |ends, (px, _)| (ends.0.min(px), ends.1.max(px)))
}

fn transform(
    frequency: &Statement<FrequencyEnds>,
    side: &ReadSide,
    cells: &PanelCells,
    hop: Option<usize>,
) -> Statement<TransformSaid> {
    let Some(ends) = frequency.value else {
        return Statement::unknown("nothing tells the transform: give `transform`");
    };
    let said = TransformSaid { hop, ..TransformSaid::default() };
    let n_mels = cells.rows.as_ref().map(|rows| rows.cells.count());
    match (cells.rows.as_ref().map(|rows| rows.cells.kind), ends.scale) {
        (Some(Kind::Stft { n_fft, .. }), _) if n_fft.is_power_of_two() || n_fft % 100 == 0 => {
            let said = TransformSaid { kind: "stft", n_fft: Some(n_fft), ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where an STFT's bins do")
        }
        (Some(Kind::Stft { .. }), _) => Statement::unknown("rows of no STFT are drawn on an STFT's axis"),
        (Some(Kind::Mel { fmin, fmax, .. }), _) => {
            let said = TransformSaid { kind: "mel", n_mels, fmin: Some(fmin), fmax: Some(fmax), ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where mel bands do")
        }
        (Some(Kind::Cqt { bins_per_octave, fmin }), _) => {
            let said = TransformSaid { kind: "cqt", bins_per_octave: Some(bins_per_octave), fmin: Some(fmin), ..said };
            Statement::read(said, 0.9, "the rows lie where constant-Q bins do")
        }
        (_, FrequencyScale::LIBROSA_MEL) => Statement::read(
            TransformSaid { kind: "mel", ..said },
            BY_AXIS,
            "librosa's axis of mel frequencies, which other rows may lie on",
        ),
        (_, FrequencyScale::LIBROSA_LOG) => {
            Statement::read(TransformSaid { kind: "stft", ..said }, 0.85, "librosa's logarithmic axis of an STFT")
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

/// The tool as the file names it.
pub(crate) fn tool_of_file(software: Option<&str>) -> Tool {
    let Some(software) = software.filter(|software| software.to_lowercase().starts_with("matplotlib")) else {
        return Tool { name: Statement::unknown("the file does not say"), version: None };
    };
    let version = software.split("version").nth(1).unwrap_or("").trim();
    let version: String = version.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let name = Statement::read("matplotlib".to_owned(), 0.99, "the file says so");
    Tool { name, version: (!version.is_empty()).then_some(version) }
}

fn tool(figure: &Figure, software: Option<&str>) -> Tool {
    let said = tool_of_file(software);
    let Some(panel) = figure.panels.first() else { return said };
    let sides = [&panel.across, &panel.up].into_iter().chain(figure.bars.iter().map(|bar| &bar.axis));
    let labels: Vec<f64> = sides.flat_map(|side| &side.labelled).map(|label| label.unexplained).collect();
    let unexplained = labels.iter().sum::<f64>() / labels.len().max(1) as f64;
    let lengths = [&panel.across, &panel.up].map(|side| side.ticks.iter().map(|tick| tick.length_px).max());
    let is_like = labels.len() >= FEWEST_LABELS && unexplained <= OF_ITS_FONT && lengths[0] == lengths[1];
    if said.name.value.is_none() && is_like && figure.is_light {
        let name = Statement::read("matplotlib".to_owned(), TO_A_PIXEL, "its ticks, and labels in its font");
        return Tool { name, version: None };
    }
    said
}

fn verdict(figure: &Figure, panels: &[PanelReading]) -> Statement<Verdict> {
    let titles = figure.panels.iter().flat_map(|panel| [&panel.title, &panel.up.title, &panel.across.title]);
    if let Some(what) = titles.flatten().find_map(|title| other(title)) {
        return Statement::read(Verdict::No, 0.85, format!("its title says that it is {what}"));
    }
    let Some(first) = panels.first() else { return Statement::unknown("no box of data was found") };
    if let Some(bar) = figure.bars.first().filter(|bar| is_of_angles(figure, bar)) {
        let evidence = "its colour bar runs from -pi to pi: phase, not magnitude";
        return Statement::read(Verdict::No, if bar.axis.labelled.len() >= 3 { 0.9 } else { COARSE }, evidence);
    }
    let palette = first.palette.value.as_deref().unwrap_or("");
    if CYCLIC.contains(&palette.trim_end_matches("_r")) {
        return Statement::read(Verdict::No, 0.8, format!("{palette} is a palette of angles"));
    }
    let bar_speaks = figure.bars.is_empty() || first.levels.value.is_some();
    match (&first.frequency.value, &first.time.value) {
        (Some(_), Some(_)) if first.palette.value.is_some() && bar_speaks => {
            Statement::read(Verdict::Yes, 0.9, "frequencies over time, in a palette")
        }
        _ => Statement {
            value: Some(Verdict::Unknown),
            ..Statement::unknown("its axes do not say that it shows frequencies over time")
        },
    }
}

/// Whether the ends of a bar are those of angles.
fn is_of_angles(figure: &Figure, bar: &Bar) -> bool {
    let [left, top, right, bottom] = bar.rectangle.edges(figure.size, figure.dpi);
    let (from, to) = if bar.upright { (bottom, top) } else { (left, right) };
    let pi = std::f64::consts::PI;
    bar.axis.axis.is_some_and(|axis| (axis.value(from) + pi).abs() < 0.05 && (axis.value(to) - pi).abs() < 0.05)
}
