//! The plot of a comparison: its size, and that the panels show what they are named after.

use photophone::Error;
use photophone::clip::demo_clip;
use photophone::compare::{Difference, Mono, PlotOptions, plot};
use photophone_picture::Raster;

const RATE_HZ: u32 = 22050;

fn clip() -> Vec<f64> {
    demo_clip(RATE_HZ).into_iter().map(f64::from).collect()
}

fn drawn(truth: &[f64], result: &[f64], options: &PlotOptions) -> Raster {
    let mono = |samples| Mono { samples, sample_rate_hz: RATE_HZ };
    plot(mono(truth), mono(result), options).unwrap_or_else(|error| panic!("{error}"))
}

/// The pixels of the three panels, found as the coloured boxes that they are on white paper.
fn panels(picture: &Raster) -> [Vec<[u8; 4]>; 3] {
    let x = picture.width() / 3;
    let is_paper = |y: usize| picture.row(y)[x..x + 64].iter().all(|&pixel| pixel == [255; 4]);
    let left = 56;
    let width = picture.width() - left - 76;
    let mut found = Vec::new();
    let mut y = 0;
    while y < picture.height() {
        let start = y;
        while y < picture.height() && !is_paper(y) {
            y += 1;
        }
        // Titles are 7 pixels high.
        if y - start > 50 {
            found.push((start..y).flat_map(|y| picture.row(y)[left..left + width].to_vec()).collect());
        }
        y += 1;
    }
    found.try_into().unwrap_or_else(|found: Vec<_>| panic!("{} panels", found.len()))
}

fn brightness(pixels: &[[u8; 4]]) -> f64 {
    pixels.iter().map(|p| f64::from(p[0]) + f64::from(p[1]) + f64::from(p[2])).sum::<f64>() / pixels.len() as f64
}

#[test]
fn equal_sounds_have_equal_panels_and_no_difference() {
    let clip = clip();
    for difference in [Difference::Magnitudes, Difference::Waveforms] {
        let picture = drawn(&clip, &clip, &PlotOptions { difference, ..PlotOptions::default() });
        assert!((800 + 132..=1000 + 132).contains(&picture.width()), "{}", picture.width());
        let [truth, result, difference] = panels(&picture);
        assert_eq!(truth, result);
        assert_eq!(truth.len(), difference.len());
        // The lowest colour of magma.
        assert!(difference.iter().all(|&pixel| pixel == [0, 0, 4, 255]));
        assert!(brightness(&truth) > 60.0);
        // The truth's loudest cell is the highest colour.
        assert!(truth.contains(&[252, 253, 191, 255]));
    }
}

#[test]
fn each_difference_sees_what_it_should() {
    let clip = clip();
    let inverted: Vec<f64> = clip.iter().map(|x| -0.5 * x).collect();
    let options = |difference| PlotOptions { difference, ..PlotOptions::default() };
    let [truth, result, difference] = panels(&drawn(&clip, &inverted, &options(Difference::Magnitudes)));
    assert_eq!(truth, result);
    assert!(brightness(&difference) < 5.0);
    let [truth, result, difference] = panels(&drawn(&clip, &inverted, &options(Difference::Waveforms)));
    assert!(brightness(&result) < brightness(&truth));
    assert!(brightness(&difference) > brightness(&truth));
}

#[test]
fn the_lag_is_taken_back() {
    let clip = clip();
    let options = |lag| PlotOptions { difference: Difference::Waveforms, lag };
    let [_, _, apart] = panels(&drawn(&clip, &clip[100..], &options(0)));
    let [_, _, together] = panels(&drawn(&clip, &clip[100..], &options(100)));
    assert!(brightness(&together) < 5.0 && brightness(&apart) > 60.0);
}

#[test]
fn any_length_and_rate_is_drawn_or_refused_and_never_worse() {
    for rate in [100, 200, 1000, 8000, 48000, 192_000] {
        for length in [1, 100, 3000, 40_000] {
            let samples: Vec<f64> = (0..length).map(|n| (f64::from(n) * 0.3).sin()).chain([0.5]).collect();
            let mono = Mono { samples: &samples, sample_rate_hz: rate };
            match plot(mono, mono, &PlotOptions::default()) {
                Ok(picture) => assert!(picture.width() <= 1132 && picture.height() >= 79),
                Err(Error::Transform(error)) => assert!(rate < 140 || length < 3000, "{rate} {length} {error}"),
                Err(error) => panic!("{rate} {length} {error}"),
            }
        }
    }
}

#[test]
fn a_lag_beyond_the_sounds_is_refused() {
    let mono = Mono { samples: &[0.5; 50], sample_rate_hz: RATE_HZ };
    for lag in [-50, isize::MIN] {
        let error = plot(mono, mono, &PlotOptions { lag, ..PlotOptions::default() });
        assert!(matches!(error, Err(Error::Incomparable { .. })));
    }
}
