//! Cell colours of a blurred, resized or compressed picture, by least squares.
//!
//! Such a picture is `P = V X H'`: the cell colours X spread over rows by V and over columns by H. Both are banded,
//! so X follows from two banded least-squares solves: averaging where cells were only compressed, deblurring where
//! they were blurred, and the smoothest answer where there are fewer pixels than cells.

use photophone_spectrum::{Plane, StopFlag, Stopped};

use crate::lattice::CellAxis;
use crate::raster::Field;

/// How cells were spread over pixels along one direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Spread {
    /// Every pixel belongs to one cell.
    Whole,
    /// As `Whole`, then a 1-2-1 blur, as `cv2.GaussianBlur(.., (3, 3), 0)` along one direction.
    Blurred,
    /// A pixel is the mean over the cells it covers, as after shrinking by area.
    Area,
}

/// Weight of the squared difference of neighbouring cells: far below that of a pixel, so that it only decides where
/// pixels do not.
const SMOOTHNESS: f64 = 1e-3;

/// Cells this wide are seen by enough pixels for the misfit to tell one way of spreading from another.
const SOLVABLE_CELL_PX: f64 = 1.2;

/// Solved colours and how well they give the picture back.
pub(crate) struct Solved {
    pub(crate) colours: Plane<[f32; 3]>,
    /// Root mean square of what the cells do not explain, in steps of an 8-bit channel.
    pub(crate) misfit: f64,
}

/// Lines that are solved to judge a lattice.
const JUDGING_LINES: usize = 12;
/// Steps, in pixels, by which the lattice's ends are moved in search of the least misfit.
const REFINING_STEPS_PX: [f64; 3] = [0.4, 0.2, 0.1];

/// Moves a rough lattice's ends, within a pixel, to where its cells explain the columns best. Cells narrower than
/// 1.2 px are left alone, because they explain anything.
pub(crate) fn refined(field: &Field, rough: &CellAxis, stop: &StopFlag) -> Result<CellAxis, Stopped> {
    if rough.cell_px < SOLVABLE_CELL_PX {
        return Ok(*rough);
    }
    let step = field.height.div_ceil(JUDGING_LINES).max(1);
    let never = StopFlag::default();
    let lines: Vec<Line> = (0..field.height).step_by(step).map(|y| line(field, y)).collect();
    let misfit =
        |axis: &CellAxis, spread| solve_lines_as(&lines, axis, spread, &never).map_or(f64::INFINITY, |solved| solved.1);
    let by_misfit = |a: &Spread, b: &Spread| misfit(rough, *a).total_cmp(&misfit(rough, *b));
    let spread = spreads(rough).iter().copied().min_by(by_misfit).unwrap_or(Spread::Area);
    let mut best = (misfit(rough, spread), *rough);
    for step in REFINING_STEPS_PX {
        let (begin, end) = (best.1.origin_px, best.1.boundary_px(best.1.cells));
        for i in -2..=2 {
            for j in -2..=2 {
                stop.check()?;
                let (begin, end) = (begin + f64::from(i) * step, end + f64::from(j) * step);
                let axis = CellAxis { origin_px: begin, cell_px: (end - begin) / rough.cells as f64, ..*rough };
                let found = misfit(&axis, spread);
                if found < best.0 {
                    best = (found, axis);
                }
            }
        }
    }
    Ok(best.1)
}

/// Solves for the cells, trying for each direction the ways of spreading that it allows; the best explanation wins.
pub(crate) fn solve_cells(field: &Field, x: &CellAxis, y: &CellAxis, stop: &StopFlag) -> Result<Solved, Stopped> {
    let rows: Vec<Line> = (0..field.height).map(|y| line(field, y)).collect();
    let (across, misfit_x) = solve_lines(&rows, x, stop)?;
    let (down, misfit_y) = solve_lines(&exchanged(&across), y, stop)?;
    let colours = Plane::from_fn(y.cells, x.cells, |row, column| down[column][row].map(|v| v as f32));
    Ok(Solved { colours, misfit: misfit_x.max(misfit_y) })
}

/// Solves for cells of one channel, given line by line from the top; see [`solve_cells`].
pub(crate) fn solve_gray(
    lines: impl Iterator<Item = Vec<f64>>,
    x: &CellAxis,
    y: &CellAxis,
    stop: &StopFlag,
) -> Result<Plane<f64>, Stopped> {
    let lines: Vec<Line> = lines.map(|line| line.into_iter().map(|v| [v; 3]).collect()).collect();
    let (across, _) = solve_lines(&lines, x, stop)?;
    let (down, _) = solve_lines(&exchanged(&across), y, stop)?;
    Ok(Plane::from_fn(y.cells, x.cells, |row, column| down[column][row][0]))
}

type Line = Vec<[f64; 3]>;

