//! What rows and columns mean: frequencies in Hz, times in seconds.

use serde::{Deserialize, Serialize};

/// A logarithmic frequency axis: bin `k` lies at `fmin_hz * 2^(k / bins_per_octave)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogFrequencyAxis {
    /// Centre frequency of bin 0, in Hz, tuning included.
    pub fmin_hz: f64,
    /// Bins in an octave.
    pub bins_per_octave: usize,
    /// Number of bins.
    pub bins: usize,
}

impl LogFrequencyAxis {
    /// Centre frequency of a (possibly fractional) bin.
    pub fn hz_from_bin(&self, bin: f64) -> f64 {
        self.fmin_hz * (bin / self.bins_per_octave as f64).exp2()
    }

    /// The fractional bin whose centre lies at a frequency. NaN for a negative one.
    pub fn bin_from_hz(&self, hz: f64) -> f64 {
        (hz / self.fmin_hz).log2() * self.bins_per_octave as f64
    }

    /// Distance from a bin's centre to the next one's, in Hz.
    pub fn spacing_hz_at_bin(&self, bin: f64) -> f64 {
        self.hz_from_bin(bin) * ((1.0 / self.bins_per_octave as f64).exp2() - 1.0)
    }
}

/// A uniform time axis: frame `t` is centred on sample `t * hop`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameAxis {
    /// Samples from a frame to the next.
    pub hop: usize,
    /// Samples a second.
    pub sample_rate_hz: f64,
    /// Number of frames.
    pub frames: usize,
}

impl FrameAxis {
    /// Centre of a (possibly fractional) frame.
    pub fn secs_from_frame(&self, frame: f64) -> f64 {
        frame * self.hop as f64 / self.sample_rate_hz
    }

    /// The fractional frame centred on a time.
    pub fn frame_from_secs(&self, secs: f64) -> f64 {
        secs * self.sample_rate_hz / self.hop as f64
    }

    /// Frames a second.
    pub fn frame_rate_hz(&self) -> f64 {
        self.sample_rate_hz / self.hop as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_and_hertz_are_inverse() {
        let axis = LogFrequencyAxis { fmin_hz: 32.70319566257483, bins_per_octave: 12, bins: 84 };
        assert!((axis.hz_from_bin(45.0) - 440.0).abs() < 1e-9);
        assert!((axis.bin_from_hz(axis.hz_from_bin(17.25)) - 17.25).abs() < 1e-12);
        assert!((axis.spacing_hz_at_bin(45.0) - (466.1637615180899 - 440.0)).abs() < 1e-9);
    }

    #[test]
    fn frames_and_seconds_are_inverse() {
        let axis = FrameAxis { hop: 512, sample_rate_hz: 44100.0, frames: 260 };
        assert!((axis.secs_from_frame(259.0) - 3.006_984_126_984_127).abs() < 1e-12);
        assert!((axis.frame_from_secs(axis.secs_from_frame(7.5)) - 7.5).abs() < 1e-12);
    }
}
