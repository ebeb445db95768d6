//! Integration over cells: from those with a phase to their neighbours, always on from the loudest reached.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Which cells lie beside each other, and how the phase changes between them.
pub(crate) trait Grid {
    /// The neighbours of a cell, at most four, and by how many radians their phase is ahead of its own.
    fn neighbours(&self, cell: usize) -> [Option<(usize, f64)>; 4];
}

/// The cells and the phases found so far.
pub(crate) struct Spread<'a> {
    /// How loud each cell is: any measure that grows with it.
    levels: &'a [f64],
    /// Level below which nothing is integrated.
    least: f64,
    pub(crate) phases: Vec<Option<f64>>,
    /// What each phase comes from, where that was told.
    pub(crate) origins: Vec<Option<usize>>,
}

impl<'a> Spread<'a> {
    pub(crate) fn new(levels: &'a [f64], least: f64) -> Self {
        let cells = levels.len();
        Self { levels, least, phases: vec![None; cells], origins: vec![None; cells] }
    }

    /// Gives every cell that is loud enough a phase: from those that have one, and where none reaches from 0 at the loudest.
    /// Cost: a heap's push and pop a cell.
    pub(crate) fn integrate(&mut self, grid: &impl Grid) {
        let borders_open =
            |&index: &usize| grid.neighbours(index).into_iter().flatten().any(|(neighbour, _)| self.is_open(neighbour));
        let mut heap: BinaryHeap<Cell> = (0..self.phases.len())
            .filter(|&index| self.phases[index].is_some())
            .filter(borders_open)
            .map(|index| self.cell(index))
            .collect();
        let mut starts: Vec<usize> = (0..self.phases.len()).filter(|&index| self.is_open(index)).collect();
        starts.sort_by_key(|start| Reverse(self.cell(*start)));
        let mut starts = starts.into_iter();
        loop {
            while let Some(cell) = heap.pop() {
                self.spread(cell.index, grid, &mut heap);
            }
            let Some(start) = starts.find(|&start| self.is_open(start)) else { return };
            self.phases[start] = Some(0.0);
            heap.push(self.cell(start));
        }
    }

    /// Gives a cell's neighbours their phase.
    fn spread(&mut self, from: usize, grid: &impl Grid, heap: &mut BinaryHeap<Cell>) {
        let Some(phase) = self.phases[from] else { return };
        for (to, step) in grid.neighbours(from).into_iter().flatten() {
            if self.is_open(to) {
                self.phases[to] = Some(phase + step);
                self.origins[to] = self.origins[from];
                heap.push(self.cell(to));
            }
        }
    }

    fn cell(&self, index: usize) -> Cell {
        Cell { level: self.levels[index], index }
    }

    /// Whether a cell still waits for a phase.
    pub(crate) fn is_open(&self, index: usize) -> bool {
        self.phases[index].is_none() && self.levels[index] >= self.least
    }
}

/// A cell in the heap: the loudest first, of equals the one that comes first.
#[derive(PartialEq)]
struct Cell {
    level: f64,
    index: usize,
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.level.total_cmp(&other.level).then(other.index.cmp(&self.index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    /// Seven rows of nine cells; the phase rises by a random step to the right, and downwards.
    struct Rectangle(Vec<f64>, Vec<f64>);

    impl Grid for Rectangle {
        fn neighbours(&self, cell: usize) -> [Option<(usize, f64)>; 4] {
            let (row, column) = (cell / 9, cell % 9);
            [
                (column < 8).then(|| (cell + 1, self.0[cell])),
                (column > 0).then(|| (cell - 1, -self.0[cell - 1])),
                (row < 6).then(|| (cell + 9, self.1[cell])),
                (row > 0).then(|| (cell - 9, -self.1[cell - 9])),
            ]
        }
    }

    /// Integration that looks at every pair of cells to find the next one.
    fn integrated_slowly(field: &mut Spread<'_>, grid: &Rectangle) {
        let mut reached: Vec<usize> = (0..63).filter(|&cell| field.phases[cell].is_some()).collect();
        loop {
            while let Some(best) =
                (0..reached.len()).max_by(|a, b| field.cell(reached[*a]).cmp(&field.cell(reached[*b])))
            {
                let from = reached.swap_remove(best);
                let mut to = BinaryHeap::new();
                field.spread(from, grid, &mut to);
                reached.extend(to.into_iter().map(|cell| cell.index));
            }
            let open = (0..63).filter(|&cell| field.is_open(cell));
            let Some(start) = open.max_by(|a, b| field.cell(*a).cmp(&field.cell(*b))) else { return };
            field.phases[start] = Some(0.0);
            reached.push(start);
        }
    }

    #[test]
    fn goes_in_the_order_of_a_search_by_brute_force() {
        for seed in 0..5u64 {
            let random = |salt: u64| noise(63, 10 * seed + salt);
            let (levels, grid) = (random(1), Rectangle(random(2), random(3)));
            let (mut fast, mut slow) = (Spread::new(&levels, -0.7), Spread::new(&levels, -0.7));
            for field in [&mut fast, &mut slow] {
                (field.phases[11], field.phases[40]) = (Some(0.3), Some(-2.0));
                (field.origins[11], field.origins[40]) = (Some(0), Some(1));
            }
            fast.integrate(&grid);
            integrated_slowly(&mut slow, &grid);
            assert_eq!((fast.phases, fast.origins), (slow.phases, slow.origins));
        }
    }
}
