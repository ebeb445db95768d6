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

/// An AIFF-C file of one channel with so many samples declared. Rates are of the 80-bit floats that it has them in.
fn aiff(codec: [u8; 4], rate: u32, bits: u16, frames: u32, data: &[u8]) -> Vec<u8> {
    let exponent = rate.ilog2();
    let mantissa = u64::from(rate) << (63 - exponent);
    let mut comm = 1u16.to_be_bytes().to_vec();
    comm.extend(frames.to_be_bytes());
    comm.extend(bits.to_be_bytes());
    comm.extend((16_383 + exponent as u16).to_be_bytes());
    comm.extend(mantissa.to_be_bytes());
    comm.extend(codec);
    comm.extend([0, 0]);
    let declared = frames * u32::from(bits / 8);
    let chunk = |kind: &[u8; 4], size: u32| [&kind[..], &size.to_be_bytes()].concat();
    let ssnd = [chunk(b"SSND", 8 + declared), vec![0; 8], data.to_vec()].concat();
    let form = [b"AIFC", &chunk(b"COMM", comm.len() as u32)[..], &comm, &ssnd].concat();
    [&chunk(b"FORM", 4 + comm.len() as u32 + 24 + declared)[..], &form].concat()
}

/// A CAF file of one channel with so many bytes declared.
fn caf(codec: &str, flags: u32, rate: f64, bits: u32, declared: u64, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"caff\0\x01\0\0desc".to_vec();
    bytes.extend(32u64.to_be_bytes());
    bytes.extend(rate.to_be_bytes());
    bytes.extend(codec.as_bytes());
    for number in [flags, bits / 8, 1, 1, bits] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(b"data");
    bytes.extend((4 + declared).to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
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
        ("empty", vec![], &["is empty (0 bytes)", "WAV, FLAC, Ogg Vorbis, MP3, AIFF, M4A (AAC or ALAC) or CAF"]),
        ("text", b"this is not a sound".to_vec(), &["no known kind", "74 68 69 73"]),
        ("png", b"\x89PNG\r\n\x1a\n0000".to_vec(), &["a PNG picture", "where a picture is asked for"]),
        ("m4a", b"\0\0\0\x20ftypM4A \0\0\0\0".to_vec(), &[]),
        ("aiff", b"FORM\0\0\0\0AIFFCOMM".to_vec(), &[]),
        ("wavpack", b"wvpk\x1e\x15\0\0\x10\x04".to_vec(), &["a WavPack sound", "ffmpeg"]),
        ("wave64", b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb".to_vec(), &["a Wave64 sound", "ffmpeg"]),
        ("au", b".snd\0\0\0\x18".to_vec(), &["an AU sound", "ffmpeg"]),
        ("cut aiff", aiff(*b"NONE", 96_000, 16, 4000, &[0; 100]), &["damaged"]),
        ("cut caf", caf("lpcm", 0, 96_000.0, 16, 8000, &[0; 100]), &[]),
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
    assert!(opus.to_string().contains("an Opus sound") && opus.to_string().contains("ffmpeg"), "{opus}");
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
    for name in ["tone.flac", "tone.mp3", "tone.ogg", "alac.m4a", "aac.m4a", "alac.caf"] {
        let error =
            read_sound(&fixture(name), SoundReadOptions { max_secs: 0.02, ..SoundReadOptions::default() }).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }) && error.to_string().contains("0.02 s"), "{error}");
    }
}

