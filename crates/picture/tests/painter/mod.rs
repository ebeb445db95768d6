//! A painter that shares no code with the crate: draws a matrix the way a mesh renderer does.
//!
//! Cells lie in a real-valued axes box; their edges snap to floor in x and to ceil from the top in y; the box is
//! clipped to rounded edges and to the picture. Palettes are formulas (or matplotlib's published values) of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use photophone_picture::Raster;

/// A small deterministic random source (Knuth's MMIX generator).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.next() * (high - low)
    }
}

/// What is around the data box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Margin {
    Transparent,
    White,
}

/// The geometry of one picture.
#[derive(Clone, Debug)]
pub(crate) struct Geometry {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) cell_width: f64,
    pub(crate) cell_height: f64,
    pub(crate) margin: Margin,
}

/// Entries by row (0 = lowest frequency) and column.
pub(crate) type Matrix = Vec<Vec<u8>>;

/// Data like a spectrogram's: tones over a slope, a silent stretch in time and silent rows at the top.
pub(crate) fn spectrogram(random: &mut Random, rows: usize, columns: usize, quiet_share: f64) -> Matrix {
    let mut matrix = vec![vec![0u8; columns]; rows];
    let loud_rows = ((rows as f64) * (1.0 - quiet_share * 0.5)).ceil() as usize;
    let length = (columns as f64 * quiet_share * 0.3) as usize;
    let silence = (3 + random.below(columns - length - 6), length);
    for (r, row) in matrix.iter_mut().enumerate().take(loud_rows) {
        for (c, entry) in row.iter_mut().enumerate() {
            if c >= silence.0 && c < silence.0 + silence.1 {
                continue;
            }
            let tone = if r % 5 == 1 { 120.0 } else { 0.0 };
            let slope = 60.0 * (1.0 - r as f64 / rows as f64);
            *entry = (tone + slope + random.next() * 60.0) as u8;
        }
    }
    let (r, c) = (random.below(loud_rows), (silence.0 + silence.1 + 1) % columns);
    matrix[r][c] = 255;
    matrix[rows - 1][silence.0] = 0;
    matrix
}

/// The first and last column that shows at least one pixel, as the renderer leaves it.
pub(crate) fn visible_columns(geometry: &Geometry, columns: usize) -> (usize, usize) {
    let shown: Vec<usize> = (0..columns)
        .filter(|&c| {
            let (begin, end) = column_pixels(geometry, columns, c);
            begin < end
        })
        .collect();
    (shown[0], shown[shown.len() - 1])
}

fn column_pixels(g: &Geometry, columns: usize, c: usize) -> (i64, i64) {
    let right = g.left + columns as f64 * g.cell_width;
    let clip = ((g.left + 0.5).floor().max(0.0) as i64, ((right + 0.5).floor() as i64).min(g.width as i64));
    let edge = |j: usize| (g.left + j as f64 * g.cell_width).floor() as i64;
    let begin = edge(c).max(clip.0);
    let end = if c + 1 == columns { clip.1 } else { edge(c + 1).min(clip.1) };
    (begin, end)
}

fn row_pixels(g: &Geometry, rows: usize, from_top: usize) -> (i64, i64) {
    let bottom = g.top + rows as f64 * g.cell_height;
    let clip = ((g.top + 0.5).floor().max(0.0) as i64, ((bottom + 0.5).floor() as i64).min(g.height as i64));
    let edge = |j: usize| (g.top + j as f64 * g.cell_height).ceil() as i64;
    let begin = if from_top == 0 { clip.0 } else { edge(from_top).max(clip.0) };
    let end = if from_top + 1 == rows { clip.1 } else { edge(from_top + 1).min(clip.1) };
    (begin, end)
}

/// Draws the matrix in a palette.
pub(crate) fn draw(matrix: &Matrix, geometry: &Geometry, palette: impl Fn(u8) -> [u8; 3]) -> Raster {
    let (rows, columns) = (matrix.len(), matrix[0].len());
    let blank = match geometry.margin {
        Margin::Transparent => [255, 255, 255, 0],
        Margin::White => [255, 255, 255, 255],
    };
    let mut pixels = vec![blank; geometry.width * geometry.height];
    for from_top in 0..rows {
        let (y0, y1) = row_pixels(geometry, rows, from_top);
        for (c, &entry) in matrix[rows - 1 - from_top].iter().enumerate() {
            let (x0, x1) = column_pixels(geometry, columns, c);
            let [r, g, b] = palette(entry);
            for y in y0.max(0)..y1 {
                for x in x0.max(0)..x1 {
                    pixels[y as usize * geometry.width + x as usize] = [r, g, b, 255];
                }
            }
        }
    }
    Raster::from_pixels(geometry.width, geometry.height, pixels).expect("a size")
}

