//! A whole recovery of a few cells, every setting drawn by chance: usual values mostly, and absurd ones.

use std::ops::ControlFlow;
use std::path::Path;

use fastrand::Rng;
use num_complex::Complex;
use photophone::LoudnessOptions;
use photophone::picture::{Flip, PixelBox, ReadOptions};
use photophone::spectrum::{LevelScale, Plane};
use photophone::transform::retrieval::PhaseMethod;
use photophone::transform::{Gamma, LibrosaVersion, Norm, PadMode, ResType};
use photophone::{
    BitDepth, DrawOptions, Input, Inverse, InverseRecipe, PictureRecipe, Pitch, Recipe, RecoverOptions, SoundRecipe,
    TransformRecipe, Tuning, draw_coefficients, draw_magnitudes, recover,
};

/// Recovers with the settings that the bytes, a number of 64 bits, stand for.
pub(crate) fn recovered(_: &Path, bytes: &[u8]) -> String {
    let seed = bytes.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mut rng = Rng::with_seed(seed);
    let options = match options(&mut rng) {
        Ok(options) => options,
        Err(error) => return error.to_string(),
    };
    match recover(&options, |_| ControlFlow::Continue(())) {
        Ok(recovered) => {
            let finite = recovered.sound.channels.iter().flatten().all(|sample| sample.is_finite());
            assert!(finite, "a sample is not finite: {:?}", options.recipe);
            recovered.report.to_string()
        }
        Err(error) => error.to_string(),
    }
}

fn options(rng: &mut Rng) -> Result<RecoverOptions, photophone::Error> {
    let cells = cells(rng);
    let (input, phase) = input(rng, &cells)?;
    let other = |rng: &mut Rng| -> Result<Option<Input>, photophone::Error> {
        if rng.u32(..8) > 0 { Ok(None) } else { picture(rng, &cells).map(|(input, _)| Some(input)) }
    };
    let loudness = LoudnessOptions { gain_db: one_of(rng, &[0.0, 3.0, -200.0, 1e9]), normalise: rng.bool() };
    Ok(RecoverOptions {
        phase,
        original: other(rng)?,
        mask: other(rng)?,
        centres: rng.bool(),
        phase_method: one_of(rng, &[PhaseMethod::Refined, PhaseMethod::GriffinLim, PhaseMethod::HeapIntegration]),
        seed: rng.u64(..),
        despite_doubt: rng.bool(),
        recipe: recipe(rng),
        reading: reading(rng),
        max_iterations: one_of(rng, &[0, 0, 1, 2, 10, 100]),
        loudness,
        input,
        ..RecoverOptions::default()
    })
}

/// A few coefficients: noise, mostly zeros, or of absurd size.
fn cells(rng: &mut Rng) -> Plane<Complex<f64>> {
    let (rows, frames) = (rng.usize(1..=12), rng.usize(1..=9));
    let scale = one_of(rng, &[1.0, 1.0, 1.0, 0.0, 1e-300, 1e150]);
    let sparse = rng.bool();
    Plane::from_fn(rows, frames, |_, _| {
        let kept = !sparse || rng.u32(..8) == 0;
        let value = Complex::from_polar(rng.f64(), std::f64::consts::TAU * rng.f64());
        if kept { value * scale } else { Complex::default() }
    })
}

/// Coefficients, magnitudes, or either drawn; and a phase or none.
fn input(rng: &mut Rng, cells: &Plane<Complex<f64>>) -> Result<(Input, Option<Input>), photophone::Error> {
    let angles = Input::real("the phase", &cells.map(|cell| cell.arg()));
    Ok(match rng.u32(..5) {
        0 => (Input::complex("the coefficients", cells.clone()), None),
        1 => (Input::real("the magnitudes", &cells.map(|cell| cell.norm())), rng.bool().then_some(angles)),
        2 => {
            let (input, _) = picture(rng, cells)?;
            (input, rng.bool().then_some(angles))
        }
        _ => picture(rng, cells)?,
    })
}

fn picture(rng: &mut Rng, cells: &Plane<Complex<f64>>) -> Result<(Input, Option<Input>), photophone::Error> {
    let recipe = Recipe::from(PictureRecipe { levels: levels(rng), palette: palette(rng), ..PictureRecipe::default() });
    let bits = one_of(rng, &[BitDepth::Eight, BitDepth::Sixteen]);
    let recipe = if bits == BitDepth::Sixteen {
        Recipe { picture: PictureRecipe { palette: None, ..recipe.picture }, ..recipe }
    } else {
        recipe
    };
    let (cell_width_px, cell_height_px) = (rng.usize(1..6), rng.usize(1..6));
    let options = DrawOptions { recipe, bits, cell_width_px, cell_height_px, ..DrawOptions::default() };
    let drawn = if rng.bool() {
        draw_coefficients(cells, &options)?
    } else {
        draw_magnitudes(&cells.map(|cell| cell.norm()), &options)?
    };
    Ok((drawn.to_input()?, drawn.phase_input()))
}

