//! Small figures drawn by librosa and matplotlib (`figures/make.py`): what is said of them is what was drawn.

use std::path::{Path, PathBuf};

use photophone::picture::{GivenAxes, PanelReading, Reading, StatementSource, Verdict};
use photophone::spectrum::FrequencyScale;
use photophone::{Input, Inspected, RecoverOptions, inspect};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures").join(format!("{name}.png"))
}

fn inspected(name: &str, given: &GivenAxes) -> Inspected {
    let options = RecoverOptions { input: Input::from(path(name)), ..RecoverOptions::default() };
    inspect(&options, given).expect("a picture")
}

fn read(name: &str) -> Reading {
    inspected(name, &GivenAxes::default()).reading
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} is not {expected}");
}

/// The box of `plt.subplots(figsize=(6, 4), dpi=72)` with a colour bar, in pixels.
fn assert_box(panel: &PanelReading) {
    for (found, expected) in panel.data_box.value.expect("a box").into_iter().zip([54.0, 34.56, 267.84, 221.76]) {
        near(found, expected, 0.5);
    }
}

/// The times of 65 frames, 512 samples apart, the first centred on 0.
fn assert_times(panel: &PanelReading) {
    let time = panel.time.value.expect("times");
    near(time.low_s, -256.0 / 22050.0, 1e-9);
    near(time.high_s, 64.5 * 512.0 / 22050.0, 1e-9);
}

#[test]
fn the_bins_of_an_stft_are_told_by_the_rows_of_its_logarithmic_axis() {
    let reading = read("stft_log");
    assert_eq!(reading.spectrogram.value, Some(Verdict::Yes));
    assert_eq!(reading.tool.name.value.as_deref(), Some("matplotlib"));
    assert_eq!(reading.tool.version.as_deref(), Some("3.11.2"));
    let panel = &reading.panels[0];
    assert_box(panel);
    assert_times(panel);
    assert_eq!(panel.cells.value, Some([1025, 65]));
    assert_eq!(panel.palette.value.as_deref(), Some("magma"));
    let frequency = panel.frequency.value.unwrap();
    assert_eq!(frequency.scale, FrequencyScale::LIBROSA_LOG);
    near(frequency.low_hz, -5.38330078125, 1e-6);
    near(frequency.high_hz, 11030.38330078125, 1e-6);
    let levels = panel.levels.value.as_ref().unwrap();
    assert_eq!((levels.scale, levels.low, levels.high), ("db", -40.0, 0.0));
    let transform = panel.transform.value.as_ref().unwrap();
    assert_eq!((transform.kind, transform.n_fft, transform.hop), ("stft", Some(2048), Some(512)));
    assert_eq!(panel.sample_rate.value, Some(22050));
    // Each row of pixels shows a bin, the highest on top.
    let bins = &panel.bin_of_row;
    assert_eq!(bins.len(), panel.inside.height);
    assert!(bins.windows(2).all(|pair| pair[0] >= pair[1]) && bins[0] >= 950 && bins[bins.len() - 1] == 0);
    let frames = &panel.frame_of_column;
    assert!(frames.windows(2).all(|pair| pair[1] - pair[0] <= 1) && (frames[0], frames[frames.len() - 1]) == (0, 64));
}

#[test]
fn a_linear_axis_with_more_bins_than_pixels_tells_frequencies_and_no_cells() {
    let reading = read("stft_linear");
    let panel = &reading.panels[0];
    assert_box(panel);
    let frequency = panel.frequency.value.unwrap();
    assert_eq!(frequency.scale, FrequencyScale::Linear);
    near(frequency.high_hz, 11030.38330078125, 11.0);
    assert_eq!((panel.cells.value, panel.cells.source), (None, StatementSource::Unknown));
    assert_eq!(panel.transform.value.as_ref().map(|said| (said.kind, said.n_fft)), Some(("stft", None)));
}

#[test]
fn mel_bands_and_their_upper_end_are_told_by_the_rows() {
    let reading = read("mel");
    let panel = &reading.panels[0];
    assert_times(panel);
    assert_eq!(panel.cells.value, Some([64, 65]));
    let transform = panel.transform.value.as_ref().unwrap();
    assert_eq!((transform.kind, transform.n_mels, transform.fmax), ("mel", Some(64), Some(8000.0)));
    near(panel.frequency.value.unwrap().high_hz, 8192.709117691342, 1e-6);
}

#[test]
fn an_axis_of_notes_is_that_of_constant_q_bins() {
    let reading = read("notes");
    let panel = &reading.panels[0];
    assert_eq!(panel.cells.value, Some([84, 65]));
    let transform = panel.transform.value.as_ref().unwrap();
    assert_eq!((transform.kind, transform.bins_per_octave), ("cqt", Some(12)));
    near(transform.fmin.unwrap(), 32.70319566257483, 1e-6);
}

#[test]
fn a_dark_figure_without_a_bar_is_read_and_its_levels_are_unknown() {
    let reading = read("dark");
    assert_eq!(reading.spectrogram.value, Some(Verdict::Yes));
    assert_eq!(reading.panels[0].cells.value, Some([1025, 65]));
    assert_eq!(reading.panels[0].levels.value, None);
}

#[test]
fn what_is_no_spectrogram_is_said_not_to_be_one_or_not_known() {
    for (name, verdict) in [("mfcc", Verdict::No), ("phase", Verdict::No), ("curve", Verdict::Unknown)] {
        assert_eq!(read(name).spectrogram.value, Some(verdict), "{name}");
    }
}

#[test]
fn what_is_given_stands_in_place_of_what_is_read() {
    let given = GivenAxes { fmax_hz: Some(5000.0), duration_s: Some(3.0), ..GivenAxes::default() };
    let reading = inspected("stft_linear", &given).reading;
    let panel = &reading.panels[0];
    assert_eq!(panel.frequency.source, StatementSource::Given);
    near(panel.frequency.value.unwrap().high_hz, 5000.0, 1e-9);
    let time = panel.time.value.unwrap();
    near(time.high_s - time.low_s, 3.0, 1e-9);
    assert_eq!(panel.palette.source, StatementSource::Read);
}

/// The loudest cell of the sound is the third note's first partial, at 440 Hz, within a bin.
#[test]
fn a_panel_as_numbers_has_the_values_of_its_colours() {
    let Inspected { reading, raster, .. } = inspected("notes", &GivenAxes::default());
    let numbers = reading.panels[0].numbers(&raster.unwrap(), &photophone::spectrum::StopFlag::default()).unwrap();
    assert_eq!(numbers.values.shape(), (84, 65));
    let loudest = (0..84).max_by(|&a, &b| {
        let sum = |row: usize| (0..65).map(|frame| numbers.values[(row, frame)]).fold(f64::MIN, f64::max);
        sum(a).total_cmp(&sum(b))
    });
    let hz = numbers.frequencies_hz[loudest.unwrap()];
    assert!([220.0, 330.0, 440.0].iter().any(|note: &f64| (hz / note).log2().abs() < 1.0 / 12.0), "{hz} Hz");
    assert!(numbers.values.as_slice().iter().all(|value| (-40.0..=0.0).contains(value)));
    let ranges = numbers.low.as_slice().iter().zip(numbers.high.as_slice()).zip(numbers.values.as_slice());
    assert!(ranges.into_iter().all(|((low, high), value)| low <= value && value <= high));
}
