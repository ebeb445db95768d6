//! Finds the strip in a picture that may have been resized, cropped in time, blurred or made brighter.
//!
//! The lowest row of pixels lies in the lowest row of cells, whatever the picture's scale. Along it the pattern of the left end is
//! looked for at every scale and place; what correlates is fitted more finely with that of the right end, then up all four
//! rows. Only a record whose code and checksum agree counts, so a picture without a strip is never taken for one with it.

use super::cells::{CELL_PX, COLUMNS, ROWS, SYNC, is_light, record_of, sync};
use super::record::{NoRecord, StripRecord};

/// Scales that are looked at: what a picture may have been resized by, each way.
const SCALES: (f64, f64) = (0.4, 2.5);

/// From one scale to the next, along and up: over the 32 cells of a pattern, that is a third of a cell at most.
const SCALE_STEP: f64 = 1.01;

/// How well a pattern has to correlate to be looked at more closely. By chance 32 cells do so once in a hundred thousand places.
const CANDIDATE: f64 = 0.7;

/// Most candidates that are looked at more closely.
const MOST_CANDIDATES: usize = 24;

/// Correlations that differ by less are taken for equal.
const ALIKE: f64 = 0.01;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// For the first copy only: for a picture of which nothing is known.
    First,
    /// For one of the first four, where others may be damaged.
    Thorough,
}

/// A copy of the strip in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FoundStrip {
    /// What it says.
    pub(crate) record: StripRecord,
    /// Where it begins, in pixels from the left.
    pub(crate) left_px: f64,
    /// Pixels of the picture for each pixel that was drawn, along and up.
    pub(crate) scale: (f64, f64),
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StripSearch {
    /// A copy.
    Found(FoundStrip),
    /// A strip of a newer version.
    Newer(u8),
    /// None.
    None,
}

/// Samples row by row, 0 to 255.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gray<'a> {
    pub(crate) width: usize,
    pub(crate) samples: &'a [u8],
}

impl Gray<'_> {
    fn height(&self) -> usize {
        self.samples.len() / self.width.max(1)
    }

    /// The value at a place, linearly between the centres of pixels.
    fn at(&self, x: f64, y: f64) -> f64 {
        let clamped = |place: f64, count: usize| (place - 0.5).clamp(0.0, count as f64 - 1.0);
        let (x, y) = (clamped(x, self.width), clamped(y, self.height()));
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height() - 1));
        let (u, v) = (x - left as f64, y - top as f64);
        let pixel = |x: usize, y: usize| f64::from(self.samples[y * self.width + x]);
        let along = |y: usize| pixel(left, y) * (1.0 - u) + pixel(right, y) * u;
        along(top) * (1.0 - v) + along(bottom) * v
    }
}

/// Looks for a strip at the bottom of a picture. Cost: some ten million operations, four times as many when thorough.
pub(crate) fn find(gray: Gray<'_>, search: Search) -> StripSearch {
    if gray.width == 0 || gray.height() == 0 {
        return StripSearch::None;
    }
    let patterns = sync();
    let mut newer = None;
    for candidate in candidates(gray, &patterns, search) {
        // Twice, as the first time the middle of what fits may lie at the edge of what is tried.
        let fitted = candidate.fitted(gray, &patterns).fitted(gray, &patterns);
        let placed = fitted.placed(gray, &patterns);
        match placed.record(gray, &patterns) {
            Ok(record) => {
                let scale = (placed.cell.0 / CELL_PX as f64, placed.cell.1 / CELL_PX as f64);
                return StripSearch::Found(FoundStrip { record, left_px: placed.left, scale });
            }
            Err(NoRecord::Newer(version)) => newer = Some(version),
            Err(NoRecord::Other) => {}
        }
    }
    newer.map_or(StripSearch::None, StripSearch::Newer)
}

/// Where a copy may lie.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Its left end, in pixels.
    left: f64,
    /// A cell's width and height, in pixels.
    cell: (f64, f64),
    score: f64,
}

