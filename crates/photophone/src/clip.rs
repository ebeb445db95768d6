//! The demo clip: three seconds of made music in which every way of failing is audible.
//!
//! | part | what it makes audible |
//! |---|---|
//! | plucked tune and bass (82 Hz to 8 kHz) | a wrong `fmin`, tuning or bins an octave transposes it, a wrong rate or hop changes its pace; smeared attacks are heard as a swell before each note, missing low octaves as a thin bass |
//! | voice gliding over an octave | it crosses every bin, so a misread cell lattice warbles and a wrong phase sounds as from a tube; its formants lose their vowels where levels are wrong or upper octaves are missing |
//! | drums: kick (150 to 40 Hz), snare, hats (around 7 kHz) | time smeared or frames misplaced blur them and shift the beat; the hats lie above an 84-bin grid's 4 kHz and show by their absence what such a picture holds |
//! | silence at both ends | pre-echo, a wrong padding and a wrong level floor are heard where nothing should be |
//!
//! Everything is a formula: the same samples in every run.

use std::f64::consts::{PI, TAU};

/// How long the clip lasts.
const DURATION_SECS: f64 = 3.0;
/// Largest absolute sample.
const PEAK: f64 = 0.5;
/// Exact silence at the start and at the end.
const SILENCE_SECS: f64 = 0.03;
/// How long the clip fades in and out.
const FADE_SECS: f64 = 0.02;
/// When the music begins, and a quarter note of it (160 a minute).
const START_SECS: f64 = 0.06;
const BEAT_SECS: f64 = 0.375;

/// The demo clip at a sample rate: 3 s, one channel, peak 0.5.
///
/// Every part stays below 0.45 of the rate, so that lower rates give a duller clip and not an
/// aliased one. Cost: about 12 million sines at 44.1 kHz, a fraction of a second.
pub fn demo_clip(sample_rate_hz: u32) -> Vec<f32> {
    let rate = f64::from(sample_rate_hz);
    let mut mix = vec![0.0; (DURATION_SECS * rate).round() as usize];
    add_tune(&mut mix, rate);
    add_voice(&mut mix, rate);
    add_drums(&mut mix, rate);
    fade(&mut mix, rate);
    let peak = mix.iter().fold(f64::MIN_POSITIVE, |peak: f64, sample| peak.max(sample.abs()));
    mix.iter().map(|sample| (sample * PEAK / peak) as f32).collect()
}

/// Adds `sample(seconds since the beat)` from `beat` on for a while.
fn add_from(mix: &mut [f64], rate: f64, beat: f64, lasts_secs: f64, mut sample: impl FnMut(f64) -> f64) {
    let start = START_SECS + beat * BEAT_SECS;
    let first = (start * rate).ceil() as usize;
    let count = (lasts_secs * rate) as usize;
    for (n, value) in mix.iter_mut().enumerate().skip(first).take(count) {
        *value += sample(n as f64 / rate - start);
    }
}

/// Beat, note as a MIDI number, and loudness.
const TUNE: [(f64, f64, f64); 12] = [
    (0.0, 40.0, 0.7),
    (0.0, 64.0, 0.7),
    (0.5, 67.0, 0.6),
    (1.0, 71.0, 0.7),
    (1.5, 76.0, 0.6),
    (2.0, 45.0, 0.7),
    (2.0, 72.0, 0.6),
    (2.5, 69.0, 0.6),
    (3.0, 64.0, 0.7),
    (4.0, 47.0, 0.7),
    (6.0, 40.0, 0.7),
    (6.5, 88.0, 0.5),
];

/// Plucked strings: harmonics in inverse proportion to their number, the higher the shorter,
/// set in by half a Hann window of 2 ms.
fn add_tune(mix: &mut [f64], rate: f64) {
    for (beat, note, loudness) in TUNE {
        let pitch_hz = 440.0 * ((note - 69.0) / 12.0f64).exp2();
        let top = (rate * 0.45).min(8000.0);
        let harmonics = (1..=24).map(|k| f64::from(k) * pitch_hz).take_while(|&hz| hz < top);
        for (k, hz) in (1..).zip(harmonics) {
            let number = f64::from(k);
            let decay = 2.5 + 0.9 * number;
            // Until it has fallen by 100 dB, so that no string ends in a click.
            add_from(mix, rate, beat, 11.5 / decay, |secs| {
                let onset = 0.5 - 0.5 * (PI * (secs / 0.002).min(1.0)).cos();
                loudness / number * onset * (-decay * secs).exp() * (TAU * hz * secs).sin()
            });
        }
    }
}

/// Formants of the vowel at the glide's start, its middle and its end, in Hz, roughly those of
/// "ah", "ee" and "oo" in Peterson and Barney 1952 (men).
const FORMANTS_HZ: [[f64; 3]; 3] = [[730.0, 1090.0, 2440.0], [270.0, 2290.0, 3010.0], [300.0, 870.0, 2240.0]];
/// Bandwidth of each formant, in Hz.
const FORMANT_WIDTHS_HZ: [f64; 3] = [90.0, 110.0, 170.0];
/// Beats at which the voice begins and for which it lasts.
const VOICE_BEATS: (f64, f64) = (3.0, 3.9);

