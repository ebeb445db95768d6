//! A decoded picture: pixels with straight alpha.

use photophone_spectrum::{StopFlag, Stopped};

use crate::error::PictureError;
use crate::pixel_box::PixelBox;

/// Most pixels a raster may have: 2^28, 1 GiB of RGBA.
const MAX_PIXELS: usize = 1 << 28;

/// A decoded picture, row by row from the top, RGBA with straight (not premultiplied) alpha; a gray one may have 16
/// bits besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
    gray16: Option<Vec<u16>>,
}

impl Raster {
    /// Wraps pixels, row by row from the top.
    ///
    /// # Errors
    /// [`PictureError::RasterShape`] when the number of pixels is not `width * height`, is 0 or is over 2^28.
    pub fn from_pixels(width: usize, height: usize, pixels: Vec<[u8; 4]>) -> Result<Self, PictureError> {
        let expected = width.checked_mul(height).filter(|&n| (1..=MAX_PIXELS).contains(&n));
        if expected == Some(pixels.len()) {
            Ok(Self { width, height, pixels, gray16: None })
        } else {
            Err(PictureError::RasterShape { width, height, found: pixels.len() })
        }
    }

    /// Makes each pixel from its column and its row from the top.
    ///
    /// # Errors
    /// [`PictureError::RasterShape`] when the size is 0 or over 2^28 pixels.
    pub fn from_fn(
        width: usize,
        height: usize,
        mut pixel: impl FnMut(usize, usize) -> [u8; 4],
    ) -> Result<Self, PictureError> {
        if width.checked_mul(height).is_none_or(|n| !(1..=MAX_PIXELS).contains(&n)) {
            return Err(PictureError::RasterShape { width, height, found: 0 });
        }
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
        Ok(Self { width, height, pixels, gray16: None })
    }

    /// The same picture with 16 bits a pixel, in the order of the pixels: their high bytes become its grays, the alpha
    /// stays.
    ///
    /// # Errors
    /// [`PictureError::RasterShape`] when there are not as many samples as pixels.
    pub fn with_gray16(mut self, samples: Vec<u16>) -> Result<Self, PictureError> {
        if samples.len() != self.pixels.len() {
            return Err(PictureError::RasterShape { width: self.width, height: self.height, found: samples.len() });
        }
        for (pixel, sample) in self.pixels.iter_mut().zip(&samples) {
            let [gray, _] = sample.to_be_bytes();
            *pixel = [gray, gray, gray, pixel[3]];
        }
        self.gray16 = Some(samples);
        Ok(self)
    }

    /// All 16 bits of each pixel of a gray picture that has them, in the order of [`Raster::pixels`].
    pub fn gray16(&self) -> Option<&[u16]> {
        self.gray16.as_deref()
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The whole picture as a box.
    pub fn bounds(&self) -> PixelBox {
        PixelBox { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// All pixels, row by row from the top.
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.pixels
    }

    /// One row counted from the top. Panics when `y >= height`, as slice indexing does.
    pub fn row(&self, y: usize) -> &[[u8; 4]] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// A pixel. Panics outside the picture, as slice indexing does.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        self.row(y)[x]
    }

    /// Writes a pixel; outside the picture nothing happens.
    pub(crate) fn set(&mut self, x: usize, y: usize, pixel: [u8; 4]) {
        if x < self.width && y < self.height {
            self.pixels[y * self.width + x] = pixel;
        }
    }

    /// The colours in a box, alpha dropped.
    pub(crate) fn cut(&self, area: PixelBox, stop: &StopFlag) -> Result<Field, Stopped> {
        let mut colours = Vec::with_capacity(area.width * area.height);
        for y in area.y..area.y + area.height {
            stop.check()?;
            colours.extend(self.row(y)[area.x..area.x + area.width].iter().map(|p| [p[0], p[1], p[2]]));
        }
        Ok(Field { width: area.width, height: area.height, colours })
    }
}

/// The opaque colours of a data box, row by row from the top.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) colours: Vec<[u8; 3]>,
}

impl Field {
    pub(crate) fn row(&self, y: usize) -> &[[u8; 3]] {
        &self.colours[y * self.width..(y + 1) * self.width]
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.colours[y * self.width + x]
    }

    /// Rows and columns exchanged, so that one routine serves both directions.
    pub(crate) fn transposed(&self, stop: &StopFlag) -> Result<Self, Stopped> {
        let (width, height) = (self.height, self.width);
        let mut colours = vec![[0; 3]; self.colours.len()];
        for (y, row) in self.colours.chunks_exact(self.width).enumerate() {
            stop.check()?;
            for (x, &colour) in row.iter().enumerate() {
                colours[x * width + y] = colour;
            }
        }
        Ok(Self { width, height, colours })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_of_pixels_is_refused() {
        let error = Raster::from_pixels(2, 3, vec![[0; 4]; 5]).unwrap_err();
        assert!(error.to_string().contains("2 x 3"), "{error}");
        assert!(Raster::from_pixels(0, 0, Vec::new()).is_err());
        assert!(Raster::from_pixels(usize::MAX, 2, Vec::new()).is_err());
        assert!(Raster::from_fn(1 << 20, 1 << 20, |_, _| [0; 4]).is_err());
    }

    #[test]
    fn transposing_twice_changes_nothing() {
        let raster = Raster::from_fn(3, 2, |x, y| [x as u8, y as u8, 0, 255]).unwrap();
        let never = StopFlag::default();
        let field = raster.cut(raster.bounds(), &never).unwrap();
        let transposed = field.transposed(&never).unwrap();
        assert_eq!(transposed.at(1, 2), [2, 1, 0]);
        assert_eq!(transposed.transposed(&never).unwrap().colours, field.colours);
    }
}
