//! The command on sounds of several channels, of every rate and sample format.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

mod common;

use std::f64::consts::TAU;

use common::Folder;
use photophone::files::{Sound, SoundReadOptions, read_sound};

/// Samples a second channel has fewer of, so that no two channels are alike.
fn channels(rate_hz: u32, count: usize) -> Vec<Vec<f64>> {
    let frames = rate_hz as usize / 2;
    let tone = |i: usize, hz: f64| (TAU * hz * i as f64 / f64::from(rate_hz)).sin();
    let channel = |c: usize| {
        let loudness = 0.4 / (c + 1) as f64;
        (0..frames).map(|i| loudness * (tone(i, 110.0 + 55.0 * c as f64) + 0.5 * tone(i, 440.0))).collect()
    };
    (0..count).map(channel).collect()
}

/// How a WAV file stores its samples.
#[derive(Clone, Copy, Debug)]
enum Stored {
    Unsigned8,
    Int(u16),
    Float32,
    Float64,
}

impl Stored {
    fn bits(self) -> u16 {
        match self {
            Self::Unsigned8 => 8,
            Self::Int(bits) => bits,
            Self::Float32 => 32,
            Self::Float64 => 64,
        }
    }

    fn bytes(self, sample: f64) -> Vec<u8> {
        match self {
            Self::Unsigned8 => vec![(sample * 128.0 + 128.0).round() as u8],
            Self::Int(bits) => {
                let step = (sample * f64::from(1u32 << (bits - 1))).round() as i32;
                step.to_le_bytes()[..usize::from(bits / 8)].to_vec()
            }
            Self::Float32 => (sample as f32).to_le_bytes().to_vec(),
            Self::Float64 => sample.to_le_bytes().to_vec(),
        }
    }
}