/// A voice: harmonics of a gliding pitch with vibrato, falling as a glottal source's do (6 dB an
/// octave with the mouth's radiation), each as loud as three gliding formants let it through.
fn add_voice(mix: &mut [f64], rate: f64) {
    let lasts_secs = VOICE_BEATS.1 * BEAT_SECS;
    for number in 1..=40 {
        let number = f64::from(number);
        let mut phase = 0.0;
        add_from(mix, rate, VOICE_BEATS.0, lasts_secs, |secs| {
            let place = secs / lasts_secs;
            let hz = number * voice_pitch_hz(secs, place);
            phase += TAU * hz / rate;
            if hz > rate * 0.45 {
                return 0.0;
            }
            let envelope = (PI * place).sin().sqrt();
            0.5 * envelope / number * formant_gain(hz, place) * phase.sin()
        });
    }
}

/// From 110 Hz up an octave and down again, with a vibrato of 5.5 Hz that grows.
fn voice_pitch_hz(secs: f64, place: f64) -> f64 {
    let octaves = (PI * place).sin();
    110.0 * (octaves + 0.03 * place * (TAU * 5.5 * secs).sin()).exp2()
}

/// The sum of three resonances, each 1 at its centre, that move from vowel to vowel.
fn formant_gain(hz: f64, place: f64) -> f64 {
    let (from, to, share) = if place < 0.5 { (0, 1, 2.0 * place) } else { (1, 2, 2.0 * place - 1.0) };
    let smooth = 0.5 - 0.5 * (PI * share).cos();
    let resonance = |k: usize| {
        let centre = FORMANTS_HZ[from][k] + smooth * (FORMANTS_HZ[to][k] - FORMANTS_HZ[from][k]);
        let detune = 2.0 * (hz - centre) / FORMANT_WIDTHS_HZ[k];
        // Upper formants are raised against the source's fall, as in a singing voice.
        (1.0 + k as f64) / (1.0 + detune * detune).sqrt()
    };
    0.05 + (0..3).map(resonance).sum::<f64>()
}

/// Kick on 0, 3.5 and 4; snare on 2 and 6; a hat on every half beat, every other one louder.
fn add_drums(mix: &mut [f64], rate: f64) {
    for beat in [0.0, 3.5, 4.0] {
        add_from(mix, rate, beat, 0.35, |secs| {
            // The phase of a sine that falls from 150 to 40 Hz by 1/e every 40 ms.
            let turns = 40.0 * secs + 110.0 * 0.04 * (1.0 - (-secs / 0.04).exp());
            1.3 * (-9.0 * secs).exp() * (1.0 - secs / 0.35) * (TAU * turns).sin()
        });
    }
    for (beat, seed) in [(2.0, 1), (6.0, 2)] {
        let mut noise = BandNoise::new(seed, 1800.0, 0.6, rate);
        add_from(mix, rate, beat, 0.25, |secs| {
            1.6 * (-22.0 * secs).exp() * noise.next() + 0.5 * (-30.0 * secs).exp() * (TAU * 190.0 * secs).sin()
        });
    }
    for half in 1..14 {
        let mut noise = BandNoise::new(100 + half, 7000.0, 2.0, rate);
        let loudness = if half % 2 == 1 { 1.2 } else { 0.6 };
        add_from(mix, rate, half as f64 / 2.0, 0.08, |secs| loudness * (-70.0 * secs).exp() * noise.next());
    }
}

/// Noise through a two-pole bandpass (Bristow-Johnson, Audio EQ Cookbook, constant peak gain).
struct BandNoise {
    state: u64,
    b0: f64,
    a1: f64,
    a2: f64,
    x: [f64; 2],
    y: [f64; 2],
}

impl BandNoise {
    fn new(seed: u64, centre_hz: f64, q: f64, rate: f64) -> Self {
        let angle = TAU * (centre_hz / rate).min(0.4);
        let alpha = angle.sin() / (2.0 * q);
        let a0 = 1.0 + alpha;
        let (b0, a1, a2) = (alpha / a0, -2.0 * angle.cos() / a0, (1.0 - alpha) / a0);
        Self { state: seed, b0, a1, a2, x: [0.0; 2], y: [0.0; 2] }
    }

    fn next(&mut self) -> f64 {
        let x = self.white();
        let y = self.b0 * (x - self.x[1]) - self.a1 * self.y[0] - self.a2 * self.y[1];
        self.x = [x, self.x[0]];
        self.y = [y, self.y[0]];
        y
    }

    /// Uniform from -1 to 1, by `SplitMix64` (Steele, Lea and Flood 2014).
    fn white(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Silence, fade in; fade out, silence.
fn fade(mix: &mut [f64], rate: f64) {
    let count = mix.len();
    for (n, sample) in mix.iter_mut().enumerate() {
        let from_end_secs = n.min(count - 1 - n) as f64 / rate;
        let place = ((from_end_secs - SILENCE_SECS) / FADE_SECS).clamp(0.0, 1.0);
        *sample *= 0.5 - 0.5 * (PI * place).cos();
    }
}