/// A frame line `line` px wide over the edges of the axes box, antialiased by area, and a tick as long as its label outside it.
///
/// `snapped` moves the line as a renderer does that wants it sharp: its middle to the rounded edge, and half a pixel
/// on when it is an odd number of pixels wide.
pub(crate) fn frame(
    raster: &Raster,
    g: &Geometry,
    (rows, columns): (usize, usize),
    line: f64,
    snapped: bool,
) -> Raster {
    let middle = |edge: f64| {
        let odd = (line + 0.5).floor() as i64 % 2 == 1;
        if snapped { (edge + 0.5).floor() + if odd { 0.5 } else { 0.0 } } else { edge }
    };
    let xs = [g.left, g.left + columns as f64 * g.cell_width].map(middle);
    let ys = [g.top, g.top + rows as f64 * g.cell_height].map(middle);
    let half = line / 2.0;
    let over = |px: usize, from: f64, to: f64| ((px as f64 + 1.0).min(to) - (px as f64).max(from)).clamp(0.0, 1.0);
    let cover = |x: usize, y: usize| {
        let across = over(x, xs[0] - half, xs[1] + half);
        let down = over(y, ys[0] - half, ys[1] + half);
        let inside = over(x, xs[0] + half, xs[1] - half) * over(y, ys[0] + half, ys[1] - half);
        let tick = |low: f64| (low - 14.0..low - 1.0).contains(&(x as f64));
        let ticks = tick(xs[0] - half) && [20, 21].contains(&(y - ys[0].min(y as f64) as usize));
        if ticks { 1.0 } else { across * down - inside }
    };
    Raster::from_fn(g.width, g.height, |x, y| {
        let covered = cover(x, y);
        let [r, g, b, a] = raster.pixel(x, y);
        let below = f64::from(a) * (1.0 - covered);
        let alpha = 255.0 * covered + below;
        let mixed = |v: u8| if covered > 0.0 { (f64::from(v) * below / alpha).round() as u8 } else { v };
        [mixed(r), mixed(g), mixed(b), alpha.round() as u8]
    })
    .expect("a size")
}

/// matplotlib's `hot`, from its published breakpoints.
pub(crate) fn hot(entry: u8) -> [u8; 3] {
    let x = f64::from(entry) / 255.0;
    let ramp = |low: f64, high: f64, from: f64| from + (1.0 - from) * ((x - low) / (high - low)).clamp(0.0, 1.0);
    [ramp(0.0, 0.365079, 0.0416), ramp(0.365079, 0.746032, 0.0), ramp(0.746032, 1.0, 0.0)]
        .map(|c| (255.0 * c + 0.5) as u8)
}

/// matplotlib's `bone`, from its published breakpoints.
pub(crate) fn bone(entry: u8) -> [u8; 3] {
    let x = f64::from(entry) / 255.0;
    let line = |points: &[(f64, f64)]| {
        let i = points.windows(2).position(|p| x <= p[1].0).unwrap_or(points.len() - 2);
        let ((x0, y0), (x1, y1)) = (points[i], points[i + 1]);
        y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    };
    let red = line(&[(0.0, 0.0), (0.746032, 0.652778), (1.0, 1.0)]);
    let green = line(&[(0.0, 0.0), (0.365079, 0.319444), (0.746032, 0.777778), (1.0, 1.0)]);
    let blue = line(&[(0.0, 0.0), (0.365079, 0.444444), (1.0, 1.0)]);
    [red, green, blue].map(|c| (255.0 * c + 0.5) as u8)
}

/// `gray`: level = byte.
pub(crate) fn gray(entry: u8) -> [u8; 3] {
    [entry; 3]
}

/// `winter`: green up, blue down.
pub(crate) fn winter(entry: u8) -> [u8; 3] {
    let x = f64::from(entry) / 255.0;
    [0.0, x, 1.0 - 0.5 * x].map(|c| (255.0 * c + 0.5) as u8)
}
