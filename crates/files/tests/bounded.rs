//! Files that unpack to far more than they are: refused by the size of the file, before memory is taken.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

mod common;

use std::io::Write;
use std::path::Path;

use common::assert_refused;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use num_complex::Complex;
use photophone_files::{
    ArrayReadOptions, ArrayToWrite, PictureReadOptions, decode_array, decode_picture, read_array, write_npz,
};
use photophone_spectrum::Plane;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    [&(data.len() as u32).to_be_bytes()[..], &kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A gray PNG of `bits` bits with some chunks before its pixels, which are all 0 but for the first byte.
fn png(side: u32, bits: u8, chunks: &[u8]) -> Vec<u8> {
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[bits, 0, 0, 0, 0]].concat();
    let row = 1 + (side as usize * usize::from(bits)).div_ceil(8);
    let mut pixels = vec![0; row * side as usize];
    pixels[1] = 0xa5;
    let parts = [chunk(*b"IHDR", &header), chunks.to_vec(), chunk(*b"IDAT", &packed(&pixels)), chunk(*b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

/// A level 5 .mat with one packed matrix of zeros.
fn mat(side: u32) -> Vec<u8> {
    let word = |number: u32| number.to_le_bytes().to_vec();
    let sized = |kind: u32, data: &[u8]| [word(kind), word(data.len() as u32), data.to_vec()].concat();
    let zeros = vec![0; (side * side) as usize];
    let name = [sized(1, b"C"), vec![0; 7]].concat();
    let body =
        [sized(6, &[word(6), word(0)].concat()), sized(5, &[word(side), word(side)].concat()), name, sized(2, &zeros)];
    let element = packed(&sized(14, &body.concat()));
    let mut file = vec![b' '; 124];
    file.extend(b"\x00\x01IM");
    file.extend(sized(15, &element));
    file
}

#[test]
fn arrays_that_unpack_to_a_thousand_times_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.bin");
    let zeros = Plane::filled(2400, 2400, Complex::default());
    write_npz(&path, &[("C", ArrayToWrite::Complex(&zeros))], &[]).unwrap();
    let npz = std::fs::read(&path).unwrap();
    assert!(npz.len() < 100_000 && mat(2400).len() < 100_000);
    let read = |bytes: &[u8]| decode_array(Path::new("file.bin"), bytes, &ArrayReadOptions::default());
    let words: &[&str] = &["values", "at most", "max-memory"];
    assert_refused(&[("npz", npz, words), ("mat", mat(2400), words)], read);
    let raised = ArrayReadOptions { max_values: 1 << 23, ..ArrayReadOptions::default() };
    assert_eq!(read_array(&path, &raised).unwrap().shape(), (2400, 2400));
    assert_eq!(decode_array(Path::new("x"), &mat(1000), &ArrayReadOptions::default()).unwrap().shape(), (1000, 1000));
}

#[test]
fn pictures_of_few_bytes_have_few_pixels() {
    let read = |bytes: &[u8]| decode_picture(Path::new("file.bin"), bytes, PictureReadOptions::default());
    assert_refused(&[("1 bit", png(9000, 1, &[]), &["9000 x 9000", "at most", "`max-pixels`"])], read);
    assert_eq!(read(&png(2800, 1, &[])).unwrap().width, 2800);
}

/// A profile is not unpacked at all, and of texts only the first.
#[test]
fn profiles_and_texts_do_not_unpack_without_end() {
    let profile = chunk(*b"iCCP", &[b"x\0\0", &packed(&vec![0; 1 << 24])[..]].concat());
    let text = chunk(*b"zTXt", &[b"k\0\0", &packed(&vec![b' '; 1 << 21])[..]].concat());
    let bytes = png(9, 8, &[profile, text.repeat(20_000)].concat());
    let start = std::time::Instant::now();
    let picture = decode_picture(Path::new("x"), &bytes, PictureReadOptions::default()).unwrap();
    assert!(picture.text.is_empty() && start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