/// A WAV file with a plain `fmt ` chunk.
fn wav(rate_hz: u32, channels: &[Vec<f64>], stored: Stored) -> Vec<u8> {
    let frames = channels[0].len();
    let sample = |at: usize| stored.bytes(channels[at % channels.len()][at / channels.len()]);
    let data: Vec<u8> = (0..frames * channels.len()).flat_map(sample).collect();
    let format: u16 = if matches!(stored, Stored::Float32 | Stored::Float64) { 3 } else { 1 };
    let align = channels.len() as u16 * stored.bits() / 8;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    for number in [format, channels.len() as u16] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(rate_hz.to_le_bytes());
    bytes.extend((rate_hz * u32::from(align)).to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(stored.bits().to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

fn sound(folder: &Folder, name: &str) -> Sound {
    read_sound(&folder.path(name), SoundReadOptions::default()).unwrap()
}

fn snr_db(truth: &[f64], found: &[f32]) -> f64 {
    assert_eq!(truth.len(), found.len());
    let power: f64 = truth.iter().map(|x| x * x).sum();
    let noise: f64 = truth.iter().zip(found).map(|(x, y)| (x - f64::from(*y)).powi(2)).sum();
    10.0 * (power / noise).log10()
}

/// Three octaves from A2, frames near enough that the grid carries all of them at any rate.
fn drawn<'a>(hop: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let flags = ["draw", "t.wav", "--hop", hop, "--bins", "36", "--fmin", "A2", "--bits", "16"];
    [&flags[..], more].concat()
}

#[test]
fn every_rate_and_sample_format_goes_in_and_out() {
    let formats =
        [Stored::Unsigned8, Stored::Int(16), Stored::Int(24), Stored::Int(32), Stored::Float32, Stored::Float64];
    let rates = [(8_000, "128"), (96_000, "1024"), (192_000, "2048")];
    for (place, stored) in formats.into_iter().enumerate() {
        // Each format at one rate, and the highest rates in two.
        let (rate_hz, hop) = rates[place % rates.len()];
        let (truth, folder) = (channels(rate_hz, 2), Folder::new());
        folder.put("t.wav", &wav(rate_hz, &truth, stored));
        folder.succeed(&drawn(hop, &[]));
        for (name, bits, step) in
            [("a.wav", "float", 0.0), ("b.wav", "16", 0.5f64.powi(15)), ("c.flac", "24", 0.5f64.powi(23))]
        {
            folder.succeed(&["recover", "t.png", "-o", name, "--bits", bits, "--quiet"]);
            let found = sound(&folder, name);
            assert_eq!((found.sample_rate_hz, found.channels.len()), (rate_hz, 2), "{stored:?} {name}");
            for (truth, found) in truth.iter().zip(&found.channels) {
                let db = snr_db(truth, found);
                assert!(db > 30.0, "{stored:?} at {rate_hz} Hz, {name}: {db:.1} dB");
                let is_on_a_step = |x: &f32| step == 0.0 || (f64::from(*x) / step).fract() == 0.0;
                assert!(found.iter().all(is_on_a_step), "{stored:?} {name}");
            }
        }
    }
}

#[test]
fn one_channel_mixed_is_said_and_six_are_panels() {
    let (truth, folder) = (channels(8_000, 6), Folder::new());
    folder.put("t.wav", &wav(8_000, &truth, Stored::Float32));
    let output = folder.run(&drawn("128", &["--mono"]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("6 channels were mixed to one"), "{said}");
    assert!(!String::from_utf8(folder.bytes("t.recipe.toml")).unwrap().contains("channels"));
    let output = folder.run(&drawn("128", &["--force"]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("6 panels of 36 x 32 cells") && !said.contains("mixed"), "{said}");
    assert!(String::from_utf8(folder.bytes("t.recipe.toml")).unwrap().contains("channels = 6\ngap = 2\n"));
    let output = folder.run(&["recover", "t.png", "-o", "r.wav", "--report", "r.json", "-v"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("channel  6:") && said.contains("6 channels"), "{said}");
    let output = folder.run(&["recover", "t.png", "-o", "s.wav"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("a picture of 226 x 32 cells, 6 channels in gray"), "{said}");
    let report: serde_json::Value = serde_json::from_slice(&folder.bytes("r.json")).unwrap();
    assert_eq!(report["channels"].as_array().unwrap().len(), 6);
    let inspected = folder.succeed(&["inspect", "t.png"]);
    assert!(inspected.contains("6, each a panel of 36 x 32 cells"), "{inspected}");
    let inspected = folder.succeed(&["inspect", "t.png", "--json", "--panel", "3", "--npy", "third.npy"]);
    let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    let boxes: Vec<_> =
        inspected["reading"]["panels"].as_array().unwrap().iter().map(|p| p["box"]["value"].clone()).collect();
    assert_eq!(boxes.len(), 6);
    assert_eq!(boxes[0], serde_json::json!([0.0, 2.0 * 38.0 * 4.0, 64.0, 144.0]));
    assert_eq!(boxes[1], serde_json::json!([0.0, 0.0, 64.0, 144.0]));
    let header = folder.bytes("third.npy");
    assert!(String::from_utf8_lossy(&header[..128]).contains("'shape': (144, 64)"));
    let found = sound(&folder, "r.wav");
    assert!(truth.iter().zip(&found.channels).all(|(truth, found)| snr_db(truth, found) > 30.0));
}

#[test]
fn sounds_are_compared_as_a_whole_and_channel_by_channel() {
    let (truth, folder) = (channels(22_050, 2), Folder::new());
    let scaled = |gains: [f64; 2]| -> Vec<Vec<f64>> {
        truth.iter().zip(gains).map(|(channel, gain)| channel.iter().map(|x| gain * x).collect()).collect()
    };
    let put = |name: &str, channels: &[Vec<f64>]| folder.put(name, &wav(22_050, channels, Stored::Float64));
    put("t.wav", &truth);
    put("half.wav", &scaled([0.5, 1.0]));
    put("swapped.wav", &[truth[1].clone(), truth[0].clone()]);
    put("one.wav", &truth[..1]);
    put("silent.wav", &scaled([1.0, 0.0]));
    let figures = |truth: &str, sound: &str| -> serde_json::Value {
        serde_json::from_str(&folder.succeed(&["compare", truth, sound, "--json"])).unwrap()
    };
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let half = figures("t.wav", "half.wav");
    // What is left is a quarter of the first channel's power, which is four fifths of the whole.
    assert!((number(&half["snr_db"]) - 10.0 * 5.0_f64.log10()).abs() < 0.05, "{half}");
    // One gain for both: no gain mends a relation that is wrong.
    assert!(number(&half["si_sdr_db"]) < 20.0, "{half}");
    let of =
        |found: &serde_json::Value, channel: usize, name: &str| number(&found["channels"][channel]["comparison"][name]);
    assert!((of(&half, 0, "snr_db") - 6.02).abs() < 0.01 && of(&half, 0, "si_sdr_db") > 100.0, "{half}");
    assert!(of(&half, 1, "snr_db") > 100.0, "{half}");
    assert!(number(&figures("t.wav", "swapped.wav")["snr_db"]) < 3.0);
    let mixed = figures("t.wav", "one.wav");
    assert_eq!(
        (mixed["mixed_from"].clone(), mixed["channels"].clone()),
        (serde_json::json!([2, 1]), serde_json::Value::Null)
    );
    let silent = figures("silent.wav", "t.wav");
    assert!(silent["channels"][1]["comparison"].is_null() && of(&silent, 0, "snr_db") > 100.0, "{silent}");
    let text = folder.succeed(&["compare", "t.wav", "half.wav"]);
    assert!(text.contains("channel 1") && text.contains("channel 2"), "{text}");
    let text = folder.succeed(&["compare", "one.wav", "t.wav"]);
    assert!(text.starts_with("mixed to one channel: the truth has 1, the result 2\n"), "{text}");
    assert!(!folder.succeed(&["compare", "one.wav", "one.wav"]).contains("channel"));
}
