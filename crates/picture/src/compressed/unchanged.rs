//! Which blocks of a JPEG are nothing but what it made of a picture that is known.

use super::Jpeg;
use super::cosine::{Block, Cosine, SIDE};

/// By how much a decoder's rounding to whole samples moves a coefficient, at most: half a level in each of 64 samples, as seldom
/// all of one sign as noise is (four standard deviations of `sqrt(1/12)`), and as much by the encoder's whole numbers.
const ROUNDING: f32 = 2.4;

/// By how many levels a sample may be off what the steps alone would make of it, where it was cut to 0 to 255.
const CUT_ROUNDING: f32 = 3.0;

/// Whether each pixel of a JPEG lies in a block of luma that the encoder made of a gray picture, row by row from the top; `None`
/// where the sizes differ. What lies beyond the picture's edges is taken to repeat its last row and column, as libjpeg does.
///
/// A block is one of these where every coefficient is the drawn one rounded to a multiple of its step, but for rounding; or,
/// where samples are cut at black and white, where all samples are those of the rounded coefficients. An edit that is smaller
/// than a step everywhere is not seen. Cost: three transforms of each block.
pub fn unchanged_by_edits(drawn: &[u8], jpeg: &Jpeg) -> Option<Vec<bool>> {
    let (width, height) = (jpeg.width, jpeg.height);
    let luma = jpeg.channels.first()?;
    if drawn.len() != width * height || luma.samples.len() != drawn.len() {
        return None;
    }
    let (cosine, mut unchanged) = (Cosine::new(), vec![false; drawn.len()]);
    for top in (0..height).step_by(SIDE) {
        for left in (0..width).step_by(SIDE) {
            let block = |samples: &[u8]| -> Block {
                std::array::from_fn(|i| {
                    let (y, x) = ((top + i / SIDE).min(height - 1), (left + i % SIDE).min(width - 1));
                    f32::from(samples[y * width + x]) - 128.0
                })
            };
            let (drawn, decoded) = (block(drawn), block(&luma.samples));
            let size = (height.saturating_sub(top).min(SIDE), width.saturating_sub(left).min(SIDE));
            let is_unchanged = is_made_of(&cosine, (&drawn, &decoded), &luma.steps, size);
            for y in top..(top + SIDE).min(height) {
                unchanged[y * width + left..y * width + (left + SIDE).min(width)].fill(is_unchanged);
            }
        }
    }
    Some(unchanged)
}

/// `size`: rows and columns of the block that lie in the picture. What a decoder had beyond them is not known.
fn is_made_of(
    cosine: &Cosine,
    (drawn, decoded): (&Block, &Block),
    steps: &[u16; 64],
    (rows, columns): (usize, usize),
) -> bool {
    let (wanted, found) = (cosine.forward(drawn), cosine.forward(decoded));
    let within = || {
        let mut pairs = wanted.iter().zip(found).zip(steps);
        pairs.all(|((wanted, found), step)| (wanted - found).abs() <= 0.5 * f32::from(*step) + ROUNDING)
    };
    if (rows, columns) == (SIDE, SIDE) && within() {
        return true;
    }
    let mut rounded = wanted;
    for (value, step) in rounded.iter_mut().zip(steps) {
        let step = f32::from(*step).max(1.0);
        *value = (*value / step).round() * step;
    }
    let made = cosine.inverse(&rounded).map(|sample| sample.clamp(-128.0, 127.0));
    let is_near = |i: usize| (made[i] - decoded[i]).abs() <= CUT_ROUNDING;
    (0..rows).all(|y| (0..columns).all(|x| is_near(y * SIDE + x)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compressed::JpegChannel;

    const WIDTH: usize = 44;
    const HEIGHT: usize = 20;

    /// What a JPEG of such steps makes of a picture, by the definition.
    fn encoded(drawn: &[u8], steps: [u16; 64]) -> Jpeg {
        let (cosine, mut samples) = (Cosine::new(), vec![0; drawn.len()]);
        for top in (0..HEIGHT).step_by(SIDE) {
            for left in (0..WIDTH).step_by(SIDE) {
                let at = |i: usize| ((top + i / SIDE).min(HEIGHT - 1), (left + i % SIDE).min(WIDTH - 1));
                let block: Block = std::array::from_fn(|i| f32::from(drawn[at(i).0 * WIDTH + at(i).1]) - 128.0);
                let mut kept = cosine.forward(&block);
                kept.iter_mut()
                    .zip(steps)
                    .for_each(|(value, step)| *value = (*value / f32::from(step)).round() * f32::from(step));
                let is_seen = |i: &usize| top + i / SIDE < HEIGHT && left + i % SIDE < WIDTH;
                let made = cosine.inverse(&kept);
                for (i, sample) in made.iter().enumerate().filter(|(i, _)| is_seen(i)) {
                    samples[at(i).0 * WIDTH + at(i).1] = (sample + 128.0).round().clamp(0.0, 255.0) as u8;
                }
            }
        }
        let channel = JpegChannel { samples, steps, pixels_per_sample: (1, 1) };
        Jpeg { width: WIDTH, height: HEIGHT, channels: vec![channel] }
    }

    #[test]
    fn edited_blocks_are_told_from_those_that_only_were_compressed() {
        // Dark, with lines as a spectrogram has them: many samples are cut at black.
        let drawn: Vec<u8> = (0..WIDTH * HEIGHT)
            .map(|i| if (i / WIDTH) % 6 < 2 { (i * 7919 % 180) as u8 } else { (i * 104_729 % 9) as u8 })
            .collect();
        for step in [2, 9, 24] {
            let steps: [u16; 64] = std::array::from_fn(|i| step + (i / 4) as u16);
            let jpeg = encoded(&drawn, steps);
            assert_ne!(jpeg.channels[0].samples, drawn);
            assert!(unchanged_by_edits(&drawn, &jpeg).unwrap().iter().all(|is| *is), "step {step}");
            let mut edited = drawn.clone();
            for y in 3..6 {
                edited[y * WIDTH + 10..y * WIDTH + 14].fill(200);
            }
            let found = unchanged_by_edits(&drawn, &encoded(&edited, steps)).unwrap();
            let wanted = |i: usize| !(i / WIDTH < 8 && (8..16).contains(&(i % WIDTH)));
            let other = (0..found.len()).find(|&i| found[i] != wanted(i)).map(|i| (i / WIDTH, i % WIDTH));
            assert_eq!(other, None, "step {step}");
        }
        assert_eq!(unchanged_by_edits(&drawn[1..], &encoded(&drawn, [9; 64])), None);
    }
}
