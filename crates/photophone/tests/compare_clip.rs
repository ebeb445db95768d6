//! The demo clip: the same in every run, as loud and as wide as promised.

use photophone::clip::demo_clip;
use photophone_fft::Planner;

const RATE_HZ: u32 = 44100;

/// FNV-1a over the samples rounded to 16 bits, so that the last bit of a platform's sine does
/// not count.
fn hash(samples: &[f32]) -> u64 {
    let bytes = samples.iter().flat_map(|sample| ((sample * 32767.0).round() as i16).to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_same_samples_in_every_run() {
    let clip = demo_clip(RATE_HZ);
    assert_eq!(clip, demo_clip(RATE_HZ));
    assert_eq!(clip.len(), 132_300);
    assert_eq!(format!("{:016x}", hash(&clip)), "75e57727cbaf335f");
}

#[test]
fn peak_and_silence_at_every_rate() {
    for rate in [4000, 8000, 48000] {
        let clip = demo_clip(rate);
        assert_eq!(clip.len(), 3 * rate as usize);
        assert_eq!(clip.iter().fold(0.0, |peak: f32, x| peak.max(x.abs())), 0.5, "{rate}");
        let quiet = rate as usize * 29 / 1000;
        assert!(clip[..quiet].iter().chain(&clip[clip.len() - quiet..]).all(|&x| x == 0.0), "{rate}");
    }
    assert!(demo_clip(0).is_empty());
    assert_eq!(demo_clip(1).len(), 3);
}

#[test]
fn every_octave_from_40_hz_to_8_khz_holds_energy() {
    let clip = demo_clip(RATE_HZ);
    let fft = Planner::default().real_forward(clip.len());
    let mut samples: Vec<f64> = clip.iter().map(|&x| f64::from(x)).collect();
    let mut bins = fft.make_output_vec();
    fft.process(&mut samples, &mut bins).unwrap_or_else(|error| panic!("{error}"));
    let share_db = |low_hz: f64, high_hz: f64| {
        let energy = |low: usize, high: usize| bins[low..high].iter().map(num_complex::Complex::norm_sqr).sum::<f64>();
        10.0 * (energy((low_hz * 3.0) as usize, (high_hz * 3.0) as usize) / energy(0, bins.len())).log10()
    };
    for octave in 0..8 {
        let low_hz = 40.0 * f64::from(1 << octave);
        let share = share_db(low_hz, (2.0 * low_hz).min(8000.0));
        assert!((-25.0..-1.0).contains(&share), "{low_hz} Hz: {share} dB");
    }
    // Below hearing there is only what the kick's decay leaves.
    assert!(share_db(0.0, 20.0) < -25.0, "{}", share_db(0.0, 20.0));
}

#[test]
fn something_sounds_all_the_time() {
    let clip = demo_clip(RATE_HZ);
    for (place, part) in clip.chunks(RATE_HZ as usize / 10).enumerate() {
        let rms = (part.iter().map(|x| x * x).sum::<f32>() / part.len() as f32).sqrt();
        assert!(rms > 0.005, "{place}: {rms}");
    }
}
