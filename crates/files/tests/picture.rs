//! Pictures in and out: every PNG colour type, JPEG, text, bombs and files that are no pictures.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

mod common;

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use common::{assert_refused, fixture, read_as_file};
use photophone_files::{
    DecodedPicture, FileError, FileGroup, PICTURE_OR_ARRAY, PictureFormat, PictureReadOptions, encode_raster,
    read_known, read_picture, write_raster,
};
use photophone_picture::Raster;
use png::{BitDepth, ColorType, Encoder};

fn read(path: &Path) -> Result<DecodedPicture, FileError> {
    read_picture(path, PictureReadOptions::default())
}

fn read_bytes(bytes: &[u8]) -> Result<DecodedPicture, FileError> {
    read_as_file(bytes, read)
}

fn png(width: u32, height: u32, color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
    png_with(width, height, color, depth, data, |_| ())
}

fn png_with(
    width: u32,
    height: u32,
    color: ColorType,
    depth: BitDepth,
    data: &[u8],
    set: impl FnOnce(&mut Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    set(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A chunk with its length and checksum.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(data);
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[4..]);
    bytes.extend(crc.sum().to_be_bytes());
    bytes
}

/// The picture that `fixtures/make.py` saves.
fn rgb() -> Vec<[u8; 4]> {
    (0..32).map(|n| [(n % 8) * 32, (n / 8) * 64, 128, 255]).collect()
}

#[test]
fn every_png_colour_type_is_read_to_its_pixels() {
    let palette = [10, 20, 30, 40, 50, 60];
    let cases = [
        ("gray 1", png(2, 1, ColorType::Grayscale, BitDepth::One, &[0x40]), [[0, 0, 0, 255], [255; 4]]),
        ("gray 4", png(2, 1, ColorType::Grayscale, BitDepth::Four, &[0x1f]), [[17, 17, 17, 255], [255; 4]]),
        ("gray 8", png(2, 1, ColorType::Grayscale, BitDepth::Eight, &[7, 9]), [[7, 7, 7, 255], [9, 9, 9, 255]]),
        (
            "gray 16",
            png(2, 1, ColorType::Grayscale, BitDepth::Sixteen, &[7, 200, 9, 0]),
            [[7, 7, 7, 255], [9, 9, 9, 255]],
        ),
        (
            "gray alpha",
            png(2, 1, ColorType::GrayscaleAlpha, BitDepth::Eight, &[7, 8, 9, 10]),
            [[7, 7, 7, 8], [9, 9, 9, 10]],
        ),
        ("rgb", png(2, 1, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6]), [[1, 2, 3, 255], [4, 5, 6, 255]]),
        (
            "rgb key",
            png_with(2, 1, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6], |encoder| {
                encoder.set_trns(vec![0, 4, 0, 5, 0, 6]);
            }),
            [[1, 2, 3, 255], [4, 5, 6, 0]],
        ),
        ("rgba", png(2, 1, ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 4, 5, 6, 7, 8]), [[1, 2, 3, 4], [5, 6, 7, 8]]),
        (
            "rgba 16",
            png(2, 1, ColorType::Rgba, BitDepth::Sixteen, &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 255]),
            [[1, 2, 3, 4], [5, 6, 7, 8]],
        ),
        (
            "palette",
            png_with(2, 1, ColorType::Indexed, BitDepth::One, &[0x40], |encoder| {
                encoder.set_palette(palette.to_vec());
                encoder.set_trns(vec![99]);
            }),
            [[10, 20, 30, 99], [40, 50, 60, 255]],
        ),
    ];
    for (name, bytes, expected) in cases {
        let picture = read_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((picture.width, picture.height), (2, 1), "{name}");
        assert_eq!(picture.rgba, expected, "{name}");
        assert_eq!(picture.format, PictureFormat::Png);
    }
}

