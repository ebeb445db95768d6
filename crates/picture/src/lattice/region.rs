//! The set of lattices (origin, cell size) that agree with the boundaries seen: a convex polygon.

/// A lattice with boundaries at `floor(origin + j * cell)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) origin: f64,
    pub(crate) cell: f64,
}

/// A convex polygon of lattices.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    corners: Vec<Point>,
}

impl Region {
    pub(crate) fn from_ranges(origin: (f64, f64), cell: (f64, f64)) -> Self {
        let corner = |origin, cell| Point { origin, cell };
        let corners = vec![
            corner(origin.0, cell.0),
            corner(origin.1, cell.0),
            corner(origin.1, cell.1),
            corner(origin.0, cell.1),
        ];
        Self { corners }
    }

    /// Smallest and largest cell size.
    pub(crate) fn cell_range(&self) -> (f64, f64) {
        let cells = self.corners.iter().map(|p| p.cell);
        cells.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    }

    /// The lattices whose boundary `j` floors to `pixel`; `None` when there are none.
    pub(crate) fn with_boundary_at(&self, j: f64, pixel: f64, jitter: f64) -> Option<Self> {
        self.with_boundary_between(j, pixel - jitter, pixel + 1.0 + jitter)
    }

    /// The lattices whose boundary `j` lies between two places; `None` when there are none.
    pub(crate) fn with_boundary_between(&self, j: f64, low: f64, high: f64) -> Option<Self> {
        self.clipped(|p| p.origin + j * p.cell - low)?.clipped(|p| high - p.origin - j * p.cell)
    }

    /// The part where a linear function is positive (Sutherland and Hodgman's clipping).
    fn clipped(&self, side: impl Fn(&Point) -> f64) -> Option<Self> {
        let mut corners = Vec::with_capacity(self.corners.len() + 1);
        for (i, from) in self.corners.iter().enumerate() {
            let to = &self.corners[(i + 1) % self.corners.len()];
            let (a, b) = (side(from), side(to));
            if a >= 0.0 {
                corners.push(*from);
            }
            if (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0) {
                let t = a / (a - b);
                let between = |x: f64, y: f64| x + t * (y - x);
                corners.push(Point { origin: between(from.origin, to.origin), cell: between(from.cell, to.cell) });
            }
        }
        (corners.len() >= 3).then_some(Self { corners })
    }

    /// Mean of the corners: inside, away from every bound.
    pub(crate) fn centre(&self) -> Point {
        let count = self.corners.len() as f64;
        let origin = self.corners.iter().map(|p| p.origin).sum::<f64>() / count;
        let cell = self.corners.iter().map(|p| p.cell).sum::<f64>() / count;
        Point { origin, cell }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_keeps_the_lattices_that_agree() {
        let region = Region::from_ranges((0.0, 1.0), (1.0, 3.0));
        let region = region.with_boundary_at(10.0, 13.0, 0.0).unwrap().with_boundary_at(100.0, 129.0, 0.0).unwrap();
        let Point { origin, cell } = region.centre();
        assert_eq!((origin + 10.0 * cell).floor(), 13.0);
        assert_eq!((origin + 100.0 * cell).floor(), 129.0);
        assert!(region.with_boundary_at(50.0, 80.0, 0.0).is_none());
    }
}
