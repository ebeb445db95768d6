//! The pieces that changed pixels hang together in.

use std::ops::Range;

use photophone_spectrum::Plane;

/// The pieces that a plane's changed pixels hang together in.
pub(super) fn pieces(gains: &Plane<f32>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut below: Vec<(Range<usize>, usize)> = Vec::new();
    for row in 0..gains.rows() {
        let (mut here, mut passed) = (Vec::new(), 0);
        for columns in runs(gains.row(row)) {
            let mut own = pieces.len();
            pieces.push(Piece::of_run(row, &columns, &gains.row(row)[columns.clone()]));
            passed += below[passed..].iter().take_while(|(other, _)| other.end <= columns.start).count();
            let touching = below[passed..].iter().take_while(|(other, _)| other.start < columns.end);
            for &(_, other) in touching {
                own = joined(&mut pieces, own, other);
            }
            here.push((columns, own));
        }
        below = here;
    }
    pieces.into_iter().filter(|piece| piece.joined_to.is_none()).collect()
}

/// Joins two pieces and gives the one that stays.
fn joined(pieces: &mut [Piece], a: usize, b: usize) -> usize {
    let (a, b) = (root(pieces, a), root(pieces, b));
    if a == b {
        return a;
    }
    let (stays, goes) = (a.min(b), a.max(b));
    let other = std::mem::replace(&mut pieces[goes], Piece { joined_to: Some(stays), ..Piece::default() });
    pieces[stays].take(&other);
    stays
}

fn root(pieces: &mut [Piece], mut at: usize) -> usize {
    while let Some(next) = pieces[at].joined_to {
        // Half of the way is cut, so that chains stay short (Tarjan and van Leeuwen 1984).
        if let Some(after) = pieces[next].joined_to {
            pieces[at].joined_to = Some(after);
        }
        at = next;
    }
    at
}

/// A row's changed pixels, without gaps.
fn runs(row: &[f32]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for (column, _) in row.iter().enumerate().filter(|(_, gain)| **gain != 1.0) {
        match all.last_mut() {
            Some(run) if run.end == column => run.end += 1,
            _ => all.push(column..column + 1),
        }
    }
    all
}

/// Changed pixels that touch each other along rows or columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
    /// The least and the greatest gain.
    pub(super) gain: (f32, f32),
    /// Its pixels: each a row, and columns of it.
    pub(super) runs: Vec<(usize, Range<usize>)>,
    joined_to: Option<usize>,
}

impl Piece {
    fn of_run(row: usize, columns: &Range<usize>, gains: &[f32]) -> Self {
        let gain = gains
            .iter()
            .fold((f32::INFINITY, 0.0), |(least, most): (f32, f32), &gain| (least.min(gain), most.max(gain)));
        Self { rows: row..row + 1, columns: columns.clone(), gain, runs: vec![(row, columns.clone())], joined_to: None }
    }

    fn take(&mut self, other: &Self) {
        let union = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        self.rows = union(&self.rows, &other.rows);
        self.columns = union(&self.columns, &other.columns);
        self.gain = (self.gain.0.min(other.gain.0), self.gain.1.max(other.gain.1));
        self.runs.extend(other.runs.iter().cloned());
    }
}