fn line(field: &Field, y: usize) -> Line {
    field.row(y).iter().map(|c| c.map(f64::from)).collect()
}

/// The ways of spreading that the misfit can tell apart.
fn spreads(axis: &CellAxis) -> &'static [Spread] {
    if axis.cell_px >= SOLVABLE_CELL_PX { &[Spread::Whole, Spread::Blurred, Spread::Area] } else { &[Spread::Area] }
}

/// Each line's cells, with the spread that explains the lines best, and the misfit.
fn solve_lines(lines: &[Line], axis: &CellAxis, stop: &StopFlag) -> Result<(Vec<Line>, f64), Stopped> {
    let tried = spreads(axis).iter().map(|&spread| solve_lines_as(lines, axis, spread, stop));
    let tried = tried.collect::<Result<Vec<_>, _>>()?;
    Ok(tried.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default())
}

fn solve_lines_as(
    lines: &[Line],
    axis: &CellAxis,
    spread: Spread,
    stop: &StopFlag,
) -> Result<(Vec<Line>, f64), Stopped> {
    let system = System::new(axis, spread);
    let mut solved = Vec::with_capacity(lines.len());
    let mut squared = 0.0;
    for line in lines {
        stop.check()?;
        let cells = system.solve(line);
        squared += system.squared_misfit(line, &cells);
        solved.push(cells);
    }
    let count = (lines.len() * system.weights.len() * 3).max(1) as f64;
    Ok((solved, (squared / count).sqrt()))
}

fn exchanged(lines: &[Line]) -> Vec<Line> {
    let length = lines.first().map_or(0, Vec::len);
    (0..length).map(|i| lines.iter().map(|line| line[i]).collect()).collect()
}

/// The least-squares system along one direction, factored.
struct System {
    /// For each pixel the first cell it sees and the weights from there on.
    weights: Vec<(usize, Vec<f64>)>,
    factor: BandedCholesky,
}

impl System {
    fn new(axis: &CellAxis, spread: Spread) -> Self {
        let weights = weights(axis, spread);
        let band = weights.iter().map(|(_, w)| w.len()).max().unwrap_or(1).max(2);
        let mut normal = vec![vec![0.0; band]; axis.cells];
        for (first, w) in &weights {
            for i in 0..w.len() {
                for j in i..w.len() {
                    normal[first + i][j - i] += w[i] * w[j];
                }
            }
        }
        for cell in 0..axis.cells {
            normal[cell][0] += SMOOTHNESS * 1e-3;
            if cell + 1 < axis.cells {
                normal[cell][0] += SMOOTHNESS;
                normal[cell + 1][0] += SMOOTHNESS;
                normal[cell][1] -= SMOOTHNESS;
            }
        }
        Self { weights, factor: BandedCholesky::new(normal) }
    }

    fn solve(&self, line: &Line) -> Line {
        let mut sums = vec![[0.0; 3]; self.factor.rows.len()];
        for ((first, w), pixel) in self.weights.iter().zip(line) {
            for (i, &weight) in w.iter().enumerate() {
                for channel in 0..3 {
                    sums[first + i][channel] += weight * pixel[channel];
                }
            }
        }
        self.factor.solve(&mut sums);
        sums
    }

    fn squared_misfit(&self, line: &Line, cells: &Line) -> f64 {
        let misfit = |((first, w), pixel): (&(usize, Vec<f64>), &[f64; 3])| {
            (0..3)
                .map(|channel| {
                    let made: f64 = w.iter().enumerate().map(|(i, weight)| weight * cells[first + i][channel]).sum();
                    (pixel[channel] - made).powi(2)
                })
                .sum::<f64>()
        };
        self.weights.iter().zip(line).map(misfit).sum()
    }
}

fn weights(axis: &CellAxis, spread: Spread) -> Vec<(usize, Vec<f64>)> {
    let pixels = axis.end_px - axis.first_px;
    let owners: Vec<usize> = owners(axis, pixels);
    (0..pixels)
        .map(|x| match spread {
            Spread::Whole => (owners[x], vec![1.0]),
            Spread::Blurred => {
                // OpenCV mirrors the picture about its outermost pixel.
                let left = if x == 0 { 1.min(pixels - 1) } else { x - 1 };
                let right = if x + 1 == pixels { pixels.saturating_sub(2) } else { x + 1 };
                gathered(&[(owners[left], 0.25), (owners[x], 0.5), (owners[right], 0.25)])
            }
            Spread::Area => covered(axis, (x + axis.first_px) as f64),
        })
        .collect()
}

fn owners(axis: &CellAxis, pixels: usize) -> Vec<usize> {
    let mut owners = vec![0; pixels];
    for cell in 0..axis.cells {
        for pixel in axis.pixels_of_cell(cell) {
            owners[pixel - axis.first_px] = cell;
        }
    }
    owners
}

