//! The painted coefficients, and those beside them whose phase is known.

use std::ops::Range;

use num_complex::Complex;

use super::super::bands::Band;
use super::gradient::Gradient;
use super::painting::Target;
use crate::spread::{Grid, Spread};

/// A known coefficient tells the phase of a painted one beside it where it has at least this share of its magnitude: 20 dB.
const TELLING: f64 = 0.1;

/// Painted magnitudes below this share of the loudest get no integrated phase: 120 dB.
const TOLERANCE: f64 = 1e-6;

/// No cell.
const NONE: u32 = u32::MAX;

/// One row of a region.
pub(super) struct RegionRow {
    /// Its number.
    pub(super) row: usize,
    hop: usize,
    is_painted: bool,
    /// For each coefficient of the row, the number of its cell.
    cells: Vec<u32>,
}

/// A coefficient of a region.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    /// Which of the region's rows.
    at: usize,
    /// Which coefficient of the row.
    pub(super) index: usize,
    /// The logarithm of the magnitude that it is to have.
    pub(super) log: f64,
    /// Whether it was painted; else it lies beside a painted one.
    pub(super) is_painted: bool,
}

/// The painted coefficients of a window, and those beside them, row by row.
pub(super) struct Region {
    pub(super) rows: Vec<RegionRow>,
    pub(super) cells: Vec<Cell>,
    /// The window's first sample.
    first: i64,
}

impl Region {
    /// Of a window of `period` samples from `first` on.
    pub(super) fn new(target: &Target, bands: &[Band], (first, period): (i64, usize)) -> Self {
        let painted = |row: usize| {
            let length = period / bands[row].hop;
            let inside = target.inside.row(row);
            let is_inside = move |index: usize| {
                let column = target.column(first + (index * bands[row].hop) as i64);
                column.is_some_and(|column| inside[column])
            };
            (0..length).map(is_inside).collect::<Vec<bool>>()
        };
        let mut region = Self { rows: Vec::new(), cells: Vec::new(), first };
        let has_any = |row: usize| target.inside.row(row).contains(&true);
        let is_needed =
            |row: usize| has_any(row) || (row > 0 && has_any(row - 1)) || (row + 1 < bands.len() && has_any(row + 1));
        let mut below: Option<(usize, Vec<bool>)> = None;
        for row in (0..bands.len()).filter(|&row| is_needed(row)) {
            let own = painted(row);
            let above = (row + 1 < bands.len()).then(|| painted(row + 1));
            let beside = |row_there: usize, there: &[bool], index: usize| {
                let sample = index * bands[row].hop;
                sample.is_multiple_of(bands[row_there].hop) && there[sample / bands[row_there].hop]
            };
            let mut cells = vec![NONE; own.len()];
            for index in 0..own.len() {
                let is_beside = (index > 0 && own[index - 1])
                    || own.get(index + 1).is_some_and(|is| *is)
                    || below.as_ref().is_some_and(|(there, flags)| *there + 1 == row && beside(*there, flags, index))
                    || above.as_ref().is_some_and(|flags| beside(row + 1, flags, index));
                if own[index] || is_beside {
                    cells[index] = region.cells.len() as u32;
                    let log = target.log(row, first + (index * bands[row].hop) as i64);
                    region.cells.push(Cell { at: region.rows.len(), index, log, is_painted: own[index] });
                }
            }
            region.rows.push(RegionRow { row, hop: bands[row].hop, is_painted: own.contains(&true), cells });
            below = Some((row, own));
        }
        region
    }

    /// The place of a row among the region's.
    pub(super) fn place_of(&self, row: usize) -> Option<usize> {
        self.rows.binary_search_by_key(&row, |row| row.row).ok()
    }

    /// The numbers of a row's cells, by its place among the region's.
    pub(super) fn cells_of(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.rows[at].cells.iter().filter(|cell| **cell != NONE).map(|cell| *cell as usize)
    }

