//! What is drawn on a figure's background.

use photophone_spectrum::{StopFlag, Stopped};

use crate::background::OPAQUE;
use crate::pixel_box::PixelBox;
use crate::raster::Raster;

/// Share of the picture's outermost pixels that the background's colour has: labels may touch an edge, panels do not.
const BACKGROUND_SHARE: f64 = 0.8;
/// Share of all pixels that the background's colour has where it does not surround the picture.
const PAGE_SHARE: f64 = 0.1;
/// Pixels this near to the background's colour count as its own around the picture: compression.
const NEAR: u8 = 12;
/// Pixels that are counted.
const SAMPLE: usize = 1 << 16;

/// How far each pixel is from the figure's background, 0 to 255: the largest difference of a channel.
#[derive(Clone, Debug)]
pub(crate) struct Ink {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) background: [u8; 3],
    /// Whether it surrounds the picture; else it is the most frequent colour, as of a page in a window.
    pub(crate) surrounds: bool,
    values: Vec<u8>,
}

impl Ink {
    /// `None` where no one colour surrounds the picture nor fills much of it: it is no figure. Transparent pixels are
    /// background.
    pub(crate) fn of(raster: &Raster, stop: &StopFlag) -> Result<Option<Self>, Stopped> {
        if let Some(background) = page_colour(raster, raster.bounds()) {
            return Ok(Some(Self { surrounds: true, ..Self::on(raster, background, stop)? }));
        }
        most_frequent(raster).map(|background| Self::on(raster, background, stop)).transpose()
    }

    /// What is drawn on a page of this colour somewhere in the picture.
    pub(crate) fn on(raster: &Raster, background: [u8; 3], stop: &StopFlag) -> Result<Self, Stopped> {
        let mut values = Vec::with_capacity(raster.width() * raster.height());
        for y in 0..raster.height() {
            stop.check()?;
            values.extend(raster.row(y).iter().map(|&pixel| distance(pixel, background)));
        }
        Ok(Self { width: raster.width(), height: raster.height(), background, surrounds: false, values })
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.values[y * self.width + x]
    }

    /// Takes what is drawn in a box away.
    pub(crate) fn clear(&mut self, (left, top): (usize, usize), (right, bottom): (usize, usize)) {
        for y in top..bottom.min(self.height) {
            self.values[y * self.width + left..y * self.width + right.min(self.width)].fill(0);
        }
    }

    /// The same turned by a quarter, clockwise: text that ran upwards runs to the right.
    pub(crate) fn turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let values = (0..width * height).map(|i| self.at(i / width, self.height - 1 - i % width)).collect();
        Self { width, height, background: self.background, surrounds: self.surrounds, values }
    }
}

fn distance([r, g, b, a]: [u8; 4], background: [u8; 3]) -> u8 {
    if a < OPAQUE {
        return 0;
    }
    [r, g, b].iter().zip(background).map(|(&a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

/// The colour of most of the outermost pixels of a box.
pub(crate) fn page_colour(raster: &Raster, area: PixelBox) -> Option<[u8; 3]> {
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    let level = (area.x..=right).flat_map(|x| [(x, area.y), (x, bottom)]);
    let upright = (area.y..=bottom).flat_map(|y| [(area.x, y), (right, y)]);
    let ring: Vec<[u8; 4]> = level.chain(upright).map(|(x, y)| raster.pixel(x, y)).collect();
    if ring.iter().filter(|pixel| pixel[3] < OPAQUE).count() as f64 >= BACKGROUND_SHARE * ring.len() as f64 {
        // What is drawn on a transparent figure is made for a white page.
        return Some([255; 3]);
    }
    let mut colours: Vec<[u8; 4]> = ring.clone();
    colours.sort_unstable();
    let [r, g, b, _] = *colours.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?.first()?;
    let near = ring.iter().filter(|&&pixel| distance(pixel, [r, g, b]) <= NEAR).count();
    (near as f64 >= BACKGROUND_SHARE * ring.len() as f64).then_some([r, g, b])
}

/// The colour that most pixels have, of a sample of them.
fn most_frequent(raster: &Raster) -> Option<[u8; 3]> {
    let step = raster.pixels().len().div_ceil(SAMPLE);
    let mut sample: Vec<[u8; 4]> = raster.pixels().iter().step_by(step.max(1)).copied().collect();
    sample.sort_unstable();
    let most = sample.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?;
    let [r, g, b, _] = *most.first()?;
    (most.len() as f64 >= PAGE_SHARE * sample.len() as f64).then_some([r, g, b])
}
