//! A picture whose colours were changed as a whole (brightness, contrast, gamma), in the colours that it had before.

use std::collections::HashMap;

use photophone_picture::Raster;

/// Most colours of the picture before: a palette has 510 at most, more are of a picture that was blurred or a JPEG.
const MOST_COLOURS: usize = 1024;

/// Mean shift of a colour, in steps of an 8-bit channel, up to which colours count as kept: a JPEG's shifts average out
/// below it.
const KEPT: f64 = 4.0;

/// Share of the pixels that have to follow one change of colours, and that have to have left the colours there were: most.
/// Edits in the palette's own colours are meant.
const MOST: f64 = 0.5;

/// How far a pixel may lie from its changed colour and still follow the change: rounding, and this many times the median.
/// Of normal deviations in one channel or in three alike, 4 medians are 2.7 standard deviations: 1 pixel in 140 is beyond by
/// chance, and takes the nearest colour as an edited one does.
const ROUNDING: f64 = 2.0;
const FOLLOWS: f64 = 4.0;

type Colour = [u8; 3];

/// What became of each colour: the median, channel by channel, of the pixels that had it.
struct Change {
    /// Colour before, colour after.
    colours: Vec<(Colour, Colour)>,
}

/// `after` in the colours of `before`, where one change of colours explains most pixels; `None` where nothing was changed
/// as a whole, or the pictures are not of one size.
///
/// A pixel that follows the change takes its colour before, any other the colour before of the nearest colour after.
/// Cost: one look at each pixel, and one at each colour before for each different colour after.
pub(super) fn recoloured(after: &Raster, before: &Raster) -> Option<Raster> {
    let deep = after.gray16().is_some() || before.gray16().is_some();
    if deep || (after.width(), after.height()) != (before.width(), before.height()) {
        return None;
    }
    let change = Change::between(before, after)?;
    let known: HashMap<Colour, Colour> = change.colours.iter().copied().collect();
    let pairs = || before.pixels().iter().zip(after.pixels()).map(|(before, after)| (rgb(*before), rgb(*after)));
    let count = after.pixels().len() as f64;
    let left = pairs().filter(|(_, after)| !known.contains_key(after)).count() as f64;
    if change.mean_shift() <= KEPT || left < MOST * count {
        return None;
    }
    let distances: Vec<f64> = pairs().map(|(before, after)| distance(known[&before], after)).collect();
    let limit = ROUNDING.max(FOLLOWS * median(distances.clone()));
    let followers = distances.iter().filter(|&&distance| distance <= limit).count() as f64;
    if followers < MOST * count {
        return None;
    }
    let mut nearest: HashMap<Colour, Colour> = HashMap::new();
    let pixels = after.pixels().iter().zip(before.pixels()).zip(distances).map(|((after, before), distance)| {
        if distance <= limit {
            return *before;
        }
        let [r, g, b] = *nearest.entry(rgb(*after)).or_insert_with(|| change.undone(rgb(*after)));
        [r, g, b, after[3]]
    });
    Raster::from_pixels(after.width(), after.height(), pixels.collect()).ok()
}

impl Change {
    /// `None` where the picture before has more colours than a palette.
    fn between(before: &Raster, after: &Raster) -> Option<Self> {
        let mut seen: HashMap<Colour, Vec<Colour>> = HashMap::new();
        for (before, after) in before.pixels().iter().zip(after.pixels()) {
            seen.entry(rgb(*before)).or_default().push(rgb(*after));
            if seen.len() > MOST_COLOURS {
                return None;
            }
        }
        let middle = |colours: &[Colour], channel: usize| {
            let mut values: Vec<u8> = colours.iter().map(|colour| colour[channel]).collect();
            let middle = values.len() / 2;
            *values.select_nth_unstable(middle).1
        };
        let mut colours: Vec<(Colour, Colour)> =
            seen.iter().map(|(&before, after)| (before, [0, 1, 2].map(|channel| middle(after, channel)))).collect();
        // The order of a hash map changes from run to run.
        colours.sort_unstable();
        Some(Self { colours })
    }

    fn mean_shift(&self) -> f64 {
        let shifts = self.colours.iter().map(|&(before, after)| distance(before, after));
        shifts.sum::<f64>() / self.colours.len().max(1) as f64
    }

    /// The colour before of the nearest colour after.
    fn undone(&self, colour: Colour) -> Colour {
        let nearest = self.colours.iter().min_by(|a, b| distance(a.1, colour).total_cmp(&distance(b.1, colour)));
        nearest.map_or(colour, |&(before, _)| before)
    }
}

fn rgb([r, g, b, _]: [u8; 4]) -> Colour {
    [r, g, b]
}

/// Distance of two colours in steps of an 8-bit channel.
fn distance(a: Colour, b: Colour) -> f64 {
    a.iter().zip(b).map(|(&a, b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>().sqrt()
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

#[cfg(test)]
mod tests {
    use photophone_picture::{PaintOptions, paint};
    use photophone_spectrum::Plane;

    use super::*;

    fn drawn(edit: f64) -> Raster {
        let levels = Plane::from_fn(24, 40, |k, t| {
            let inside = (6..12).contains(&k) && (10..20).contains(&t);
            ((k * 37 + t * 61) % 97) as f64 / 97.0 * if inside { 1.0 - edit } else { 1.0 }
        });
        paint(&levels, &PaintOptions::default()).unwrap()
    }

    fn changed(raster: &Raster, change: impl Fn(f64) -> f64) -> Raster {
        let channel = |value: u8| (255.0 * change(f64::from(value) / 255.0)).round().clamp(0.0, 255.0) as u8;
        let pixel = |x, y| {
            let [r, g, b, a] = raster.pixel(x, y);
            [channel(r), channel(g), channel(b), a]
        };
        Raster::from_fn(raster.width(), raster.height(), pixel).unwrap()
    }

    #[test]
    fn a_change_of_all_colours_is_undone_and_an_edit_is_kept() {
        let (before, edited) = (drawn(0.0), drawn(1.0));
        for change in [|v: f64| 1.3 * v, |v: f64| v.powf(0.6), |v: f64| 0.3 + 0.5 * v] {
            assert!(recoloured(&changed(&before, change), &before).unwrap() == before);
            assert!(recoloured(&changed(&edited, change), &before).unwrap() == edited);
        }
    }

    #[test]
    fn colours_of_the_palette_and_small_shifts_are_left_alone() {
        let before = drawn(0.0);
        for after in [before.clone(), drawn(1.0), changed(&before, |v| v + 0.005)] {
            assert!(recoloured(&after, &before).is_none());
        }
    }
}
