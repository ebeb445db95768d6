//! A lattice that most changes agree on, for pictures that were painted on: the edges of a painted shape lie where
//! they like, but are few beside the boundaries of the cells.
//!
//! A vote over all lattices of a range gives a first guess, zooming in gives one with which as much change as can be
//! agrees, and from there on the lattices that agree are kept as the polygon that [`super::fit`] uses.

use super::axis_fit::{AxisFit, MIN_CELL_PX, Seen};
use super::choice::fit_from_region;
use super::energy::{Comb, Profile};
use super::region::Region;

/// Change off the lattice for each on it, from which it is no minority.
const MAX_OFF_SHARE: f64 = 0.25;
/// Change on a pixel edge off the lattice for that on a boundary, from which boundaries do not stand out: in blurred
/// and compressed pictures both are much the same.
const MAX_OFF_RATE: f64 = 0.25;
/// Half widths and steps, in pixels at either end, of the grids around the vote's winner, each about the one before.
const ZOOMS: [(f64, f64); 2] = [(0.5, 0.025), (0.05, 0.003)];
/// Most boundaries that a sum is over. Of more, every so many tell as well, and a wide picture of few bytes takes no seconds.
const MOST_BOUNDARIES: usize = 4096;
/// Places below which there is no majority to speak of.
const MIN_PLACES: usize = 8;

/// The lattice that outvotes the changes that are not on it; `expected` cells are tried first.
///
/// `None` when more than a small part of the change lies elsewhere. Cost: some thousand sums over the boundaries, and
/// a spectrum of the changes (quadratic in the length) when the number expected explains too little.
pub(super) fn robust_fit(counts: &[usize], expected: Option<usize>) -> Option<AxisFit> {
    let votes = Votes::new(counts)?;
    let profile = Profile::new(&votes.weights);
    let told = expected.filter(|&n| n > 1).and_then(|n| votes.fit(profile.best_of_told(n), expected));
    if told.is_some_and(|fit| 2 * fit.stretches() <= fit.seen.on / 2) {
        return told;
    }
    let free = profile.best_of_all(MIN_CELL_PX).and_then(|comb| votes.fit(comb, expected));
    [told, free].into_iter().flatten().min_by_key(AxisFit::oddities)
}

/// Change at each pixel edge, none counting more than the usual boundary: a line drawn from top to bottom has two
/// edges, however long.
struct Votes {
    weights: Vec<f64>,
    places: Vec<f64>,
}

impl Votes {
    fn new(counts: &[usize]) -> Option<Self> {
        let mut seen: Vec<usize> = counts.iter().copied().filter(|&n| n > 0).collect();
        if seen.len() < MIN_PLACES {
            return None;
        }
        seen.sort_unstable();
        let usual = seen[seen.len() / 2];
        let weights = counts.iter().map(|&n| n.min(usual) as f64).collect();
        let places = counts.iter().enumerate().filter(|&(_, &n)| n > 0).map(|(x, _)| x as f64).collect();
        Some(Self { weights, places })
    }

    fn fit(&self, guess: Comb, expected: Option<usize>) -> Option<AxisFit> {
        if guess.cell < MIN_CELL_PX {
            return None;
        }
        let (region, on) = self.agreeing(&self.zoomed(guess))?;
        let off = self.places.len() - on.len();
        if !self.is_minority(&on, region.centre().cell) {
            return None;
        }
        let fit = fit_from_region(&region, &on, self.weights.len(), expected);
        let share = on.len() as f64 / self.places.len() as f64;
        Some(AxisFit { seen: Seen { on: on.len(), off }, confidence: fit.confidence * share, ..fit })
    }

    /// Weight on the boundaries of a lattice, on every so many where there are more than [`MOST_BOUNDARIES`].
    fn on(&self, origin: f64, cell: f64) -> f64 {
        let boundaries = (self.weights.len() as f64 / cell) as usize + 2;
        let at = |j: usize| self.weights.get((origin + j as f64 * cell).floor().max(0.0) as usize);
        (0..boundaries).step_by(boundaries.div_ceil(MOST_BOUNDARIES)).filter_map(at).sum()
    }

