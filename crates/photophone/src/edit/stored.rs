//! How the samples of an edited sound are stored.

use photophone_files::{SampleFormat, Sound, SoundFormat};

/// The integers that hold a sound's samples as they came, where the edited ones fit too and the file can hold them; else
/// what the file has by default. So a sound of 16 bits stays one, and every sample outside of an edit keeps its bits. Cost:
/// a pass over both.
pub fn kept_format(sound: &Sound, edited: &Sound, format: SoundFormat) -> SampleFormat {
    let peak = edited.channels.iter().flatten().fold(0f32, |peak, sample| peak.max(sample.abs()));
    let holds = |bits: i32| {
        let steps = f64::from(1 << (bits - 1));
        sound.channels.iter().flatten().all(|&sample| (f64::from(sample) * steps).fract() == 0.0)
    };
    match format {
        _ if peak > 1.0 => format.default_sample_format(),
        _ if holds(16) => SampleFormat::Int16,
        _ if holds(24) => SampleFormat::Int24,
        _ => format.default_sample_format(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stay_where_they_hold_all() {
        let of = |samples: &[f64]| Sound::from_mono(8000, samples);
        let (coarse, fine) = (of(&[0.5, -3.0 / 32768.0]), of(&[0.5, -3.0 / 8_388_608.0]));
        let kept = |sound: &Sound, edited: &Sound| kept_format(sound, edited, SoundFormat::Wav);
        assert_eq!(kept(&coarse, &coarse), SampleFormat::Int16);
        assert_eq!(kept(&fine, &coarse), SampleFormat::Int24);
        assert_eq!(kept(&of(&[0.1]), &coarse), SampleFormat::Float32);
        assert_eq!(kept(&coarse, &of(&[1.5])), SampleFormat::Float32);
    }
}
