//! A comparison as a table to read.

use std::fmt;

use photophone_spectrum::Number;

use super::Comparison;

impl fmt::Display for Comparison {
    /// One line a figure: its name, its value, its unit. No line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decibels = |f: &mut fmt::Formatter<'_>, name: &str, value: f64| writeln!(f, "{name:<28}{value:>10.2} dB");
        decibels(f, "SNR", self.snr_db)?;
        decibels(f, "SI-SDR", self.si_sdr_db)?;
        decibels(f, "spectral convergence", self.stft_sc_db)?;
        decibels(f, "median level difference", self.level_db)?;
        for band in &self.bands {
            decibels(f, &format!("SNR, {} to {} Hz", Number(band.low_hz), Number(band.high_hz)), band.snr_db)?;
        }
        writeln!(f, "{:<28}{:>10} samples", "result delayed by", self.lag)?;
        writeln!(f, "{:<28}{:>10} samples", "compared", self.samples)?;
        write!(f, "{:<28}{:>10} samples", "difference of the lengths", self.length_difference)?;
        match self.resampled_from_hz {
            Some(rate) => write!(f, "\n{:<28}{:>10} Hz to the truth's rate", "result resampled from", rate),
            None => Ok(()),
        }
    }
}
