//! Edits in seconds and hertz as what coefficients are multiplied by.

use std::f64::consts::PI;
use std::ops::Range;

use super::account::Region;
use super::edits::{Action, Edit, Edits};
use super::field::Field;
use super::options::Edge;
use super::shape::{InRow, Outline};
use super::surface::{ROWS_OF_CELL, Surface};

/// All edits of one channel.
pub(super) struct Shapes<'a> {
    surface: &'a Surface,
    changes: Vec<Shaped>,
}

/// One edit.
struct Shaped {
    outline: Outline,
    gain: f64,
    /// Cells outside of the outline up to which the gain is in full, and over which it then fades.
    full: f64,
    soft: f64,
    /// Where anything changes: samples at the lowest row, and rows.
    rows: (f64, f64),
}

impl<'a> Shapes<'a> {
    /// The edits that a channel hears.
    pub(super) fn new(surface: &'a Surface, edits: &Edits, channel: usize, edge: Edge) -> Self {
        let heard = edits.edits.iter().filter(|edit| is_heard(edit, channel));
        let changes = heard.map(|edit| Shaped::new(edit, surface, edge));
        Self { surface, changes: changes.filter(|change| change.gain != 1.0).collect() }
    }

    /// What is copied of a channel, as what would take it away there, and how many samples later it goes.
    pub(super) fn copies(surface: &'a Surface, edits: &Edits, channel: usize, edge: Edge) -> Vec<(Self, i64)> {
        let copy = |edit: &Edit| {
            let Action::CopyLater(secs) = edit.action else { return None };
            let source = Shaped::of(Outline::moved(&edit.shape, surface, 0), edit, edge);
            Some((Self { surface, changes: vec![source] }, later_samples(surface, secs)))
        };
        edits.edits.iter().filter(|edit| is_heard(edit, channel)).filter_map(copy).collect()
    }

    /// Those that change a row at one of these samples.
    fn touching(&self, row: usize, samples: &Range<i64>) -> impl Iterator<Item = &Shaped> {
        let reach = self.surface.cell_samples(row);
        let (first, end) = (samples.start as f64, samples.end as f64);
        self.changes.iter().filter(move |change| {
            let ((from, to), far) = (change.outline.bounds().0, reach * change.far());
            let row = row as f64;
            change.rows.0 <= row && row <= change.rows.1 && from - far <= end && first <= to + far
        })
    }
}

fn is_heard(edit: &Edit, channel: usize) -> bool {
    edit.channels.as_ref().is_none_or(|channels| channels.contains(&channel))
}

/// A copy's seconds as samples; beyond any sound they are as good as infinitely many.
fn later_samples(surface: &Surface, secs: f64) -> i64 {
    (secs * surface.params().sr).round().clamp(-1e15, 1e15) as i64
}

/// What each edit changes.
pub(super) fn regions(surface: &Surface, edits: &Edits) -> Vec<Region> {
    edits.edits.iter().map(|edit| region(surface, edit)).collect()
}

fn region(surface: &Surface, edit: &Edit) -> Region {
    let outline = match edit.action {
        Action::CopyLater(secs) => Outline::moved(&edit.shape, surface, later_samples(surface, secs)),
        _ => Outline::new(&edit.shape, surface),
    };
    let (end, last) = (surface.samples() as f64, (surface.rows() - 1) as f64);
    let (samples, rows) = outline.bounds();
    let (low, high) = (rows.0.clamp(0.0, last), rows.1.clamp(0.0, last));
    let cells = |row: usize| {
        let cell = surface.cell_samples(row);
        outline.in_row(row, cell).samples_inside(end) / cell / ROWS_OF_CELL as f64
    };
    let sr = surface.params().sr;
    let gain_db = edit.action.gain_db();
    let copied_from_secs = match edit.action {
        Action::CopyLater(secs) => Some(samples.0.clamp(0.0, end) / sr - secs),
        _ => None,
    };
    Region {
        secs: (samples.0.clamp(0.0, end) / sr, samples.1.clamp(0.0, end) / sr),
        hz: (surface.hz_from_row(low), surface.hz_from_row(high)),
        gain_db: (gain_db, gain_db),
        copied_from_secs,
        cells: (low.floor() as usize..=high.ceil() as usize).map(cells).sum(),
    }
}

impl Shaped {
    /// What an edit multiplies. Of a copy, what it replaces.
    fn new(edit: &Edit, surface: &Surface, edge: Edge) -> Self {
        let outline = match edit.action {
            Action::CopyLater(secs) => Outline::moved(&edit.shape, surface, later_samples(surface, secs)),
            _ => Outline::new(&edit.shape, surface),
        };
        Self::of(outline, edit, edge)
    }

    fn of(outline: Outline, edit: &Edit, edge: Edge) -> Self {
        let full = match edge {
            Edge::Inside => 1.0,
            Edge::Outside => 0.0,
        };
        let (low, high) = outline.bounds().1;
        // Half a row more: of a row at the border a part may lie inside.
        let far = (full + edit.soft_cells) * ROWS_OF_CELL as f64 + 0.5;
        Self { outline, gain: edit.action.gain(), full, soft: edit.soft_cells, rows: (low - far, high + far) }
    }

    /// How many cells outside of the outline the last change lies.
    fn far(&self) -> f64 {
        self.full + self.soft
    }

    /// The gain of a row at a sample.
    fn gain_at(&self, in_row: &InRow, sample: f64) -> f64 {
        match in_row.beside() {
            Some(beside) if self.soft == 0.0 => {
                // A row of which the border leaves a part has that part of the change: else the border would lie at the
                // middle between two rows, up to a quarter of a cell from where it is to be.
                let share = (0.5 - (beside - self.full) * ROWS_OF_CELL as f64).clamp(0.0, 1.0);
                if in_row.cells_along(sample) > self.full { 1.0 } else { self.part(share) }
            }
            _ => {
                let beyond = in_row.cells_outside(sample) - self.full;
                match beyond {
                    _ if beyond <= 0.0 => self.gain,
                    _ if beyond < self.soft => self.part(0.5 * (1.0 + (PI * beyond / self.soft).cos())),
                    _ => 1.0,
                }
            }
        }
    }

    /// The gain where so much of the change is left.
    fn part(&self, share: f64) -> f64 {
        if share == 1.0 { self.gain } else { 1.0 + (self.gain - 1.0) * share }
    }
}

impl Field for Shapes<'_> {
    fn touches(&self, row: usize, samples: &Range<i64>) -> bool {
        self.touching(row, samples).next().is_some()
    }

    fn gains(&self, row: usize, first: i64, hop: usize, out: &mut [f64]) {
        let cell = self.surface.cell_samples(row);
        let end = first + (out.len() * hop) as i64;
        for change in self.touching(row, &(first..end)) {
            let in_row = change.outline.in_row(row, cell);
            let ((from, to), far) = (change.outline.bounds().0, cell * change.far());
            let place = |sample: f64| (sample - first as f64) / hop as f64;
            // Numbers that are too large or too small come to lie at the ends.
            let low = (place(from - far).floor().max(0.0) as usize).min(out.len());
            let high = (place(to + far).ceil().max(0.0) as usize).saturating_add(1).clamp(low, out.len());
            for (index, gain) in out[low..high].iter_mut().enumerate() {
                let sample = (first + ((low + index) * hop) as i64) as f64;
                *gain *= change.gain_at(&in_row, sample);
            }
        }
    }
}
