//! What a JPEG file kept of its picture: the channels before they become colours, and their quantisation.

use std::io::Cursor;

use photophone_picture::{Jpeg, JpegChannel};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::jpeg_segments::segments;

/// Place of each coefficient in a block, row by row, in the order that files have them in (ITU-T T.81, figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// Frame headers of baseline, extended and progressive pictures.
const FRAMES: [u8; 3] = [0xc0, 0xc1, 0xc2];
const TABLES: u8 = 0xdb;

/// A component as the frame header (ITU-T T.81, B.2.2) has it.
#[derive(Clone, Copy)]
struct Component {
    /// Samples across and down, of so many that the finest component has.
    sampling: (usize, usize),
    table: usize,
}

/// What the file kept; `None` where it is not gray or Y, Cb and Cr, or chroma is coarser than one sample for 2 x 2 pixels.
pub(super) fn kept(bytes: &[u8], settings: DecoderOptions) -> Option<Jpeg> {
    let (components, tables) = headers(bytes)?;
    let space = if components.len() == 1 { ColorSpace::Luma } else { ColorSpace::YCbCr };
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), settings.jpeg_set_out_colorspace(space));
    decoder.decode_headers().ok()?;
    if decoder.input_colorspace() != Some(space) {
        return None;
    }
    let info = decoder.info()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let samples = decoder.decode().ok()?;
    if samples.len() != width * height * components.len() {
        return None;
    }
    let finest = components.first()?.sampling;
    let channel = |(index, component): (usize, &Component)| {
        let (across, down) = component.sampling;
        let pixels_per_sample = (ratio(finest.0, across)?, ratio(finest.1, down)?);
        let own = samples.iter().skip(index).step_by(components.len()).copied().collect();
        Some(JpegChannel { samples: own, steps: (*tables.get(component.table)?)?, pixels_per_sample })
    };
    let channels = components.iter().enumerate().map(channel).collect::<Option<Vec<_>>>()?;
    Some(Jpeg { width, height, channels })
}

fn ratio(finest: usize, own: usize) -> Option<usize> {
    (own > 0 && finest.is_multiple_of(own)).then(|| finest / own).filter(|ratio| (1..=2).contains(ratio))
}

/// The quantisation tables (ITU-T T.81, B.2.4.1), by their numbers.
type Tables = [Option<[u16; 64]>; 4];

fn headers(bytes: &[u8]) -> Option<(Vec<Component>, Tables)> {
    let (mut components, mut tables) = (None, Tables::default());
    for (marker, content) in segments(bytes) {
        if marker == TABLES {
            read_tables(content, &mut tables)?;
        } else if FRAMES.contains(&marker) {
            components = Some(read_components(content)?);
        }
    }
    components.map(|components| (components, tables))
}

fn read_tables(mut content: &[u8], tables: &mut Tables) -> Option<()> {
    while let [kind, rest @ ..] = content {
        let bytes = if kind >> 4 == 0 { 1 } else { 2 };
        let (values, next) = rest.split_at_checked(64 * bytes)?;
        let table = tables.get_mut(usize::from(kind & 15))?.insert([0; 64]);
        for (value, place) in values.chunks_exact(bytes).zip(ZIGZAG) {
            table[place] = value.iter().fold(0, |sum, &byte| sum << 8 | u16::from(byte)).max(1);
        }
        content = next;
    }
    Some(())
}

fn read_components(content: &[u8]) -> Option<Vec<Component>> {
    let &[8, _, _, _, _, count, ref rest @ ..] = content else { return None };
    let component = |part: &[u8]| Component {
        sampling: (usize::from(part[1] >> 4), usize::from(part[1] & 15)),
        table: usize::from(part[2]),
    };
    let parts = rest.get(..3 * usize::from(count))?.chunks_exact(3);
    matches!(count, 1 | 3).then(|| parts.map(component).collect())
}