#[test]
fn jpegs_are_read_near_their_pixels() {
    let gray =
        |[r, g, b, _]: [u8; 4]| (0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)).round() as u8;
    let grays = rgb().into_iter().map(|pixel| [gray(pixel), gray(pixel), gray(pixel), 255]).collect();
    for (name, expected) in [("rgb.jpg", rgb()), ("progressive.jpg", rgb()), ("gray.jpg", grays)] {
        let picture = read(&fixture(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((picture.width, picture.height, picture.format), (8, 4, PictureFormat::Jpeg), "{name}");
        for (found, expected) in picture.rgba.iter().flatten().zip(expected.iter().flatten()) {
            // Colours of another phase in each pixel, so quality 100 still loses a few steps.
            assert!(found.abs_diff(*expected) <= 6, "{name}: {found} {expected}");
        }
    }
    assert_eq!(read(&fixture("rgb.jpg")).unwrap().dpi, Some(150.0));
    assert_eq!(read(&fixture("progressive.jpg")).unwrap().dpi, None);
}

#[test]
fn matplotlib_signs_its_pictures() {
    let picture = read(&fixture("figure.png")).unwrap();
    assert_eq!((picture.width, picture.height), (40, 20));
    assert!(picture.dpi.is_some_and(|dpi| (dpi - 100.0).abs() < 0.1), "{:?}", picture.dpi);
    let text = |key: &str| picture.text.iter().find(|(found, _)| found == key).map(|(_, text)| text.as_str());
    assert!(text("Software").is_some_and(|text| text.starts_with("Matplotlib version")), "{:?}", picture.text);
    assert_eq!(text("Title"), Some("naïve"));
}

#[test]
fn what_is_written_reads_back_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.png");
    let text =
        vec![("photophone".to_owned(), "hop = 512\nunits = \"µ\"".to_owned()), ("Title".to_owned(), String::new())];
    let mut translucent = rgb();
    translucent[5][3] = 40;
    for pixels in [rgb(), translucent] {
        let raster = Raster::from_pixels(8, 4, pixels.clone()).unwrap();
        write_raster(&path, &raster, &text, &[]).unwrap();
        let first = fs::read(&path).unwrap();
        write_raster(&path, &raster, &text, &[]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first);
        let back = read(&path).unwrap();
        assert_eq!((back.width, back.height, &back.rgba), (8, 4, &pixels));
        assert_eq!(back.text, text);
    }
    let raster = Raster::from_pixels(8, 4, rgb()).unwrap();
    let long = [("k".repeat(80), String::new())];
    assert!(matches!(write_raster(&path, &raster, &long, &[]), Err(FileError::Content { .. })));
}

#[test]
fn text_of_all_three_chunk_types_is_read_before_and_after_the_pixels() {
    let bytes = png_with(1, 1, ColorType::Grayscale, BitDepth::Eight, &[0], |encoder| {
        encoder.add_text_chunk("a".into(), "plain é".into()).unwrap();
        encoder.add_ztxt_chunk("b".into(), "packed".into()).unwrap();
        encoder.add_itxt_chunk("c".into(), "wide Ω".into()).unwrap();
    });
    let end = bytes.len() - 12;
    let late = [&bytes[..end], &chunk(*b"tEXt", b"d\0late"), &bytes[end..]].concat();
    let text = read_bytes(&late).unwrap().text;
    let expected = [("a", "plain é"), ("d", "late"), ("b", "packed"), ("c", "wide Ω")];
    assert_eq!(text, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn a_text_bomb_is_left_out_and_the_picture_read() {
    let bytes = png_with(1, 1, ColorType::Grayscale, BitDepth::Eight, &[0], |encoder| {
        encoder.add_ztxt_chunk("bomb".into(), "0".repeat(1 << 24)).unwrap();
        encoder.add_text_chunk("after".into(), "text".into()).unwrap();
    });
    assert!(bytes.len() < 100_000);
    assert_eq!(read_bytes(&bytes).unwrap().text, [("after".to_owned(), "text".to_owned())]);
}

#[test]
fn a_header_over_the_limit_is_refused_before_decoding() {
    let mut header = [60_000u32.to_be_bytes(), 60_000u32.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    let bomb = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(*b"IHDR", &header), chunk(*b"IDAT", &[0; 9])].concat();
    let error = read_bytes(&bomb).unwrap_err();
    assert!(matches!(error, FileError::TooLarge { .. }), "{error}");
    assert!(error.to_string().contains("60000 x 60000"), "{error}");
    for name in ["rgb.jpg", "figure.png"] {
        let error = read_picture(&fixture(name), PictureReadOptions { max_pixels: 31 }).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }), "{error}");
    }
    assert!(read_picture(&fixture("rgb.jpg"), PictureReadOptions { max_pixels: 32 }).is_ok());
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_stopped_and_a_folder_refused() {
    let endless = read_picture(Path::new("/dev/zero"), PictureReadOptions { max_pixels: 10 }).unwrap_err();
    assert!(matches!(endless, FileError::Kind { .. }), "{endless}");
    // What begins as a picture does is read up to the limit.
    let pictures = (PICTURE_OR_ARRAY, &[FileGroup::Picture][..]);
    let magic = &b"\x89PNG\r\n\x1a\n"[..];
    let endless = read_known(magic.chain(io::repeat(0)), Path::new("pipe"), pictures, (1 << 20, "cut it")).unwrap_err();
    assert!(matches!(endless, FileError::TooLarge { .. }), "{endless}");
    let folder = read(Path::new("/")).unwrap_err();
    assert!(matches!(folder, FileError::Kind { .. }), "{folder}");
}

