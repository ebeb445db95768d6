//! From what is known of a short-time Fourier transform to what is used.

use photophone_spectrum::Finding;
use photophone_transform::{LibrosaVersion, StftParams};

use super::resolve::{ROWS, of_mel, refuse_given, take};
use super::{Entry, Recipe, TransformKind, TransformRecipe};
use crate::{Error, GIVEN};

/// The parameters to use, and the line of each for the report.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedStft {
    /// The transform. `pad_mode` is the release's default where nobody told it.
    pub(crate) params: StftParams,
    /// Sample rate of the samples, in Hz.
    pub(crate) sample_rate_hz: u32,
    /// One line a value, but for the pad mode.
    pub(crate) entries: Vec<Entry>,
}

impl Recipe {
    /// Fills what is unknown of an STFT of so many rows with librosa's defaults.
    ///
    /// # Errors
    /// A value out of its range, one that only a constant-Q transform has, or an `n_fft` of other rows.
    pub(crate) fn resolve_stft(&self, rows: usize) -> Result<ResolvedStft, Error> {
        let told = &self.transform;
        refuse_given(&of_constant_q(told), "an STFT", "cqt")?;
        refuse_given(&[("fmin", told.fmin.is_some())], "an STFT", "cqt")?;
        refuse_given(&of_mel(told), "an STFT", "mel")?;
        let mut entries = Vec::new();
        take(&mut entries, "transform", Some(TransformKind::Stft), TransformKind::Stft, "");
        let (sr, sample_rate_hz) = self.resolve_rates(&mut entries, StftParams::default().sr)?;
        let n_fft = resolve_n_fft(&mut entries, told.n_fft, rows)?;
        let params = self.stft_params(&mut entries, sr, n_fft);
        Ok(ResolvedStft { params, sample_rate_hz, entries })
    }

    /// The parameters of an STFT of this rate and frame, librosa's defaults in the place of what is unknown.
    pub(super) fn stft_params(&self, entries: &mut Vec<Entry>, sr: f64, n_fft: usize) -> StftParams {
        let (told, usual) = (&self.transform, StftParams::default());
        let win_length = take(entries, "win-length", told.win_length, n_fft, "librosa's default, n_fft");
        let hop = (win_length / 4).max(1);
        let librosa = take(entries, "librosa", told.librosa, LibrosaVersion::default(), "the default");
        StftParams {
            sr,
            n_fft,
            hop: take(entries, "hop", told.hop, hop, "librosa's default, a quarter of the window"),
            win_length,
            window: take(entries, "window", told.window, usual.window, "librosa's default"),
            center: take(entries, "center", told.center, usual.center, "librosa's default"),
            pad_mode: told.pad_mode.unwrap_or(librosa.default_pad_mode()),
            librosa,
        }
    }
}

/// Parameters that neither an STFT nor a mel spectrogram has, and whether each was told.
pub(super) fn of_constant_q(told: &TransformRecipe) -> [(&'static str, bool); 9] {
    [
        ("bins", told.bins.is_some()),
        ("bins-per-octave", told.bins_per_octave.is_some()),
        ("intervals", told.intervals.is_some()),
        ("tuning", told.tuning.is_some()),
        ("gamma", told.gamma.is_some()),
        ("filter-scale", told.filter_scale.is_some()),
        ("norm", told.norm.is_some()),
        ("sparsity", told.sparsity.is_some()),
        ("res-type", told.res_type.is_some()),
    ]
}

/// The samples of a frame: those told, else the even number of them that so many rows are of.
fn resolve_n_fft(entries: &mut Vec<Entry>, told: Option<usize>, rows: usize) -> Result<usize, Error> {
    let even = 2 * rows.saturating_sub(1);
    let Some(n_fft) = told else {
        let finding = Finding::read(even, 1.0, format!("{rows} rows, of an even number of samples"));
        entries.push(Entry::new("recipe", "n-fft", &finding));
        return Ok(even);
    };
    if n_fft / 2 + 1 != rows {
        let stored = format!("{even} or {}, {rows} rows being there", even + 1);
        let (here, there) = (GIVEN, ROWS);
        return Err(Error::Contradiction { name: "n-fft".to_owned(), here, given: n_fft.to_string(), there, stored });
    }
    Ok(take(entries, "n-fft", Some(n_fft), even, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, rows: usize) -> Result<ResolvedStft, Error> {
        toml::from_str::<Recipe>(text).unwrap().resolve_stft(rows)
    }

    #[test]
    fn rows_tell_the_frame_and_the_frame_the_hop() {
        let params = resolved("transform = \"stft\"", 1025).unwrap().params;
        assert_eq!((params.n_fft, params.win_length, params.hop, params.center), (2048, 2048, 512, true));
        let params = resolved("transform = \"stft:511:100\"\nwin-length = 300", 256).unwrap().params;
        assert_eq!((params.n_fft, params.win_length, params.hop), (511, 300, 100));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, name) in [
            ("transform = \"stft:1024\"", "1025 rows"),
            ("fmin = 100", "fmin"),
            ("bins-per-octave = 12", "bins-per-octave"),
        ] {
            let error = resolved(text, 1025).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
