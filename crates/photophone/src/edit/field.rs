//! What gains come from, as the engine sees it.

use std::ops::Range;

/// A gain for every coefficient: by its row and its sample.
pub(super) trait Field {
    /// Whether any gain of a row may differ from 1 at one of these samples.
    fn touches(&self, row: usize, samples: &Range<i64>) -> bool;

    /// The gains of a row at sample `first` and every `hop` samples after it. They come in as ones.
    fn gains(&self, row: usize, first: i64, hop: usize, out: &mut [f64]);
}
