//! Sounds in and out: exact round trips, real files, and what malformed ones are told.

mod common;

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use common::{assert_refused, fixture, read_as_file};
use photophone_files::{FileError, SampleFormat, Sound, SoundReadOptions, read_sound, write_sound};

fn read(path: &Path) -> Result<Sound, FileError> {
    read_sound(path, SoundReadOptions::default())
}

fn read_bytes(bytes: &[u8]) -> Result<Sound, FileError> {
    read_as_file(bytes, read)
}

/// A RIFF file with a `fmt ` chunk of the plainest kind and a data chunk.
fn wav(format: u16, channels: u16, rate: u32, bits: u16, declared: u32, data: &[u8]) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + declared).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend(format.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate.saturating_mul(u32::from(align))).to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(declared.to_le_bytes());
    bytes.extend(data);
    bytes
}

fn whole_wav(format: u16, bits: u16, data: &[u8]) -> Vec<u8> {
    wav(format, 1, 8000, bits, data.len() as u32, data)
}

/// Samples that lie on the steps of `bits`-bit integers, with both extremes.
fn on_steps(bits: u32, seed: u32) -> Vec<f32> {
    let full = f64::from(1u32 << (bits - 1));
    let mut state = seed;
    let mut samples: Vec<f32> = (0..10_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let step = f64::from(state as i32 >> (32 - bits));
            (step / full) as f32
        })
        .collect();
    samples[0] = -1.0;
    samples[1] = ((full - 1.0) / full) as f32;
    samples
}

#[test]
fn every_format_that_is_written_reads_back_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let off_steps: Vec<f32> = (0..10_000).map(|n| (f64::from(n) * 0.37).sin() as f32 * 3.0).collect();
    for (name, format, channels) in [
        ("a.wav", Some(SampleFormat::Int16), vec![on_steps(16, 1), on_steps(16, 2)]),
        ("b.wav", Some(SampleFormat::Int24), vec![on_steps(24, 3)]),
        ("c.WAV", None, vec![off_steps.clone(), on_steps(24, 4), off_steps]),
        ("d.flac", Some(SampleFormat::Int16), vec![on_steps(16, 5), on_steps(16, 6)]),
        ("e.flac", None, vec![on_steps(24, 7)]),
        ("f.flac", None, vec![vec![0.0, 0.5, -0.5]]),
    ] {
        let path = folder.path().join(name);
        let sound = Sound { sample_rate_hz: 44_100, channels };
        write_sound(&path, &sound, format, &[]).unwrap();
        assert!(read(&path).unwrap() == sound, "{name}");
    }
}

/// The encoder of FLAC ends at 96 kHz, the format at 655 350 Hz.
#[test]
fn high_sample_rates_are_written_and_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in
        [("a.wav", SampleFormat::Float32), ("b.flac", SampleFormat::Int24), ("c.flac", SampleFormat::Int16)]
    {
        for sample_rate_hz in [88_200, 96_000, 176_400, 192_000, 384_000, 655_349] {
            let path = folder.path().join(name);
            let sound = Sound { sample_rate_hz, channels: vec![on_steps(16, 1), on_steps(16, 2)] };
            write_sound(&path, &sound, Some(format), &[]).unwrap();
            assert!(read(&path).unwrap() == sound, "{name} at {sample_rate_hz} Hz");
        }
    }
    let path = folder.path().join("d.flac");
    let sound = Sound { sample_rate_hz: 1 << 20, channels: vec![on_steps(16, 1)] };
    let error = write_sound(&path, &sound, None, &[]).unwrap_err().to_string();
    assert!(error.contains("1048576 Hz") && error.contains(".wav"), "{error}");
}

#[test]
fn integers_are_rounded_to_the_nearest_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let steps = [0.4, 0.6, -0.4, -0.6, 100.49, 32767.9];
    let samples: Vec<f64> = steps.iter().map(|step| step / 32768.0).collect();
    write_sound(&path, &Sound::from_mono(8000, &samples), Some(SampleFormat::Int16), &[]).unwrap();
    let back: Vec<f64> = read(&path).unwrap().mixed_to_mono().iter().map(|sample| sample * 32768.0).collect();
    assert_eq!(back, [0.0, 1.0, 0.0, -1.0, 100.0, 32767.0]);
}