    fn zoomed(&self, guess: Comb) -> Comb {
        let cells = (self.weights.len() as f64 / guess.cell).max(1.0);
        ZOOMS.into_iter().fold(guess, |about, (reach, step)| {
            let steps = (reach / step) as i32;
            let shifts = || (-steps..=steps).map(|i| f64::from(i) * step);
            let near = shifts().flat_map(|begin| shifts().map(move |end| (begin, end)));
            let combs = near.map(|(begin, end)| {
                let (origin, cell) = (about.origin + begin, about.cell + (end - begin) / cells);
                Comb { origin, cell, score: self.on(origin, cell) }
            });
            let best = combs.max_by(|a, b| a.score.total_cmp(&b.score));
            best.unwrap_or(about)
        })
    }

    /// The lattices near one with which most places agree, and those places: all that agree with the one, and of the
    /// others each that leaves any lattice, the strongest first.
    fn agreeing(&self, near: &Comb) -> Option<(Region, Vec<f64>)> {
        let Comb { origin, cell, .. } = *near;
        let boundary = |place: f64| ((place + 0.5 - origin) / cell).round();
        let misses = |place: f64| (origin + boundary(place) * cell).floor() != place;
        let mut places = self.places.clone();
        let weight = |place: f64| self.weights[place as usize];
        places.sort_by(|&a, &b| misses(a).cmp(&misses(b)).then(weight(b).total_cmp(&weight(a))));
        let reach = cell / self.weights.len() as f64 * 2.0;
        let mut region = Region::from_ranges((origin - 1.0, origin + 1.0), (cell - reach, cell + reach));
        let mut on = Vec::with_capacity(places.len());
        for place in places {
            if let Some(smaller) = region.with_boundary_at(boundary(place), place, 0.0) {
                region = smaller;
                on.push(place);
            }
        }
        on.sort_by(f64::total_cmp);
        (on.len() >= MIN_PLACES).then_some((region, on))
    }

    fn is_minority(&self, on: &[f64], cell: f64) -> bool {
        let length = self.weights.len() as f64;
        let total: f64 = self.weights.iter().sum();
        let on: f64 = on.iter().map(|&place| self.weights[place as usize]).sum();
        let off = total - on;
        let boundaries = length / cell;
        let (on_rate, off_rate) = (on / boundaries, off / (length - boundaries).max(1.0));
        off <= MAX_OFF_SHARE * on && off_rate <= MAX_OFF_RATE * on_rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full set of boundaries that change in about 200 rows, and edges of painted shapes.
    fn edited(length: usize, origin: f64, cell: f64, edges: &[(usize, usize)]) -> Vec<usize> {
        let mut counts = vec![0; length];
        for j in 1.. {
            let place = (origin + f64::from(j) * cell).floor() as usize;
            if place >= length {
                break;
            }
            counts[place] = 180 + 7 * (place % 5);
        }
        for &(place, rows) in edges {
            counts[place] += rows;
        }
        counts
    }

    #[test]
    fn painted_edges_are_outvoted() {
        let edges = [(50, 20), (51, 3), (53, 3), (70, 20), (101, 400), (102, 400), (150, 9), (151, 9), (152, 9)];
        for (length, origin, cell, cells) in
            [(334, 0.7877, 1.287_692, 259), (496, 0.3, 496.0 / 345.0, 345), (369, 0.3, 4.4, 84), (500, 0.5, 5.0, 100)]
        {
            let counts = edited(length, origin, cell, &edges);
            for expected in [None, Some(cells)] {
                let fit = robust_fit(&counts, expected).unwrap();
                assert_eq!(fit.cells, cells, "{cell} {expected:?} {fit:?}");
                assert!((fit.cell - cell).abs() * (length as f64) < 0.5, "{cell} {expected:?} {fit:?}");
                assert!(fit.seen.off <= edges.len());
            }
        }
    }

    /// 61 423 columns of 363 bytes took the seconds of 2800 sums over 53 746 boundaries.
    #[test]
    fn of_many_boundaries_some_tell() {
        let fit = robust_fit(&edited(60_000, 0.3, 1.2, &[(50, 20), (51, 3)]), Some(50_000)).unwrap();
        assert_eq!(fit.cells, 50_000);
    }

    #[test]
    fn change_everywhere_is_no_majority() {
        assert_eq!(robust_fit(&[100; 300], Some(100)), None);
        assert_eq!(robust_fit(&[100; 300], None), None);
    }
}
