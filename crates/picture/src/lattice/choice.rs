//! One lattice out of those that agree with every change.

use super::axis_fit::{AxisFit, Seen};
use super::region::{Point, Region};

/// Picks one lattice out of those that agree with all changes.
///
/// Silence at an edge leaves the outer boundaries unseen. There the edges of the data box speak, since an axes box
/// ends on boundaries within the rounding of the renderer, and so does the number of cells expected.
pub(super) fn fit_from_region(region: &Region, places: &[f64], length: usize, expected: Option<usize>) -> AxisFit {
    let plain = numbered(region.centre(), length);
    let by_size = ((length as f64 - plain.origin) / plain.cell).round().max(1.0) as usize;
    let near = [0, -1, 1].map(|step| by_size.saturating_add_signed(step));
    let fits = |n: usize| between_edges(region, n, places, length);
    // Next to a boundary that was seen, an outermost one that was not is none.
    let doubts = |fit: &AxisFit| {
        let pair = |outer, inner| f64::from(u8::from(!seen(fit, places, outer) && seen(fit, places, inner)));
        pair(1, 2) + pair(fit.cells.saturating_sub(1), fit.cells.saturating_sub(2))
    };
    // Half a pixel after an edge is the middle between floor's boundaries and ceil's.
    let strain = |fit: &AxisFit| {
        let end = fit.origin + fit.cells as f64 * fit.cell - length as f64;
        (fit.origin - 0.5).abs() + (end - 0.5).abs() + doubts(fit)
    };
    let told = expected.into_iter().flat_map(|n| [n, n.saturating_sub(1)]).filter_map(fits);
    let told = told.min_by(|a, b| doubts(a).total_cmp(&doubts(b)));
    let chosen = told.or_else(|| near.into_iter().filter_map(fits).min_by(|a, b| strain(a).total_cmp(&strain(b))));
    let chosen = chosen.unwrap_or(plain);
    let holes = holes(&chosen, places);
    let confidence = confidence(region, places, length) * (1.0 - holes);
    AxisFit { seen: Seen { on: places.len(), off: 0 }, confidence, holes, ..chosen }
}

/// Whether a change was seen on a boundary.
fn seen(fit: &AxisFit, places: &[f64], boundary: usize) -> bool {
    let place = (fit.origin + boundary as f64 * fit.cell).floor();
    places.binary_search_by(|other| other.total_cmp(&place)).is_ok()
}

/// A lattice of a region with so many cells that no change seen lies outside its outer boundaries and these lie
/// near the box's edges: Agg clips a box to rounded edges and snaps cells by floor or ceil, up to 1.5 px away, and
/// the picture's end may cut another half pixel off.
fn between_edges(region: &Region, cells: usize, places: &[f64], length: usize) -> Option<AxisFit> {
    const BEGIN: (f64, f64) = (-1.0, 1.5);
    const END: (f64, f64) = (-1.0, 2.0);
    let centre = region.centre();
    let end = length as f64;
    let nearest = (centre.origin / centre.cell).round();
    [nearest, nearest - 1.0, nearest + 1.0].into_iter().find_map(|before| {
        let first = region.with_boundary_between(-before, BEGIN.0, BEGIN.1)?;
        let both = first.with_boundary_between(cells as f64 - before, end + END.0, end + END.1)?;
        let Point { origin, cell } = both.centre();
        let origin = origin - before * cell;
        // Not by place: a boundary on a whole pixel may have been drawn before it.
        let outside = |&place: &f64| {
            let boundary = ((place + 0.5 - origin) / cell).round();
            boundary < 1.0 || boundary > cells as f64 - 1.0
        };
        let outer_cells_show = (origin + cell).floor() >= 1.0 && origin + (cells as f64 - 1.0) * cell < end;
        (cells > 0 && outer_cells_show && !places.iter().any(outside)).then_some(AxisFit {
            origin,
            cell,
            cells,
            ..AxisFit::default()
        })
    })
}

/// A lattice with its cells numbered from the one that holds pixel 0 to the one that holds the last.
fn numbered(lattice: Point, length: usize) -> AxisFit {
    let Point { origin, cell } = lattice;
    let before = ((origin - 1.0) / cell).floor().max(-1.0) + 1.0;
    let origin = origin - before * cell;
    let cells = ((length as f64 - origin) / cell).ceil().max(1.0);
    AxisFit { origin, cell, cells: cells as usize, ..AxisFit::default() }
}

/// How sure the lattice is: one minus the chance that changes at random places would fit so coarse a lattice,
/// and less when the cell size is not yet pinned down to a fraction of a cell over the whole length.
fn confidence(region: &Region, places: &[f64], length: usize) -> f64 {
    let cell = region.centre().cell;
    let (low, high) = region.cell_range();
    let lattices = length as f64 * length as f64;
    let by_chance = lattices * cell.recip().powf(places.len() as f64 - 2.0);
    // The lattice is centred, so half the range of sizes acts over half the length.
    let drift_cells = 0.5 * (high - low) * 0.5 * length as f64 / (cell * cell);
    (1.0 - by_chance).clamp(0.0, 1.0) * (1.0 - drift_cells).clamp(0.0, 1.0)
}

/// Stretches of boundaries that were not seen between ones that were, for each one seen.
fn holes(fit: &AxisFit, places: &[f64]) -> f64 {
    let number = |place: f64| ((place + 0.5 - fit.origin) / fit.cell).round();
    let stretches = places.windows(2).filter(|pair| number(pair[1]) - number(pair[0]) > 1.5).count();
    stretches as f64 / places.len() as f64
}