fn gathered(parts: &[(usize, f64)]) -> (usize, Vec<f64>) {
    let first = parts.iter().map(|p| p.0).min().unwrap_or(0);
    let last = parts.iter().map(|p| p.0).max().unwrap_or(0);
    let mut weights = vec![0.0; last - first + 1];
    for &(cell, weight) in parts {
        weights[cell - first] += weight;
    }
    (first, weights)
}

/// Cells under the pixel from `left` to `left + 1`, weighed by how much of it they cover.
fn covered(axis: &CellAxis, left: f64) -> (usize, Vec<f64>) {
    let last_cell = axis.cells as f64 - 1.0;
    let cell_at = |px: f64| ((px - axis.origin_px) / axis.cell_px).floor().clamp(0.0, last_cell) as usize;
    let (first, last) = (cell_at(left), cell_at(left + 1.0 - 1e-9));
    let overlap = |cell: usize| {
        let begin = if cell == 0 { left } else { axis.boundary_px(cell).max(left) };
        let end = if cell + 1 == axis.cells { left + 1.0 } else { axis.boundary_px(cell + 1).min(left + 1.0) };
        (end - begin).max(0.0)
    };
    (first, (first..=last).map(overlap).collect())
}

/// The Cholesky factor of a symmetric positive definite banded matrix, upper band by rows.
struct BandedCholesky {
    rows: Vec<Vec<f64>>,
}

impl BandedCholesky {
    fn new(mut rows: Vec<Vec<f64>>) -> Self {
        let size = rows.len();
        for i in 0..size {
            let pivot = rows[i][0].max(f64::MIN_POSITIVE).sqrt();
            rows[i].iter_mut().for_each(|v| *v /= pivot);
            let (done, rest) = rows.split_at_mut(i + 1);
            let row = &done[i];
            for (offset, below) in rest.iter_mut().take(row.len() - 1).enumerate() {
                let factor = row[offset + 1];
                for (value, &other) in below.iter_mut().zip(&row[offset + 1..]) {
                    *value -= factor * other;
                }
            }
        }
        Self { rows }
    }

    /// Solves in place: forwards with the factor's transpose, backwards with the factor.
    fn solve(&self, x: &mut [[f64; 3]]) {
        let size = self.rows.len();
        for i in 0..size {
            let row = &self.rows[i];
            let value = x[i].map(|v| v / row[0]);
            x[i] = value;
            for (offset, &weight) in row.iter().enumerate().skip(1).take_while(|(offset, _)| i + offset < size) {
                (0..3).for_each(|channel| x[i + offset][channel] -= weight * value[channel]);
            }
        }
        for i in (0..size).rev() {
            let row = &self.rows[i];
            let mut value = x[i];
            for (offset, &weight) in row.iter().enumerate().skip(1).take_while(|(offset, _)| i + offset < size) {
                (0..3).for_each(|channel| value[channel] -= weight * x[i + offset][channel]);
            }
            x[i] = value.map(|v| v / row[0]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(i: usize) -> [f64; 3] {
        [(i * 37 % 251) as f64, (i * 91 % 239) as f64, (i * 53 % 211) as f64]
    }

    #[test]
    fn blurred_cells_are_recovered() {
        let axis = CellAxis { origin_px: 0.3, cell_px: 1.9, cells: 60, first_px: 0, end_px: 114 };
        let truth: Line = (0..60).map(cell).collect();
        for spread in [Spread::Whole, Spread::Blurred, Spread::Area] {
            let line: Line = weights(&axis, spread)
                .iter()
                .map(|(first, w)| [0, 1, 2].map(|k| w.iter().enumerate().map(|(i, v)| v * truth[first + i][k]).sum()))
                .collect();
            let (solved, misfit) = solve_lines(&[line], &axis, &StopFlag::default()).unwrap();
            let worst = solved[0].iter().zip(&truth).flat_map(|(a, b)| (0..3).map(move |k| (a[k] - b[k]).abs()));
            assert!(worst.fold(0.0, f64::max) < 2.0 && misfit < 0.5, "{spread:?} {misfit}");
        }
    }

    #[test]
    fn with_fewer_pixels_than_cells_the_answer_stays_between_its_neighbours() {
        let axis = CellAxis { origin_px: 0.0, cell_px: 0.75, cells: 40, first_px: 0, end_px: 30 };
        let line: Line = (0..30).map(|x| [f64::from(x) * 5.0; 3]).collect();
        let (solved, _) = solve_lines(&[line], &axis, &StopFlag::default()).unwrap();
        assert!(solved[0].windows(2).all(|pair| pair[1][0] > pair[0][0] - 1.0));
        assert!((solved[0][20][0] - 72.5).abs() < 8.0, "{:?}", solved[0][20]);
    }
}
