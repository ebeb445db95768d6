//! A sound's levels on the grid of the picture: the root mean square of the exact transform's coefficients over each column.

use photophone_spectrum::Plane;
use photophone_transform::StopFlag;
use photophone_transform::gabor::{Analyser, Band, GaborParams, RaggedCells, SliceOptions, Slices};

use super::layout::Layout;
use super::recipe::OwnRecipe;
use crate::Error;
use crate::files::{GraySamples, Sound};

/// Samples that the transform is fed at a time, so that it can be stopped in between.
const PIECE: usize = 1 << 18;

/// Columns of a sound: column `j` holds the samples from `j hop` to `(j + 1) hop`, and the last one may reach beyond the sound.
pub(super) fn columns_of(samples: usize, hop: usize) -> usize {
    samples.saturating_sub(1) / hop + 1
}

/// Levels as whole numbers, a channel after the other: row 0 is the lowest band, and 0 stands for the lowest level or below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// Of each channel, bands by columns.
    pub channels: Vec<Plane<u16>>,
    /// The number of the highest level: 255 or 65 535.
    pub most: u16,
}

/// The mean power of every band in every column: `|C|^2`, which is the square of the amplitude of a sinusoid at the band's centre.
///
/// Column `j` holds the samples from `j hop` to `(j + 1) hop`. Of a band's coefficients there, which lie no further apart, it is the
/// mean, those at both ends counted half.
/// Shape: bands by `samples / hop`, rounded up. Cost: one transform in single precision, in slices.
///
/// # Errors
/// Parameters that make no transform, samples that are not finite, or an interruption.
pub(super) fn powers(
    samples: &[f32],
    (params, hop): (&GaborParams, usize),
    stop: &StopFlag,
) -> Result<Plane<f32>, Error> {
    let slices = Slices::<f32>::new(params, &SliceOptions::default())?;
    let bands = slices.plan().bands().to_vec();
    let mut powers = Plane::filled(bands.len(), columns_of(samples.len(), hop), 0.0f32);
    let mut analyser = Analyser::new(&slices);
    let mut number = 0;
    let mut add = |block: &mut RaggedCells<f32>| {
        add_block(block, &bands, (slices.first_sample(number), hop), &mut powers);
        number += 1;
    };
    for piece in samples.chunks(PIECE) {
        stop.check()?;
        analyser.push(piece, &mut add)?;
    }
    analyser.finish(&mut add)?;
    Ok(powers)
}

/// Adds what the coefficients of a block, whose first ones belong to sample `first`, say of the columns near them.
fn add_block(block: &RaggedCells<f32>, bands: &[Band], (first, hop): (i64, usize), powers: &mut Plane<f32>) {
    let columns = powers.columns() as i64;
    let column_hop = hop as i64;
    for (row, band) in bands.iter().enumerate() {
        let hop = band.hop as i64;
        let share = hop as f32 / column_hop as f32;
        let line = powers.row_mut(row);
        for (at, value) in block.row(row).iter().enumerate() {
            let sample = first + at as i64 * hop;
            let power = share * value.norm_sqr();
            let column = sample.div_euclid(column_hop);
            let mut add = |column: i64, power: f32| {
                if (0..columns).contains(&column) {
                    line[column as usize] += power;
                }
            };
            if sample.rem_euclid(column_hop) == 0 {
                add(column - 1, 0.5 * power);
                add(column, 0.5 * power);
            } else {
                add(column, power);
            }
        }
    }
}

/// The levels of a sound, as its picture has them.
///
/// # Errors
/// As [`powers`].
pub(super) fn levels_of(sound: &Sound, recipe: &OwnRecipe, stop: &StopFlag) -> Result<Levels, Error> {
    let most = if recipe.picture.bits == 16 { u16::MAX } else { u16::from(u8::MAX) };
    let params = recipe.params();
    let channels = sound.channels.iter().map(|samples| {
        let powers = powers(samples, (&params, recipe.picture.hop), stop)?;
        Ok(quantised(&powers, recipe, most))
    });
    Ok(Levels { channels: channels.collect::<Result<_, Error>>()?, most })
}

/// Powers as levels of a range in dB below the reference.
pub(super) fn quantised(powers: &Plane<f32>, recipe: &OwnRecipe, most: u16) -> Plane<u16> {
    let picture = &recipe.picture;
    let reference_db = 20.0 * picture.reference.log10();
    powers.map(|&power| {
        let db = 10.0 * f64::from(power).log10() - reference_db;
        // The logarithm of 0 is below all levels.
        ((1.0 + db / picture.range_db) * f64::from(most)).round().clamp(0.0, f64::from(most)) as u16
    })
}

impl Levels {
    /// The pixels of the panels, row by row from the top, black between them and right of them.
    pub(super) fn painted(&self, layout: Layout) -> Vec<u16> {
        let width = layout.width();
        let mut pixels = vec![0; width * layout.panel_rows()];
        for (channel, plane) in self.channels.iter().enumerate() {
            for row in 0..plane.rows() {
                let y = layout.top_of(channel) + plane.rows() - 1 - row;
                let line = plane.row(row);
                pixels[y * width..y * width + line.len()].copy_from_slice(line);
            }
        }
        pixels
    }
}

/// Pixels as the samples of a picture of so many bits.
pub(super) fn samples_of(pixels: Vec<u16>, bits: u8) -> GraySamples {
    if bits == 16 {
        return GraySamples::Sixteen(pixels);
    }
    GraySamples::Eight(pixels.into_iter().map(|pixel| pixel.min(255) as u8).collect())
}
