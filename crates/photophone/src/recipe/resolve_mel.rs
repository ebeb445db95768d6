//! From what is known of a mel spectrogram to what is used.

use photophone_spectrum::{Finding, MelScale};
use photophone_transform::StftParams;
use photophone_transform::observe::{MelNorm, MelParams};

use super::resolve::{ROWS, refuse_given, take};
use super::resolve_stft::of_constant_q;
use super::{Entry, Recipe, TransformKind};
use crate::{Error, GIVEN};

/// The parameters to use, and the line of each for the report.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedMel {
    /// The transform whose powers are summed. `pad_mode` is the release's default where nobody told it.
    pub(crate) stft: StftParams,
    /// The bands.
    pub(crate) mel: MelParams,
    /// Sample rate of the samples, in Hz.
    pub(crate) sample_rate_hz: u32,
    /// One line a value, but for the pad mode.
    pub(crate) entries: Vec<Entry>,
}

impl Recipe {
    /// Fills what is unknown of a mel spectrogram of so many rows with librosa's defaults.
    ///
    /// # Errors
    /// A value out of its range, one that only a constant-Q transform has, or another number of bands.
    pub(crate) fn resolve_mel(&self, rows: usize) -> Result<ResolvedMel, Error> {
        let told = &self.transform;
        refuse_given(&of_constant_q(told), "a mel spectrogram", "cqt")?;
        refuse_given(&[("inverse", self.inverse.method.is_some())], "a mel spectrogram", "cqt")?;
        let mut entries = Vec::new();
        take(&mut entries, "transform", Some(TransformKind::Mel), TransformKind::Mel, "");
        let (usual, usual_stft) = (MelParams::default(), StftParams::default());
        let (sr, sample_rate_hz) = self.resolve_rates(&mut entries, usual_stft.sr)?;
        let bands = resolve_bands(&mut entries, told.n_mels, rows)?;
        let n_fft = take(&mut entries, "n-fft", told.n_fft, usual_stft.n_fft, "librosa's default");
        let stft = self.stft_params(&mut entries, sr, n_fft);
        let fmin = told.fmin.map(|pitch| pitch.0);
        let mel = MelParams {
            bands,
            fmin_hz: take(&mut entries, "fmin", fmin, usual.fmin_hz, "librosa's default"),
            fmax_hz: Some(take(&mut entries, "fmax", told.fmax, sr / 2.0, "librosa's default, half the rate")),
            scale: take(&mut entries, "mel-scale", told.mel_scale, MelScale::default(), "librosa's default"),
            norm: take(&mut entries, "mel-norm", told.mel_norm, MelNorm::default(), "librosa's default"),
            power: take(&mut entries, "power", told.power, usual.power, "librosa's default"),
        };
        Ok(ResolvedMel { stft, mel, sample_rate_hz, entries })
    }
}

/// The bands: as many as there are rows.
fn resolve_bands(entries: &mut Vec<Entry>, told: Option<usize>, rows: usize) -> Result<usize, Error> {
    if let Some(bands) = told.filter(|bands| *bands != rows) {
        let (given, stored) = (bands.to_string(), rows.to_string());
        return Err(Error::Contradiction { name: "n-mels".to_owned(), here: GIVEN, given, there: ROWS, stored });
    }
    entries.push(Entry::new("recipe", "n-mels", &Finding::read(rows, 1.0, "the number of rows")));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use photophone_transform::Norm;

    use super::*;

    fn resolved(text: &str, rows: usize) -> Result<ResolvedMel, Error> {
        toml::from_str::<Recipe>(text).unwrap().resolve_mel(rows)
    }

    #[test]
    fn defaults_are_librosas_and_what_is_told_stands() {
        let ResolvedMel { stft, mel, .. } = resolved("transform = \"mel\"", 128).unwrap();
        assert_eq!((stft.n_fft, stft.hop), (2048, 512));
        assert_eq!(mel, MelParams { fmax_hz: Some(11_025.0), ..MelParams::default() });
        let told = "transform = \"mel:80:1024:256\"\nfmin = 20\nfmax = 8000\nmel-scale = \"htk\"\nmel-norm = \"none\"\npower = 1";
        let ResolvedMel { stft, mel, .. } = resolved(told, 80).unwrap();
        assert_eq!((stft.n_fft, stft.hop), (1024, 256));
        let (scale, norm) = (MelScale::Htk, MelNorm::Weights(Norm::None));
        assert_eq!(mel, MelParams { bands: 80, fmin_hz: 20.0, fmax_hz: Some(8000.0), scale, norm, power: 1.0 });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, name) in [
            ("transform = \"mel:64\"", "n-mels"),
            ("bins-per-octave = 12", "bins-per-octave"),
            ("inverse = \"linear\"", "inverse"),
        ] {
            let error = resolved(text, 128).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