fn recipe(rng: &mut Rng) -> Recipe {
    let rates = [22050.0, 44100.0, 8000.0];
    let hops = [512, 256, 64, 441, 7, 1];
    let notes = [32.7, 55.0, 440.0];
    Recipe {
        transform: TransformRecipe {
            sr: maybe(rng, |rng| near_or_absurd(rng, &rates)),
            hop: maybe(rng, |rng| if rng.u32(..4) > 0 { one_of(rng, &hops) } else { absurd(rng) as usize }),
            bins: None,
            bins_per_octave: maybe(rng, |rng| one_of(rng, &[12, 24, 36, 1, 3, 96, 16384, 0])),
            fmin: maybe(rng, |rng| Pitch(near_or_absurd(rng, &notes))),
            tuning: maybe(rng, |rng| {
                one_of(rng, &[Tuning::Auto, Tuning::Bins(0.3), Tuning::Bins(-1e3), Tuning::Bins(1e300)])
            }),
            gamma: maybe(rng, |rng| one_of(rng, &[Gamma::Erb, Gamma::Hz(0.0), Gamma::Hz(20.0), Gamma::Hz(1e12)])),
            filter_scale: maybe(rng, |rng| near_or_absurd(rng, &[1.0, 0.5, 2.0])),
            window: maybe(rng, |rng| {
                one_of(rng, &["hann", "boxcar", "kaiser:8.6", "gaussian:1e-3", "taylor:9:300", "flattop"])
            })
            .and_then(|name| name.parse().ok()),
            norm: maybe(rng, |rng| {
                one_of(
                    rng,
                    &[Norm::L1, Norm::L2, Norm::Max, Norm::Min, Norm::None, Norm::Count, Norm::P(0.1), Norm::P(1e3)],
                )
            }),
            sparsity: maybe(rng, |rng| one_of(rng, &[0.0, 0.01, 0.5, 0.999_999])),
            scale: maybe(rng, Rng::bool),
            pad_mode: maybe(rng, |rng| one_of(rng, &PadMode::ALL)),
            res_type: maybe(rng, |rng| {
                one_of(rng, &[ResType::Auto, ResType::SoxrHq, ResType::KaiserFast, ResType::KaiserBest])
            }),
            librosa: maybe(rng, |rng| one_of(rng, &LibrosaVersion::ALL)),
            ..TransformRecipe::default()
        },
        sound: SoundRecipe {
            sample_rate: maybe(rng, |rng| one_of(rng, &[44100, 22050, 1, 0, u32::MAX])),
            length: maybe(rng, |rng| one_of(rng, &[0, 1, 2000, 4000, usize::MAX])).filter(|_| rng.u32(..4) == 0),
        },
        picture: PictureRecipe {
            levels: levels(rng),
            reference: maybe(rng, |rng| one_of(rng, &[1.0, 1e-300, 1e300])),
            ..PictureRecipe::default()
        },
        inverse: InverseRecipe { method: maybe(rng, |rng| one_of(rng, &[Inverse::Linear, Inverse::Adaptive])) },
    }
}

fn reading(rng: &mut Rng) -> ReadOptions {
    let side = |rng: &mut Rng| one_of(rng, &[1, 2, 12, 24, 80, usize::MAX]);
    let seldom = |rng: &mut Rng| rng.u32(..8) == 0;
    let flips = [Flip::None, Flip::Vertical, Flip::Horizontal, Flip::Both];
    ReadOptions {
        crop: seldom(rng).then(|| PixelBox {
            x: rng.usize(..9),
            y: rng.usize(..9),
            width: side(rng),
            height: side(rng),
        }),
        cells: seldom(rng).then(|| (side(rng), side(rng))),
        palette: palette(rng).filter(|_| rng.bool()).and_then(|name| name.parse().ok()),
        flip: maybe(rng, |rng| one_of(rng, &flips)),
        transposed: seldom(rng),
        ..ReadOptions::default()
    }
}

fn levels(rng: &mut Rng) -> Option<LevelScale> {
    let db = |low, high| LevelScale::Db { low, high };
    maybe(rng, |rng| one_of(rng, &[LevelScale::Linear, LevelScale::Power, db(-80.0, 0.0), db(-300.0, 300.0)]))
}

fn palette(rng: &mut Rng) -> Option<String> {
    maybe(rng, |rng| one_of(rng, &["magma", "gray", "viridis_r", "jet", "gray-of:magma"])).map(str::to_owned)
}

/// A usual value three times of four, else an absurd one.
fn near_or_absurd(rng: &mut Rng, usual: &[f64]) -> f64 {
    if rng.u32(..4) > 0 { one_of(rng, usual) } else { absurd(rng) }
}

/// Anything from a billionth to a billion.
fn absurd(rng: &mut Rng) -> f64 {
    10f64.powf(18.0 * rng.f64() - 9.0)
}

fn one_of<T: Clone>(rng: &mut Rng, values: &[T]) -> T {
    values[rng.usize(..values.len())].clone()
}

/// A value half of the time.
fn maybe<T>(rng: &mut Rng, value: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    rng.bool().then(|| value(rng))
}
