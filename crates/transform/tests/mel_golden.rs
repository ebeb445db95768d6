//! Agreement of mel filters and spectrograms with librosa's, and of filters with torchaudio's documentation.
//!
//! `golden/mel-librosa-VERSION.json` lists the cases and `.bin` holds the numbers; `cargo xtask goldens` makes both, and
//! `xtask/mel_goldens.py` describes the format.

#[path = "common/index.rs"]
mod index;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/sounds.rs"]
mod sounds;

use photophone_spectrum::MelScale;
use photophone_transform::observe::{MelParams, Observation};
use photophone_transform::{Stft, StftParams};
use serde::Deserialize;

/// What every weight and every value of a spectrogram must reach, relative to itself or to a millionth of the largest.
/// Storing them in single precision leaves 6e-8.
const LIMIT: f64 = 1e-6;

#[derive(Deserialize)]
struct Case {
    by: String,
    stft: StftParams,
    mel: Mel,
    /// The first bin of each band and how many there are.
    spans: Vec<(usize, usize)>,
    sound: String,
    samples: usize,
    crc32: u32,
    frames: Vec<usize>,
    /// First byte in the `.bin` file.
    offset: usize,
}

#[derive(Deserialize)]
struct Mel {
    bands: usize,
    fmin_hz: f64,
    fmax_hz: Option<f64>,
    scale: String,
    norm: String,
    power: f64,
}

impl Mel {
    fn params(&self) -> MelParams {
        let Self { bands, fmin_hz, fmax_hz, power, .. } = *self;
        let scale = if self.scale == "htk" { MelScale::Htk } else { MelScale::Slaney };
        MelParams { bands, fmin_hz, fmax_hz, scale, norm: self.norm.parse().expect("a norm"), power }
    }
}

#[test]
fn librosa_and_torchaudio() {
    let (cases, bin) = index::read::<Case>("mel-librosa-0.11.0");
    assert!(["librosa", "torchaudio"].iter().all(|by| cases.iter().filter(|case| case.by == *by).count() > 2));
    for case in &cases {
        let what = format!("{}, {:?}, {:?}", case.by, case.stft, case.mel.params());
        let observation = case.mel.params().observation(&case.stft).unwrap_or_else(|error| panic!("{what}: {error}"));
        let (floats, _) = bin[case.offset..].as_chunks::<4>();
        let mut floats = floats.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes)));
        let (found, wanted) = weights(&observation, case, &mut floats);
        assert_near(&found, &wanted, &what);
        let (found, wanted) = spectrogram(&observation, case, &mut floats);
        assert_near(&found, &wanted, &what);
    }
}

/// The weights of the map and those stored, bin after bin of each band.
fn weights(observation: &Observation, case: &Case, stored: &mut impl Iterator<Item = f64>) -> (Vec<f64>, Vec<f64>) {
    let (bands, bins) = observation.map().shape();
    assert_eq!((bands, bins), (case.spans.len(), case.stft.rows()));
    let found = (0..bands).flat_map(|band| (0..bins).map(move |bin| observation.map().weight(band, bin))).collect();
    let mut wanted = vec![0.0; bands * bins];
    for (band, (first, count)) in case.spans.iter().enumerate() {
        let start = band * bins + first;
        wanted[start..start + count].iter_mut().zip(&mut *stored).for_each(|(value, stored)| *value = stored);
    }
    (found, wanted)
}

/// The sound's mel spectrogram at the frames kept, and the one stored.
fn spectrogram(observation: &Observation, case: &Case, stored: &mut impl Iterator<Item = f64>) -> (Vec<f64>, Vec<f64>) {
    let sound = index::sound(&case.sound, case.samples, case.crc32);
    let cells = Stft::new(&case.stft, case.samples).and_then(|plan| plan.forward(&sound)).expect("coefficients");
    let seen = observation.of(&cells).expect("a spectrogram");
    let found: Vec<f64> = (0..seen.rows())
        .flat_map(|band| case.frames.iter().map(move |frame| (band, *frame)))
        .map(|at| seen[at].powf(case.mel.power))
        .collect();
    let wanted = stored.take(found.len()).collect();
    (found, wanted)
}

fn assert_near(found: &[f64], wanted: &[f64], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted.iter().copied().fold(0.0, f64::max);
    for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let off = (found - wanted).abs() / wanted.max(1e-6 * largest);
        assert!(off < LIMIT, "{what}: {found} for {wanted} at {at}");
    }
}
