//! Small figures drawn by librosa and matplotlib (`figures/make.py`): what is said of them is what was drawn.

use std::path::{Path, PathBuf};

use photophone::picture::{Flip, PixelBox, ReadOptions};
use photophone::picture::{GivenAxes, PanelReading, Reading, StatementSource, Verdict};
use photophone::spectrum::{FrequencyScale, Source};
use photophone::{Input, Inspected, Recipe, RecoverOptions, Recovered, TransformRecipe, inspect, recover};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures").join(format!("{name}.png"))
}

fn inspected(name: &str, given: &GivenAxes) -> Inspected {
    let options = RecoverOptions { input: Input::from(path(name)), axes: given.clone(), ..RecoverOptions::default() };
    inspect(&options).expect("a picture")
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

/// Half of the frequencies and two thirds of the times: neither the rate nor the number of cells can be told.
#[test]
fn a_zoom_is_not_taken_for_the_whole_of_another_sound() {
    let reading = read("zoom");
    let panel = &reading.panels[0];
    assert!(panel.sample_rate.value == Some(22050) || panel.sample_rate.confidence < 0.7, "{:?}", panel.sample_rate);
    assert_eq!(panel.cells.value, None, "{:?}", panel.cells);
    let transform = panel.transform.value.as_ref().unwrap();
    assert_eq!((transform.kind, transform.n_fft), ("stft", None));
    let (frequency, time) = (panel.frequency.value.unwrap(), panel.time.value.unwrap());
    near(frequency.high_hz, 5512.5, 5.6);
    near(time.low_s, 0.2, 0.003);
    near(time.high_s, 1.2, 0.003);
}

#[test]
fn times_that_rise_to_the_left_are_said_and_their_numbers_rise() {
    let Inspected { reading, raster, .. } = inspected("mirrored", &GivenAxes::default());
    let panel = &reading.panels[0];
    assert_eq!(panel.orientation.value, Some("horizontal"));
    let time = panel.time.value.unwrap();
    near(time.high_s, -256.0 / 22050.0, 1e-9);
    near(time.low_s, 64.5 * 512.0 / 22050.0, 1e-9);
    let numbers = panel.numbers(&raster.unwrap(), &photophone::spectrum::StopFlag::default()).unwrap();
    assert!(numbers.times_s.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_bars_end_as_white_as_the_page_is_at_the_panels_edge() {
    let reading = read("white_end");
    let levels = reading.panels[0].levels.value.as_ref().unwrap();
    assert_eq!((levels.scale, levels.low, levels.high), ("db", -40.0, 0.0));
}

#[test]
fn numbers_have_the_times_of_frames_and_the_frequencies_of_bins() {
    let Inspected { reading, raster, .. } = inspected("mel", &GivenAxes::default());
    let numbers = reading.panels[0].numbers(&raster.unwrap(), &photophone::spectrum::StopFlag::default()).unwrap();
    for (frame, &secs) in numbers.times_s.iter().enumerate() {
        near(secs, frame as f64 * 512.0 / 22050.0, 1e-9);
    }
    near(numbers.frequencies_hz[0], 0.0, 1e-9);
    near(numbers.frequencies_hz[63], 8000.0, 1e-6);
    assert_eq!((numbers.axes, numbers.are_cells), ([true, true], [true, true]));
}

/// What is said of a figure with these options.
fn told(name: &str, reading: ReadOptions, transform: TransformRecipe) -> Result<Inspected, photophone::Error> {
    let recipe = Recipe::from(transform);
    let options = RecoverOptions { input: Input::from(path(name)), reading, recipe, ..RecoverOptions::default() };
    inspect(&options)
}

#[test]
fn what_is_known_of_a_figures_picture_and_transform_is_taken() {
    let crop = PixelBox { x: 60, y: 40, width: 250, height: 200 };
    let reading =
        ReadOptions { crop: Some(crop), cells: Some((512, 60)), flip: Some(Flip::Vertical), ..ReadOptions::default() };
    let transform = "stft:1024:256".parse::<TransformRecipe>().unwrap();
    let transform = TransformRecipe { sr: Some(16000.0), ..transform };
    let Inspected { reading, raster, .. } = told("stft_linear", reading, transform).unwrap();
    let panel = &reading.panels[0];
    assert_eq!(panel.data_box.value, Some([60.0, 40.0, 250.0, 200.0]));
    assert_eq!((panel.cells.value, panel.orientation.value), (Some([512, 60]), Some("vertical")));
    assert_eq!((panel.sample_rate.value, panel.sample_rate.source), (Some(16000), StatementSource::Given));
    let said = panel.transform.value.as_ref().unwrap();
    assert_eq!((said.kind, said.n_fft, said.hop), ("stft", Some(1024), Some(256)));
    let numbers = panel.numbers(&raster.unwrap(), &photophone::spectrum::StopFlag::default()).unwrap();
    assert_eq!(numbers.times_s.len(), 60);
}

#[test]
fn what_cannot_be_taken_of_a_figure_is_refused_or_named() {
    let palette = ReadOptions { palette: Some("hot".parse().unwrap()), ..ReadOptions::default() };
    let error = told("stft_linear", palette, TransformRecipe::default()).unwrap_err().to_string();
    assert!(error.contains("hot") && error.contains("palette"), "{error}");
    let axes = GivenAxes { panel: Some(8), ..GivenAxes::default() };
    let options = RecoverOptions { input: Input::from(path("mel")), axes, ..RecoverOptions::default() };
    let error = inspect(&options).unwrap_err().to_string();
    assert!(error.contains("1 box") && error.contains("`panel 9`"), "{error}");
    let reading = ReadOptions { transposed: true, ..ReadOptions::default() };
    let transform = TransformRecipe { filter_scale: Some(2.0), ..TransformRecipe::default() };
    let warning = told("stft_linear", reading, transform).unwrap().warning.unwrap();
    assert!(warning.contains("`transposed` and `filter-scale` have no effect"), "{warning}");
    assert_eq!(inspected("stft_linear", &GivenAxes::default()).warning, None);
}

/// What `recover` says of a value of the recipe.
fn finding(recovered: &Recovered, name: &str) -> (String, Source) {
    let found = recovered.report.findings.iter().find(|entry| entry.section == "recipe" && entry.name == name);
    found.map(|entry| (entry.value.to_string(), entry.source)).expect("a finding")
}

#[test]
fn figures_of_other_transforms_give_the_sound_that_their_axes_tell() {
    for (name, transform, hop, least_db) in [("stft_log", "stft", "512", -15.0), ("mel", "mel", "512", -25.0)] {
        let options = RecoverOptions { input: Input::from(path(name)), ..RecoverOptions::default() };
        let recovered = recover(&options, |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert_eq!(finding(&recovered, "transform"), (format!("\"{transform}\""), Source::Read), "{name}");
        assert_eq!(finding(&recovered, "hop").0, hop, "{name}");
        assert_eq!(recovered.sound.sample_rate_hz, 22_050, "{name}");
        let solve = recovered.report.solve.as_ref().unwrap();
        assert!(solve.of_magnitudes && solve.residual_db < least_db, "{name}: {solve:?}");
        assert!(recovered.overlay.is_some());
        let phase = recovered.report.findings.iter().find(|entry| entry.section == "phase").unwrap();
        assert_eq!(phase.evidence.contains("has none"), name == "mel", "{}", phase.evidence);
    }
}

/// Of 65 frames, of 130 at twice the rate, and of 517 in 268 pixels, of which half have no column.
#[test]
fn constant_q_figures_give_sounds_as_long_and_as_high_as_their_axes_tell() {
    for (name, rate, least_db) in
        [("notes", 22_050, -15.0), ("notes_44khz", 44_100, -15.0), ("notes_narrow", 22_050, -10.0)]
    {
        let options = RecoverOptions { input: Input::from(path(name)), ..RecoverOptions::default() };
        let recovered = recover(&options, |_| std::ops::ControlFlow::Continue(())).unwrap();
        let samples = &recovered.sound.channels[0];
        let secs = samples.len() as f64 / f64::from(rate);
        assert_eq!(recovered.sound.sample_rate_hz, rate, "{name}");
        assert!((secs - 1.5).abs() < 0.05, "{name}: {secs} s");
        let (_, source) = finding(&recovered, "sr");
        assert_eq!(source, Source::Assumed, "{name}");
        let fmin: f64 = finding(&recovered, "fmin").0.parse().unwrap();
        near(fmin, 32.70319566257483, 1e-6);
        let solve = recovered.report.solve.as_ref().unwrap();
        assert!(solve.of_magnitudes && solve.residual_db < least_db, "{name}: {solve:?}");
        assert!(!recovered.report.warnings.iter().any(|warning| warning.contains("sample rate")), "{name}");
    }
}