/// Places where the lowest pixels are like the pattern at the left end, the best first.
fn candidates(gray: Gray<'_>, patterns: &[[u32; ROWS]; 2], search: Search) -> Vec<Place> {
    let pattern = patterns[0][ROWS - 1];
    let lowest = &gray.samples[(gray.height() - 1) * gray.width..];
    let copies = match search {
        Search::First => 1.0,
        Search::Thorough => 4.0,
    };
    let mut found: Vec<Place> = Vec::new();
    for scale in scales(SCALES) {
        let cell = scale * CELL_PX as f64;
        let copy = cell * COLUMNS as f64;
        // Half a cell of the copy may be cut off by rounding.
        let last = (gray.width as f64 - copy + cell).min(copies * copy);
        let step = 0.25 * cell;
        let mut best: Option<Place> = None;
        for left in (0..).map(|i| f64::from(i) * step).take_while(|&left| left <= last) {
            let value = |column: usize| {
                let x = (left + (column as f64 + 0.5) * cell) as usize;
                f64::from(lowest[x.min(gray.width - 1)])
            };
            let score = correlation((0..SYNC).map(|column| (is_light(pattern, column), value(column))));
            if score > CANDIDATE && best.is_none_or(|best| score > best.score) {
                best = Some(Place { left, cell: (cell, cell), score });
            }
        }
        found.extend(best);
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found.truncate(MOST_CANDIDATES);
    found
}

/// Scales in equal ratios.
fn scales((least, most): (f64, f64)) -> impl Iterator<Item = f64> {
    let count = ((most / least).ln() / SCALE_STEP.ln()).ceil() as i32;
    (0..=count).map(move |i| least * SCALE_STEP.powi(i))
}

/// How well values go with what is light: their correlation coefficient, 0 where they are all alike.
fn correlation(cells: impl Iterator<Item = (bool, f64)>) -> f64 {
    let (mut count, mut light, mut sum, mut squares, mut product) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (is_light, value) in cells {
        count += 1.0;
        sum += value;
        squares += value * value;
        if is_light {
            light += 1.0;
            product += value;
        }
    }
    let spread = (squares - sum * sum / count) * (light - light * light / count);
    if spread > 0.0 { (product - sum * light / count) / spread.sqrt() } else { 0.0 }
}

impl Place {
    /// The best place near by for the lowest row of both patterns.
    fn fitted(self, gray: Gray<'_>, patterns: &[[u32; ROWS]; 2]) -> Self {
        let y = gray.height() as f64 - 0.5 * self.cell.1.min(1.0);
        let score = |left: f64, cell: f64| {
            correlation(
                sync_cells(patterns)
                    .filter(|(row, ..)| *row == ROWS - 1)
                    .map(|(_, column, is_light)| (is_light, gray.at(left + (column as f64 + 0.5) * cell, y))),
            )
        };
        // The pattern at the left alone fits a scale that is off by a cell in its 32; 1 / 1024 is a quarter of a cell over a copy.
        let cells = (-40..=40).map(|i| self.cell.0 * (1.0 + f64::from(i) / 1024.0));
        let places: Vec<(f64, f64, f64)> = cells
            .flat_map(|cell| (-8..=8).map(move |j| (self.left + f64::from(j) * 0.125 * cell, cell)))
            .map(|(left, cell)| (left, cell, score(left, cell)))
            .collect();
        let best = places.iter().map(|(.., score)| *score).fold(f64::MIN, f64::max);
        // Cells are flat inside, so that many places fit alike: the right one is in their middle.
        let alike: Vec<_> = places.iter().filter(|(.., score)| *score >= best - ALIKE).collect();
        let count = alike.len().max(1) as f64;
        let left = alike.iter().map(|(left, ..)| left).sum::<f64>() / count;
        let cell = alike.iter().map(|(_, cell, _)| cell).sum::<f64>() / count;
        Self { left, cell: (cell, cell), score: best }
    }

    /// The same with the height of cells that all four rows of the patterns fit best.
    fn placed(self, gray: Gray<'_>, patterns: &[[u32; ROWS]; 2]) -> Self {
        let score = |place: Self| {
            correlation(sync_cells(patterns).map(|(row, column, is_light)| (is_light, place.value(gray, row, column))))
        };
        let places: Vec<Self> = scales(SCALES)
            .map(|scale| Self { cell: (self.cell.0, scale * CELL_PX as f64), ..self })
            .map(|place| Self { score: score(place), ..place })
            .collect();
        let best = places.iter().map(|place| place.score).fold(f64::MIN, f64::max);
        let same = score(self);
        // One scale both ways is what programs resize by.
        if same >= best - 2.0 * ALIKE {
            return Self { score: same, ..self };
        }
        let alike: Vec<f64> =
            places.iter().filter(|place| place.score >= best - ALIKE).map(|place| place.cell.1).collect();
        let height = alike.iter().sum::<f64>() / alike.len().max(1) as f64;
        Self { cell: (self.cell.0, height), score: best, ..self }
    }

    /// The mean of five places around a cell's centre.
    fn value(self, gray: Gray<'_>, row: usize, column: usize) -> f64 {
        let (width, height) = self.cell;
        let x = self.left + (column as f64 + 0.5) * width;
        let y = gray.height() as f64 - (ROWS as f64 - row as f64 - 0.5) * height;
        let around = [(0.0, 0.0), (-0.2, 0.0), (0.2, 0.0), (0.0, -0.2), (0.0, 0.2)];
        around.iter().map(|(u, v)| gray.at(x + u * width, y + v * height)).sum::<f64>() / around.len() as f64
    }

    /// What the copy says, cells being light that are nearer to the patterns' light ones than to their dark ones.
    fn record(self, gray: Gray<'_>, patterns: &[[u32; ROWS]; 2]) -> Result<StripRecord, NoRecord> {
        let mean = |light: bool| {
            let values: Vec<f64> = sync_cells(patterns)
                .filter(|(.., is_light)| *is_light == light)
                .map(|(row, column, _)| self.value(gray, row, column))
                .collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        let threshold = 0.5 * (mean(true) + mean(false));
        record_of(|row, column| self.value(gray, row, column) > threshold)
    }
}

/// The cells of both patterns: row, column of the copy, and whether it is light.
fn sync_cells(patterns: &[[u32; ROWS]; 2]) -> impl Iterator<Item = (usize, usize, bool)> {
    let ends = [0, COLUMNS - SYNC];
    ends.into_iter().zip(patterns).flat_map(|(first, pattern)| {
        (0..ROWS)
            .flat_map(move |row| (0..SYNC).map(move |column| (row, first + column, is_light(pattern[row], column))))
    })
}
