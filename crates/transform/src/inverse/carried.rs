//! How much of the signal the grid can carry.
//!
//! A channel as wide as the distance to its neighbour needs one complex coefficient a second
//! for each hertz of that distance. A frame rate below that leaves part of the band
//! undetermined, whatever linear inverse is used.

use serde::Serialize;

use crate::analysis::{Analysis, Channel, Channels, Spacing};

/// What one bin's grid can carry.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BinBudget {
    /// Centre of the bin.
    pub hz: f64,
    /// Distance to the next bin: the band that this bin alone has to carry.
    pub spacing_hz: f64,
    /// Frames a second over `spacing_hz`, at most 1: the share of the band that is determined.
    pub carried: f64,
}

/// What a plan's grid can carry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carried {
    /// One budget a bin, lowest first.
    pub bins: Vec<BinBudget>,
    /// Frequency above which the bins lie further apart than frames a second: no linear
    /// inverse can recover what is above it. Infinite when every bin is carried.
    pub limit_hz: f64,
    /// Number of bins above the limit.
    pub bins_above: usize,
}

/// Works out what each bin of a plan can carry. Cost: nothing to speak of.
pub fn carried(plan: &dyn Analysis) -> Carried {
    let channels = plan.channels();
    let frame_rate_hz = channels.frame_rate_hz();
    let budget = |row: &Channel| BinBudget {
        hz: row.centre_hz,
        spacing_hz: row.band_hz,
        carried: (frame_rate_hz / row.band_hz).min(1.0),
    };
    let bins: Vec<BinBudget> = channels.rows.iter().map(budget).collect();
    let bins_above = bins.iter().filter(|bin| bin.carried < 1.0).count();
    let limit_hz =
        bins.iter().position(|bin| bin.carried < 1.0).map_or(f64::INFINITY, |first| limit_hz(channels, first));
    Carried { bins, limit_hz, bins_above }
}

/// Where the distance of the rows would be the frame rate, `first` being the first row that lies further from the next.
fn limit_hz(channels: &Channels, first: usize) -> f64 {
    let row = &channels.rows[first];
    match (channels.spacing, channels.rows.get(first + 1)) {
        (Spacing::Linear, _) => row.centre_hz,
        (Spacing::Logarithmic, Some(next)) => channels.frame_rate_hz() / (next.centre_hz / row.centre_hz - 1.0),
        (Spacing::Logarithmic, None) => channels.frame_rate_hz() / (row.band_hz / row.centre_hz),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cqt, CqtParams};

    #[test]
    fn the_example_grid_ends_at_1448_hz() {
        let plan = Cqt::new(&CqtParams { sr: 44100.0, ..CqtParams::default() }, 132_708).unwrap();
        let carried = carried(&plan);
        assert!((carried.limit_hz - 1448.5).abs() < 0.5, "{}", carried.limit_hz);
        assert_eq!(carried.bins_above, 18);
        assert!((carried.bins[83].carried - 0.3666).abs() < 1e-3, "{:?}", carried.bins[83]);
    }

    #[test]
    fn a_dense_grid_has_no_limit() {
        let plan = Cqt::new(&CqtParams { hop: 64, ..CqtParams::default() }, 22050).unwrap();
        assert_eq!(carried(&plan).limit_hz, f64::INFINITY);
    }
}
