//! A picture's pixels as levels: gray, whatever kind of picture a program has made of it.

use photophone_picture::Jpeg;

use crate::files::DecodedPicture;

/// Weights of red, green and blue in a gray (ITU-R BT.601), in thousandths.
const LUMA: [u32; 3] = [299, 587, 114];

/// Gray pixels, row by row from the top.
#[derive(Clone, Debug)]
pub(super) struct GrayPixels {
    pub(super) width: usize,
    pub(super) height: usize,
    /// 8 bits, or all 16 where the file has them.
    pub(super) values: Vec<u16>,
    pub(super) is_deep: bool,
    /// What a JPEG file kept, if the pixels are of one.
    pub(super) jpeg: Option<Jpeg>,
    /// How many pixels have a colour, or are not opaque: a brush painted them.
    pub(super) coloured: usize,
}

/// How light a pixel is over black.
pub(super) fn gray_of_pixel([red, green, blue, alpha]: [u8; 4]) -> u8 {
    let light: u32 = [red, green, blue].iter().zip(LUMA).map(|(&part, weight)| u32::from(part) * weight).sum();
    ((light * u32::from(alpha) + 127_500) / 255_000) as u8
}

/// The pixels of a picture. What is not opaque lies over black; colours are as light as they look.
pub(super) fn gray_of(picture: &DecodedPicture) -> GrayPixels {
    let is_coloured = |&&[red, green, blue, alpha]: &&[u8; 4]| red != green || green != blue || alpha != 255;
    let coloured = picture.rgba.iter().filter(is_coloured).count();
    let (values, is_deep) = match &picture.gray16 {
        Some(deep) if coloured == 0 => (deep.clone(), true),
        _ => (picture.rgba.iter().map(|pixel| u16::from(gray_of_pixel(*pixel))).collect(), false),
    };
    GrayPixels { width: picture.width, height: picture.height, values, is_deep, jpeg: picture.jpeg.clone(), coloured }
}

impl GrayPixels {
    /// Pixels of the lowest rows in 8 bits, for who looks for the strip.
    pub(super) fn lowest_rows(&self, rows: usize) -> Vec<u8> {
        let first = self.height.saturating_sub(rows) * self.width;
        let to_eight = |&value: &u16| if self.is_deep { (value >> 8) as u8 } else { value as u8 };
        self.values.get(first..).unwrap_or_default().iter().map(to_eight).collect()
    }

    /// The pixels of these rows and columns, from the top left corner on.
    pub(super) fn part(&self, rows: usize, (first, columns): (usize, usize)) -> Vec<u16> {
        let lines = self.values.chunks_exact(self.width.max(1)).take(rows);
        lines.flat_map(|line| line.iter().skip(first).take(columns).copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use photophone_picture::Raster;

    use super::*;

    #[test]
    fn gray_is_kept_in_any_dress_and_colours_are_counted() {
        let pixels: Vec<[u8; 4]> = (0..=255u8).map(|value| [value, value, value, 255]).collect();
        let picture = DecodedPicture::from_raster(&Raster::from_pixels(64, 4, pixels).unwrap());
        let gray = gray_of(&picture);
        assert_eq!(gray.values, (0..=255).collect::<Vec<u16>>());
        assert_eq!((gray.coloured, gray.is_deep), (0, false));
        assert_eq!(gray.lowest_rows(1), (192..=255).collect::<Vec<u8>>());
        assert_eq!(gray.part(2, (62, 9)), [62, 63, 126, 127]);
        let painted = vec![[255, 0, 0, 255], [200, 200, 200, 0], [90, 90, 90, 255], [255, 255, 255, 128]];
        let picture = DecodedPicture::from_raster(&Raster::from_pixels(2, 2, painted).unwrap());
        let gray = gray_of(&picture);
        assert_eq!((gray.coloured, &gray.values[..]), (3, &[76, 0, 90, 128][..]));
    }
}