#[test]
fn no_prefix_or_flipped_byte_of_a_sound_panics() {
    for name in
        ["tone.ogg", "tone.mp3", "tone.flac", "alac.m4a", "aac.m4a", "alac.caf", "tone.rf64", "tone.aiff", "tone.aac"]
    {
        let bytes = fs::read(fixture(name)).unwrap();
        for n in (0..bytes.len()).step_by(bytes.len().div_ceil(200)) {
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

/// Integers of `bits` bits, the largest negative one first, and what they stand for; in bytes, the highest first.
fn integers(bits: u32) -> (Vec<u8>, Vec<f32>) {
    let full = 1i64 << (bits - 1);
    let values = [-full, full / 2, -full / 4, 0, full / 8];
    let bytes = values.iter().flat_map(|value| value.to_be_bytes()[8 - bits as usize / 8..].to_vec()).collect();
    (bytes, values.iter().map(|&value| (value as f64 / full as f64) as f32).collect())
}

#[test]
fn aiff_and_caf_of_all_widths_and_high_rates_read_to_the_sample() {
    let floats = [-1.0, 0.5, 0.125f32, 0.0, -0.75];
    let big = |value: &f32| value.to_be_bytes();
    let doubles: Vec<u8> = floats.iter().flat_map(|&value| f64::from(value).to_be_bytes()).collect();
    let mut cases = vec![
        (aiff(*b"fl32", 192_000, 32, 5, floats.iter().flat_map(big).collect::<Vec<_>>().as_slice()), floats.to_vec()),
        (aiff(*b"fl64", 192_000, 64, 5, &doubles), floats.to_vec()),
        (caf("lpcm", 1, 192_000.0, 64, 40, &doubles), floats.to_vec()),
    ];
    for bits in [8, 16, 24, 32] {
        let (bytes, samples) = integers(bits);
        let mut reversed = bytes.clone();
        reversed.chunks_mut(bits as usize / 8).for_each(<[u8]>::reverse);
        cases.push((aiff(*b"NONE", 192_000, bits as u16, 5, &bytes), samples.clone()));
        // WAV's 8 bits are without sign, and tested above; CAF's are not read.
        if bits > 8 {
            cases.push((caf("lpcm", 0, 192_000.0, bits, bytes.len() as u64, &bytes), samples.clone()));
            cases.push((caf("lpcm", 2, 192_000.0, bits, bytes.len() as u64, &reversed), samples.clone()));
            cases.push((whole_wav(1, bits as u16, &reversed), samples));
        }
    }
    for (number, (bytes, samples)) in cases.iter().enumerate() {
        let sound = read_bytes(bytes).unwrap_or_else(|error| panic!("case {number}: {error}"));
        assert_eq!(&sound.channels[..], std::slice::from_ref(samples), "case {number}");
        assert!([8000, 192_000].contains(&sound.sample_rate_hz), "case {number}");
    }
}

/// ITU-T G.711, table 2a: 14 bits, here of 16.
#[test]
fn mu_law_is_decoded_in_caf_too() {
    let stored: Vec<u8> = (0..=255).collect();
    let sound = read_bytes(&caf("ulaw", 0, 8000.0, 8, 256, &stored)).unwrap();
    for (code, sample) in stored.iter().zip(&sound.channels[0]) {
        let (sign, exponent, mantissa) = (!code & 0x80, (!code >> 4) & 7, i32::from(!code & 15));
        let magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84;
        let wanted = if sign == 0 { magnitude } else { -magnitude };
        assert_eq!(sample * 32_768.0, wanted as f32, "{code}");
    }
}

/// A bare stream of AAC frames tells neither its length nor its encoder's delay.
#[test]
fn a_bare_aac_stream_is_read_from_its_first_frame_on() {
    let (bare, edited) = (read(&fixture("tone.aac")).unwrap(), read(&fixture("aac.m4a")).unwrap());
    assert_eq!((bare.sample_rate_hz, bare.frames() % 1024), (22_050, 0));
    assert!(bare.channels[0][1024..].starts_with(&edited.channels[0][..4096 - 1024]));
}

#[test]
fn files_of_other_programs_in_the_newer_formats_are_the_tone() {
    let cases = [
        ("alac.m4a", 22_050, 2, 4410, 1e-4),
        ("alac.caf", 22_050, 2, 4410, 1e-4),
        ("tone.rf64", 192_000, 2, 1000, 1e-6),
        ("tone.aiff", 96_000, 2, 1000, 1e-7),
    ];
    for (name, rate, channels, frames, most) in cases {
        let sound = read(&fixture(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((sound.sample_rate_hz, sound.channels.len(), sound.frames()), (rate, channels, frames), "{name}");
        let error = tone_error(&sound.channels[0].iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
        assert!(error < most, "{name}: {error}");
        let half = |(one, other): (&f32, &f32)| (one / 2.0 - other).abs() < 1e-4;
        assert!(sound.channels[0].iter().zip(&sound.channels[1]).all(half), "{name}");
    }
}

/// An encoder's 1024 samples of delay do not shift the sound: its onset, which AAC blurs, aside.
#[test]
fn aac_begins_where_the_sound_does() {
    let sound = read(&fixture("aac.m4a")).unwrap();
    assert!((4410..4410 + 23).contains(&sound.frames()), "{} samples, and a thousandth of a second", sound.frames());
    let steady = &sound.channels[0][1500..3500];
    let tone = |n: usize| 0.5 * (TAU * 440.0 * (n + 1500) as f64 / 22050.0).sin();
    let error: f64 = steady.iter().enumerate().map(|(n, &sample)| (f64::from(sample) - tone(n)).powi(2)).sum();
    let power: f64 = (0..steady.len()).map(|n| tone(n).powi(2)).sum();
    // One sample of shift alone would give 0.125.
    assert!((error / power).sqrt() < 0.05, "{}", (error / power).sqrt());
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

/// What an edit list or a packet table leaves out is left out piece by piece too.
#[test]
fn pieces_of_edited_files_are_the_whole() {
    for name in ["aac.m4a", "alac.m4a", "alac.caf", "tone.rf64"] {
        let whole = read(&fixture(name)).unwrap();
        let mut found = vec![Vec::new(); whole.channels.len()];
        let shape = photophone_files::stream_sound(&fixture(name), |_, pieces| {
            found.iter_mut().zip(pieces).for_each(|(found, piece)| found.extend_from_slice(piece));
            Ok::<(), FileError>(())
        });
        assert!(shape.unwrap().frames == whole.frames() && found == whole.channels, "{name}");
    }
}