    /// Whether any of a row's cells is painted, by its place among the region's.
    pub(super) fn is_painted_on(&self, at: usize) -> bool {
        self.rows[at].is_painted
    }

    /// For each row with painted cells, its number and the samples of its first and its last one.
    pub(super) fn reached(&self) -> Vec<(usize, Range<i64>)> {
        let of_row = |(at, row): (usize, &RegionRow)| {
            let mut painted = self.cells_of(at).map(|number| &self.cells[number]).filter(|cell| cell.is_painted);
            let first = painted.next()?;
            Some((row.row, self.sample(first)..self.sample(painted.last().unwrap_or(first))))
        };
        self.rows.iter().enumerate().filter_map(of_row).collect()
    }

    /// The sample of a cell.
    fn sample(&self, cell: &Cell) -> i64 {
        self.first + (cell.index * self.rows[cell.at].hop) as i64
    }

    /// The cell of a row, by its place among the region's, at a cell's sample.
    fn across(&self, cell: &Cell, at: usize) -> Option<usize> {
        let (own, there) = (&self.rows[cell.at], self.rows.get(at)?);
        let sample = cell.index * own.hop;
        let is_next = there.row.abs_diff(own.row) == 1 && sample.is_multiple_of(there.hop);
        let number = is_next.then(|| there.cells.get(sample / there.hop).copied())??;
        (number != NONE).then_some(number as usize)
    }

    fn along(&self, cell: &Cell, index: Option<usize>) -> Option<usize> {
        let number = *self.rows[cell.at].cells.get(index?)?;
        (number != NONE).then_some(number as usize)
    }

    /// A phasor for every cell, from those beside the painted ones on: `known` has a coefficient for each cell.
    ///
    /// Known ones that are far below what was painted beside them tell nothing of it, and are passed over.
    pub(super) fn integrated(&self, target: &Target, gradient: &Gradient, known: &[Complex<f64>]) -> Vec<Complex<f64>> {
        let steps = Steps { region: self, target, gradient };
        let tells = |number: usize| {
            let beside = steps.neighbours(number).into_iter().flatten().map(|(there, _)| &self.cells[there]);
            let loudest = beside.filter(|cell| cell.is_painted).map(|cell| cell.log).fold(f64::NEG_INFINITY, f64::max);
            known[number].norm().ln() >= loudest + TELLING.ln()
        };
        let level = |(number, cell): (usize, &Cell)| match cell.is_painted {
            true => cell.log,
            false if tells(number) => known[number].norm().ln(),
            false => f64::NEG_INFINITY,
        };
        let levels: Vec<f64> = self.cells.iter().enumerate().map(level).collect();
        let loudest = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut field = Spread::new(&levels, loudest + TOLERANCE.ln());
        for (number, _) in self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_painted) {
            field.phases[number] = levels[number].is_finite().then(|| known[number].arg());
        }
        field.integrate(&steps);
        field.phases.iter().map(|phase| Complex::from_polar(1.0, phase.unwrap_or(0.0))).collect()
    }
}

/// The cells' neighbours, and the steps to them.
struct Steps<'a> {
    region: &'a Region,
    target: &'a Target,
    gradient: &'a Gradient,
}

impl Grid for Steps<'_> {
    fn neighbours(&self, number: usize) -> [Option<(usize, f64)>; 4] {
        let Self { region, target, gradient } = self;
        let cell = &region.cells[number];
        let (row, sample) = (region.rows[cell.at].row, region.sample(cell));
        let over_time =
            |there: usize| (there, gradient.over_time(target, row, (sample, region.sample(&region.cells[there]))));
        let above = region.across(cell, cell.at + 1).map(|there| (there, gradient.to_row_above(target, row, sample)));
        let below = cell.at.checked_sub(1).and_then(|at| region.across(cell, at));
        [
            region.along(cell, Some(cell.index + 1)).map(over_time),
            region.along(cell, cell.index.checked_sub(1)).map(over_time),
            above,
            below.map(|there| (there, -gradient.to_row_above(target, row - 1, sample))),
        ]
    }
}
