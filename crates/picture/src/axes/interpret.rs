//! What the parts of a figure say of its data.

use super::bars::{learned_colours, levels, own_bar_of, palette};
use super::beneath::beneath;
use super::cells::{Drawn, Framed, PanelCells};
use super::chances::{BOX, BY_AXIS, COARSE, OF_TRANSFORM, TO_A_PIXEL};
use super::figure::{Bar, Figure, Panel, ReadSide};
use super::frequency_axis::frequency;
use super::given::GivenAxes;
use super::grays::gray_palette;
use super::hertz_axis::hertz_axis;
use super::redraw::{LEAST_EXPLAINED, explained_share};
use super::rows::Wholeness;
use super::spread::{is_even, residual};
use super::statement::{Marks, PanelReading, Reading, Statement, StatementSource, Tool};
use super::time_axis::time;
use super::transform_said::transform;
use super::verdict::{tool, verdict};
use crate::palette::PaletteName;
use crate::raster::Raster;

/// How far the edges of a box may be from where they are read, in pixels: by matplotlib's own layout, and rounded to whole ones,
/// with what the axis through the ticks is off by.
const EXACT_PX: f64 = 0.4;
const ROUNDED_PX: f64 = 0.8;
/// Chance from which on a file says itself what made it.
const OF_FILE: f64 = 0.98;
/// Samples from a frame to the next that librosa has where nothing is said (`stft`, `cqt`, `melspectrogram`).
const LIBROSA_HOP: usize = 512;

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
    let edges = edges(figure, panel, is_known);
    let [left, top, right, bottom] = edges;
    let (bar, is_foreign) = own_bar_of(raster, figure, panel);
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
    if is_confirmed(framed, &sample_rate) {
        sample_rate.confidence = sample_rate.confidence.max(OF_TRANSFORM);
        sample_rate.evidence.push_str(", and the frames are librosa's hop apart at that rate");
        if cells.wholeness == Wholeness::Untold {
            cells.wholeness = Wholeness::Whole;
            frequency.confidence = frequency.confidence.max(OF_TRANSFORM);
        }
    }
    let hop = framed.filter(|_| sample_rate.confidence >= TO_A_PIXEL).map(|framed| framed.hop);
    let mut palette = palette(panel, bar);
    let is_original = tool.name.confidence > OF_FILE;
    let drawn_as = (is_original, up.axis.is_some_and(|axis| axis.slope > 0.0));
    let gray = gray_palette(raster, panel.rectangle.inside(), &panel.colours, drawn_as).filter(|_| bar.is_none());
    if let Some(found) = gray {
        palette = Statement::read(found.name.value.to_string(), COARSE, found.name.evidence);
    }
    let over = beneath(raster, panel.rectangle.inside()).filter(|_| palette.value.is_none());
    let damage = over.map_or_else(|| Statement::unknown(""), drawn_over);
    let is_learned = palette.value.as_deref() == Some("learned");
    let reading = PanelReading {
        data_box: Statement::read([left, top, right - left, bottom - top], BOX, how),
        cells: cells.said(framed.map(|framed| framed.begins)),
        palette,
        levels: levels(figure, panel, bar, is_foreign),
        transform: transform(&frequency, up, &cells, (hop, given.sample_rate)),
        frequency,
        time,
        orientation: orientation(up, across),
        sample_rate,
        damage,
        explained: Statement::unknown(""),
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
    if let Some(share) = explained_share(raster, &reading) {
        let evidence = "what was read, repainted as a mesh, beside the picture";
        reading.explained = Statement::read(share, BOX, evidence);
        // Cells are no surer than they explain the picture, and others than were drawn explain much less of it.
        reading.cells.doubt(if share < LEAST_EXPLAINED { COARSE * share } else { share });
    }
    let table = reading.colours().ok().filter(|_| given.palette.is_some());
    PanelReading {
        palette_residual: table.map(|table| residual(raster, reading.inside, &table)),
        frame_s: cells.frame_s(edges, reading.time.value),
        ..reading
    }
}

/// That something lies over data in a palette of which so many pixels have colours.
fn drawn_over((name, share): (PaletteName, f64)) -> Statement<String> {
    let said = format!(
        "drawn over, as by text, curves or a legend: give `palette {name}`, and what has none of its colours counts as what is \
         nearest to them"
    );
    Statement::read(said, COARSE, format!("{:.0} % of its pixels have {name}'s own colours", 100.0 * share))
}

/// The edges of a panel's data. matplotlib draws the middle of its frame line on them; others draw it around them.
fn edges(figure: &Figure, panel: &Panel, is_known: bool) -> [f64; 4] {
    if is_known && !panel.is_given {
        panel.rectangle.edges(figure.size, figure.dpi)
    } else {
        panel.rectangle.inner_edges()
    }
}

/// Whether the frames are librosa's hop apart at the sample rate that the axis ends as: of twice that rate, cut in half, the hop
/// would be no default's.
fn is_confirmed(framed: Option<Framed>, sample_rate: &Statement<u32>) -> bool {
    let is_of_librosa = |framed: Framed| framed.hop == LIBROSA_HOP && sample_rate.value == Some(framed.rate);
    sample_rate.source == StatementSource::Read && framed.is_some_and(is_of_librosa)
}

/// Whether a version of matplotlib is older than 3.5: from there on meshes lie around the centres of their rows, and none ends at
/// the outermost centres.
fn is_before_centred_meshes(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().flatten(), numbers.next().flatten());
    major.zip(minor).is_some_and(|version| version < (3, 5))
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