#[test]
fn every_wav_sample_type_is_read_to_its_value() {
    let cases = [
        (1, 8, vec![0, 128, 192], vec![-1.0, 0.0, 0.5]),
        (1, 16, vec![0, 0x80, 0, 0, 0, 0x40], vec![-1.0, 0.0, 0.5]),
        (1, 24, vec![0, 0, 0x80, 0, 0, 0x40], vec![-1.0, 0.5]),
        (1, 32, vec![0, 0, 0, 0x80, 0, 0, 0, 0x40], vec![-1.0, 0.5]),
        (3, 32, [1.5f32, -0.1].iter().flat_map(|x| x.to_le_bytes()).collect(), vec![1.5, -0.1]),
        (3, 64, [1.5f64, -0.1].iter().flat_map(|x| x.to_le_bytes()).collect(), vec![1.5, -0.1]),
    ];
    for (format, bits, data, expected) in cases {
        let sound = read_bytes(&whole_wav(format, bits, &data)).unwrap();
        assert_eq!(sound.channels, [expected], "format {format}, {bits} bits");
        assert_eq!(sound.sample_rate_hz, 8000);
    }
}

#[test]
fn a_wav_from_a_pipe_is_read_to_its_end() {
    // A program that cannot go back to its header declares the largest length (ffmpeg) or none.
    let sound = read_bytes(&wav(1, 1, 8000, 16, u32::MAX - 36, &[0, 0x40, 0, 0xc0])).unwrap();
    assert_eq!(sound.channels, [[0.5, -0.5]]);
    let mut bytes = wav(1, 1, 8000, 16, 4, &[0, 0x40, 0, 0xc0]);
    bytes[4..8].fill(0xff);
    bytes[40..44].fill(0xff);
    assert_eq!(read_bytes(&bytes).unwrap().channels, [[0.5, -0.5]]);
}

/// Root mean square of what is left when the fixtures' tone is taken away, over the tone's own.
fn tone_error(samples: &[f64]) -> f64 {
    let tone = |n: usize| 0.5 * (TAU * 440.0 * n as f64 / 22050.0).sin();
    let error: f64 = samples.iter().enumerate().map(|(n, sample)| (sample - tone(n)).powi(2)).sum();
    let power: f64 = (0..samples.len()).map(|n| tone(n).powi(2)).sum();
    (error / power).sqrt()
}

#[test]
fn lossy_files_keep_their_length_and_alignment() {
    for name in ["tone.ogg", "tone.mp3"] {
        let sound = read(&fixture(name)).unwrap();
        assert_eq!((sound.sample_rate_hz, sound.channels.len(), sound.frames()), (22050, 1, 4410), "{name}");
        // One sample of shift alone would give 0.125.
        let error = tone_error(&sound.channels[0].iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
        assert!(error < 0.05, "{name}: {error}");
    }
}

#[test]
fn a_flac_of_another_encoder_reads_to_its_steps_and_mixes_down() {
    let sound = read(&fixture("tone.flac")).unwrap();
    assert_eq!((sound.channels.len(), sound.frames()), (2, 1000));
    assert!(tone_error(&sound.channels[0].iter().map(|&x| f64::from(x)).collect::<Vec<_>>()) < 1e-4);
    for (n, mixed) in sound.mixed_to_mono().into_iter().enumerate() {
        assert_eq!(mixed, f64::midpoint(f64::from(sound.channels[0][n]), f64::from(sound.channels[1][n])));
    }
    assert!((sound.duration_secs() - 1000.0 / 22050.0).abs() < 1e-15);
}

#[test]
fn a_cut_flac_is_refused() {
    let bytes = fs::read(fixture("tone.flac")).unwrap();
    for length in [10, 60, bytes.len() / 2, bytes.len() - 5] {
        let error = read_bytes(&bytes[..length]).unwrap_err();
        assert!(matches!(error, FileError::Damaged { .. } | FileError::Content { .. }), "{length}: {error}");
    }
}

#[test]
fn malformed_sounds_are_told_what_is_wrong() {
    let nan: Vec<u8> = [0.0, f32::NAN, f32::INFINITY, 0.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut later_nan = vec![0u8; 4 * 6000];
    later_nan.extend(f32::NAN.to_le_bytes());
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty", vec![], &["is empty (0 bytes)", "WAV, FLAC, Ogg Vorbis or MP3"]),
        ("text", b"this is not a sound".to_vec(), &["no known kind", "74 68 69 73"]),
        ("png", b"\x89PNG\r\n\x1a\n0000".to_vec(), &["a PNG picture", "where a picture is asked for"]),
        ("m4a", b"\0\0\0\x20ftypM4A \0\0\0\0".to_vec(), &["m4a", "ffmpeg"]),
        ("aiff", b"FORM\0\0\0\0AIFFCOMM".to_vec(), &["AIFF", "convert"]),
        ("riff only", b"RIFF\x04\0\0\0WAVE".to_vec(), &[]),
        ("cut in fmt", whole_wav(1, 16, &[0; 8])[..30].to_vec(), &["damaged"]),
        ("cut in data", wav(1, 1, 8000, 16, 8000, &[0; 100]), &["damaged", "50 of 4000 samples"]),
        ("no samples", whole_wav(1, 16, &[]), &["no samples"]),
        ("rate 0", wav(1, 1, 0, 16, 4, &[0; 4]), &["0 Hz"]),
        ("no channels", wav(1, 0, 8000, 16, 4, &[0; 4]), &[]),
        ("nan", whole_wav(3, 32, &nan), &["2 samples", "sample 1 (0.000 s)", "remove them"]),
        ("later nan", whole_wav(3, 32, &later_nan), &["1 samples", "sample 6000 (0.750 s)"]),
        ("unknown codec", whole_wav(0x55, 16, &[0; 8]), &[]),
        ("odd bits", whole_wav(1, 13, &[0; 8]), &[]),
    ];
    assert_refused(&cases, read_bytes);
}

#[test]
fn an_unknown_codec_and_a_missing_file_are_told_apart() {
    let opus = read(&fixture("tone_opus.ogg")).unwrap_err();
    assert!(matches!(opus, FileError::Unsupported { .. }), "{opus}");
    let missing = read(Path::new("no/such/sound.wav")).unwrap_err();
    assert!(
        matches!(missing, FileError::Read { .. }) && missing.to_string().starts_with("no/such/sound.wav: "),
        "{missing}"
    );
    if Path::new("/dev/zero").exists() {
        let endless = read(Path::new("/dev/zero")).unwrap_err();
        assert!(matches!(endless, FileError::Kind { .. }), "{endless}");
    }
    let folder = read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
    assert!(matches!(folder, FileError::Kind { .. }), "{folder}");
}

#[test]
fn the_length_limit_holds_with_and_without_a_declared_length() {
    for name in ["tone.flac", "tone.mp3", "tone.ogg"] {
        let error =
            read_sound(&fixture(name), SoundReadOptions { max_secs: 0.02, ..SoundReadOptions::default() }).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }) && error.to_string().contains("0.02 s"), "{error}");
    }
}