#[test]
fn malformed_pictures_are_told_what_is_wrong() {
    let path = Path::new("out.png");
    let whole = encode_raster(path, &Raster::from_pixels(8, 4, rgb()).unwrap(), &[]).unwrap();
    let mut corrupt = whole.clone();
    corrupt[50] ^= 1;
    let jpeg = fs::read(fixture("rgb.jpg")).unwrap();
    let fixed = |name: &str| fs::read(fixture(name)).unwrap();
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty", vec![], &["is empty (0 bytes)", "PNG or JPEG"]),
        ("text", b"no picture at all".to_vec(), &["no known kind"]),
        ("npy", b"\x93NUMPY\x01\x00".to_vec(), &["NumPy", "where an array is asked for"]),
        ("png magic", whole[..8].to_vec(), &["damaged", "ends too early"]),
        ("png cut", whole[..whole.len() - 30].to_vec(), &["damaged"]),
        ("png without end", whole[..whole.len() - 12].to_vec(), &["damaged"]),
        ("png corrupt", corrupt, &["damaged"]),
        ("jpeg magic", jpeg[..3].to_vec(), &["damaged", "JPEG"]),
        ("jpeg cut", jpeg[..jpeg.len() - 40].to_vec(), &["damaged"]),
        ("cmyk", fixed("cmyk.jpg"), &["printing colours (CMYK)", "convert the picture to PNG"]),
        ("animated", fixed("animated.png"), &["animated PNG of 2 frames", "one frame"]),
        ("gif", fixed("rgb.gif"), &["a GIF picture", "convert the picture to PNG"]),
        ("webp", fixed("rgb.webp"), &["a WebP picture", "convert the picture to PNG"]),
        ("bmp", fixed("rgb.bmp"), &["a BMP picture", "convert the picture to PNG"]),
        ("tiff", fixed("rgb.tiff"), &["a TIFF picture", "convert the picture to PNG"]),
        ("svg", fixed("figure.svg"), &["an SVG drawing", "export the figure as PNG"]),
        ("pdf", b"%PDF-1.7\n".to_vec(), &["a PDF document", "export the figure as PNG"]),
    ];
    assert_refused(&cases, read_bytes);
}

#[test]
fn no_prefix_or_flipped_byte_of_a_picture_panics() {
    for name in ["figure.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg", "animated.png"] {
        let bytes = fs::read(fixture(name)).unwrap();
        for n in 0..bytes.len() {
            let _ = read_bytes(&bytes[..n]);
            let mut flipped = bytes.clone();
            flipped[n] ^= 0x55;
            let _ = read_bytes(&flipped);
        }
    }
}