#[test]
fn no_prefix_or_flipped_byte_of_a_sound_panics() {
    for name in ["tone.ogg", "tone.mp3", "tone.flac"] {
        let bytes = fs::read(fixture(name)).unwrap();
        for n in (0..bytes.len()).step_by(7) {
            let _ = read_bytes(&bytes[..n]);
            let mut flipped = bytes.clone();
            flipped[n] ^= 0x55;
            let _ = read_bytes(&flipped);
        }
    }
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let tone = Sound::from_mono(44_100, &[0.0, 0.5]);
    let loud = Sound::from_mono(44_100, &[0.0, 1.5]);
    let fast = Sound::from_mono(1_000_000, &[0.0, 0.5]);
    let broken = Sound::from_mono(44_100, &[0.0, f64::NAN]);
    let none = Sound::from_mono(44_100, &[]);
    let cases: [(&str, &Sound, Option<SampleFormat>, &str); 8] = [
        ("a.mp3", &tone, None, "ending .mp3; expected a name ending in .wav or .flac"),
        ("a", &tone, None, "no ending"),
        ("a.flac", &tone, Some(SampleFormat::Float32), "choose 24 bits or write .wav"),
        ("a.flac", &loud, None, "a peak of 1.5000"),
        ("a.wav", &loud, Some(SampleFormat::Int16), "would clip"),
        ("a.flac", &fast, None, "write .wav"),
        ("a.wav", &broken, None, "NaN or infinite at 1"),
        ("a.wav", &none, None, "no samples"),
    ];
    for (name, sound, format, expected) in cases {
        let message = write_sound(&folder.path().join(name), sound, format, &[]).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
    }
}

/// A sound of any length, piece by piece: the same samples.
#[test]
fn pieces_are_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.wav", "a.flac"] {
        let path = folder.path().join(name);
        let channels: Vec<Vec<f64>> =
            [0.1, 0.2].map(|step| (0..30_000).map(|i| 0.5 * (step * f64::from(i)).sin()).collect()).to_vec();
        let sound = Sound::from_channels(8000, &channels);
        write_sound(&path, &sound, None, &[]).unwrap();
        let whole = read_sound(&path, SoundReadOptions::default()).unwrap();
        let mut found = vec![Vec::new(); 2];
        let mut most = 0;
        let shape = photophone_files::stream_sound(&path, |rate, pieces| {
            assert_eq!(rate, 8000);
            most = most.max(pieces[0].len());
            found.iter_mut().zip(pieces).for_each(|(found, piece)| found.extend_from_slice(piece));
            Ok::<(), FileError>(())
        });
        let shape = shape.unwrap();
        assert_eq!((shape.sample_rate_hz, shape.channels, shape.frames), (8000, 2, 30_000));
        assert_eq!(found, whole.channels);
        assert!(most < 30_000, "{most} at a time");
        let ended = photophone_files::stream_sound(&path, |_, _| Err(FileError::Exists { path: path.clone() }));
        assert!(matches!(ended, Err(FileError::Exists { .. })), "{ended:?}");
    }
}
