//! Arrays in and out: files that NumPy and SciPy wrote, byte builders, malformed ones.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use common::{assert_refused, fixture, read_as_file};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use num_complex::Complex;
use photophone_files::{
    ArrayFile, ArrayReadOptions, ArrayToWrite, FileError, ValueKind, read_array, write_npy, write_npz,
};
use photophone_spectrum::{Plane, Stack};

fn read(path: &Path, name: Option<&str>) -> Result<ArrayFile, FileError> {
    read_array(path, &ArrayReadOptions { name: name.map(str::to_owned), ..ArrayReadOptions::default() })
}

fn read_limited(bytes: &[u8], max_values: usize) -> Result<ArrayFile, FileError> {
    read_as_file(bytes, |path| read_array(path, &ArrayReadOptions { name: None, max_values }))
}

fn read_bytes(bytes: &[u8]) -> Result<ArrayFile, FileError> {
    read_limited(bytes, 1 << 26)
}

/// The matrix that `fixtures/make.py` saves.
fn c() -> Plane<Complex<f64>> {
    Plane::from_fn(3, 4, |r, c| Complex::new(r as f64 + 1.0, (c as f64 - 2.0) * 0.5))
}

fn real(value: impl Fn(f64, f64) -> f64) -> Plane<Complex<f64>> {
    Plane::from_fn(3, 4, |r, c| Complex::new(value(r as f64, c as f64), 0.0))
}

fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn npy_of(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    npy(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"), data)
}

#[test]
fn arrays_that_numpy_and_scipy_wrote_are_read_to_their_values() {
    let magnitudes = c().map(|z| Complex::new(z.norm(), 0.0));
    let cases = [
        ("c8.npy", None, "", "<c8", false, c()),
        ("c16_fortran_big.npy", None, "", ">c16", true, c()),
        ("leading.npy", None, "", "<c8", false, c()),
        ("one.npz", None, "anything", "<c16", false, c()),
        ("several.npz", Some("other"), "other", "<c16", false, c()),
        ("several.npz", Some("S.npy"), "S", "<f8", false, magnitudes),
        ("complex.mat", None, "C", "<c16", true, c()),
        ("packed.mat", None, "C", "<c8", true, c()),
        ("integers.mat", Some("a"), "a", "<i4", true, real(|r, c| 10.0 * r + c)),
        ("integers.mat", Some("b"), "b", "<i2", true, real(|r, c| r - c)),
    ];
    for (file, wanted, name, dtype, fortran, values) in cases {
        let array = read(&fixture(file), wanted).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((array.name.as_str(), array.dtype.as_str(), array.was_fortran), (name, dtype, fortran), "{file}");
        for (found, expected) in array.values.as_slice().iter().zip(values.as_slice()) {
            assert!((found - expected).norm() <= 1e-15 * expected.norm(), "{file}: {found} {expected}");
        }
        assert_eq!(array.shape(), values.shape(), "{file}");
        let is_complex = values.as_slice().iter().any(|z| z.im != 0.0);
        assert_eq!(array.kind == ValueKind::Complex, is_complex, "{file}");
    }
    assert_eq!(read(&fixture("leading.npy"), None).unwrap().stored_shape, [1, 3, 4]);
}

#[test]
fn angles_are_read_and_conventional_names_decide() {
    let array = read(&fixture("several.npz"), None).unwrap();
    assert_eq!((array.name.as_str(), array.kind), ("phase", ValueKind::Real));
    let half = read(&fixture("f2.npy"), None).unwrap();
    for (n, z) in c().as_slice().iter().enumerate() {
        assert!((array.values.as_slice()[n].re - z.arg()).abs() < 1e-15);
        assert!((half.values.as_slice()[n].re - z.arg()).abs() < 1e-3);
    }
}

#[test]
fn what_is_written_reads_back_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("a.npy"), folder.path().join("a.npz"));
    let levels = c().map(Complex::norm_sqr);
    write_npy(&one, ArrayToWrite::Complex(&c()), &[]).unwrap();
    // NumPy itself saved the fixture, so this is a golden file too.
    assert_eq!(fs::read(&one).unwrap(), fs::read(fixture("c8.npy")).unwrap());
    let arrays = [("phase", ArrayToWrite::Complex(&c())), ("levels", ArrayToWrite::Real(&levels))];
    write_npz(&two, &arrays, &[]).unwrap();
    let first = fs::read(&two).unwrap();
    write_npz(&two, &arrays, &[]).unwrap();
    assert_eq!(fs::read(&two).unwrap(), first);
    assert_eq!(read(&two, None).unwrap().values, c());
    let back = read(&two, Some("levels")).unwrap();
    assert_eq!((back.dtype.as_str(), back.values), ("<f4", levels.map(|&level| Complex::new(level, 0.0))));
}

/// A `.npy` of 32-bit floats in this order.
fn npy_floats(shape: &str, fortran: bool, values: &[f32]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '<f4', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    npy(&header, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
}

#[test]
fn channels_are_the_first_of_three_axes_in_either_order() {
    let value = |c: usize, r: usize, t: usize| (100 * c + 10 * r + t) as f32;
    let (channels, rows, columns) = (2, 3, 4);
    let cell = |at: usize| value(at / (rows * columns), at / columns % rows, at % columns);
    let c_order: Vec<f32> = (0..24).map(cell).collect();
    let fortran: Vec<f32> =
        (0..24).map(|at| value(at % channels, at / channels % rows, at / (channels * rows))).collect();
    for (shape, is_fortran, values) in [
        ("(2, 3, 4)", false, &c_order),
        ("(1, 2, 1, 3, 4)", false, &c_order),
        ("(2, 3, 4)", true, &fortran),
        ("(2, 1, 3, 4)", true, &fortran),
    ] {
        let array = read_bytes(&npy_floats(shape, is_fortran, values)).unwrap();
        assert_eq!((array.stack.channels, array.stack.rows, array.stack.gap), (2, 3, 0), "{shape}");
        for (channel, plane) in array.stack.divided(&array.values).iter().enumerate() {
            assert_eq!(plane.map(|z| z.re as f32), Plane::from_fn(3, 4, |r, t| value(channel, r, t)), "{shape}");
        }
    }
    // Real and imaginary part behind channels.
    let parts: Vec<f32> = (0..48).map(|at| if at % 2 == 0 { cell(at / 2) } else { -1.0 }).collect();
    let array = read_bytes(&npy_floats("(2, 3, 4, 2)", false, &parts)).unwrap();
    assert_eq!(
        (array.kind, array.stack.channels, array.values[(3, 1)]),
        (ValueKind::Complex, 2, Complex::new(1.0, -1.0))
    );
    // As it is written, so it is read.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.npy");
    write_npy(&path, ArrayToWrite::Channels(&array.values, array.stack), &[]).unwrap();
    let back = read(&path, None).unwrap();
    assert_eq!((back.stored_shape, back.stack, back.values), (vec![2, 3, 4], array.stack, array.values));
}

#[test]
fn of_a_matrix_and_channels_the_usual_name_is_taken_else_the_matrix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.npz");
    let (stack, matrix) = (Stack { channels: 2, rows: 3, gap: 0 }, Plane::filled(4, 5, 1.0));
    let channels = Plane::filled(6, 5, Complex::new(0.0, 1.0));
    let chosen = |of_channels: &str, of_matrix: &str| {
        let arrays =
            [(of_channels, ArrayToWrite::Channels(&channels, stack)), (of_matrix, ArrayToWrite::Real(&matrix))];
        write_npz(&path, &arrays, &[]).unwrap();
        read(&path, None).unwrap().name
    };
    assert_eq!(chosen("phase", "mask"), "phase");
    assert_eq!(chosen("examples", "grid"), "grid");
    write_npz(&path, &[("stereo", ArrayToWrite::Channels(&channels, stack))], &[]).unwrap();
    assert_eq!(read(&path, None).unwrap().stack, stack);
}

#[test]
fn axes_that_may_be_something_else_are_refused_with_what_to_do() {
    for (shape, count, advice) in [
        // Channels last, as soundfile and MATLAB have them; a batch; channels between the axes.
        ("(3, 4, 2)", 24, "np.moveaxis(a, -1, 0)"),
        ("(9, 7, 3)", 189, "np.moveaxis(array, -1, 0)"),
        ("(40, 50, 60)", 120_000, "array[0]"),
        ("(5, 2, 7)", 70, "array[0]"),
        ("(2, 2, 3, 4)", 48, "array[0]"),
    ] {
        let error = read_bytes(&npy_floats(shape, false, &vec![1.0; count])).unwrap_err().to_string();
        assert!(error.contains(advice) && error.contains(shape), "{shape}: {error}");
    }
}

#[test]
fn both_byte_orders_of_every_number_type_are_read() {
    for (letter, little, values) in [
        ("i1", vec![255u8, 5], [-1.0, 5.0]),
        ("u1", vec![255, 5], [255.0, 5.0]),
        ("i2", vec![0xfe, 0xff, 5, 0], [-2.0, 5.0]),
        ("u2", vec![0xfe, 0xff, 5, 0], [65534.0, 5.0]),
        ("i4", [(-3i32).to_le_bytes(), 5i32.to_le_bytes()].concat(), [-3.0, 5.0]),
        ("u4", [u32::MAX.to_le_bytes(), 5u32.to_le_bytes()].concat(), [4_294_967_295.0, 5.0]),
        ("i8", [(-3i64).to_le_bytes(), 5i64.to_le_bytes()].concat(), [-3.0, 5.0]),
        ("u8", [3u64.to_le_bytes(), 5u64.to_le_bytes()].concat(), [3.0, 5.0]),
        ("f4", [0.1f32.to_le_bytes(), 5f32.to_le_bytes()].concat(), [f64::from(0.1f32), 5.0]),
        ("f8", [0.1f64.to_le_bytes(), 5f64.to_le_bytes()].concat(), [0.1, 5.0]),
    ] {
        let size = little.len() / 2;
        let big: Vec<u8> = little.chunks(size).flat_map(|number| number.iter().rev().copied()).collect();
        for (order, data) in [('<', &little), ('>', &big)] {
            let array = read_bytes(&npy_of(&format!("'{order}{letter}'"), "(1, 2)", data)).unwrap();
            let found: Vec<f64> = array.values.as_slice().iter().map(|z| z.re).collect();
            assert_eq!(found, values, "{order}{letter}");
        }
    }
}

#[test]
fn headers_of_python_2_and_of_versions_2_and_3_are_read() {
    let data = [1f32.to_le_bytes(), 2f32.to_le_bytes()].concat();
    let header = "{\"shape\": (2L, 1L), \"fortran_order\": True, \"descr\": \"<f4\"}";
    assert_eq!(read_bytes(&npy(header, &data)).unwrap().shape(), (2, 1));
    for version in [2, 3] {
        let mut bytes = b"\x93NUMPY".to_vec();
        bytes.extend([version, 0]);
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(&data);
        assert_eq!(read_bytes(&bytes).unwrap().values.as_slice()[1].re, 2.0);
    }
}

/// A `.mat` element with its tag, padded to 8 bytes.
fn element(kind: u32, data: &[u8], big: bool) -> Vec<u8> {
    let word = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut bytes = [word(kind), word(data.len() as u32)].concat();
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

/// A level 5 file with one matrix: class, complex flag, dimensions, name and parts as (type, bytes).
fn mat(class: u8, complex: bool, dims: &[u32], name: &str, parts: &[(u32, Vec<u8>)], big: bool) -> Vec<u8> {
    let word = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let flags = u32::from(class) | if complex { 0x0800 } else { 0 };
    let mut body = element(6, &[word(flags), word(0)].concat(), big);
    body.extend(element(5, &dims.iter().flat_map(|&n| word(n)).collect::<Vec<u8>>(), big));
    body.extend(element(1, name.as_bytes(), big));
    for (kind, data) in parts {
        body.extend(element(*kind, data, big));
    }
    let mut bytes = vec![b' '; 124];
    bytes[..19].copy_from_slice(b"MATLAB 5.0 MAT-file");
    bytes.extend(if big { b"\x01\x00MI" } else { b"\x00\x01IM" });
    bytes.extend(element(14, &body, big));
    bytes
}

/// The same file with its matrix packed, as MATLAB saves by default.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bytes[128..]).unwrap();
    let data = encoder.finish().unwrap();
    let mut packed = bytes[..128].to_vec();
    packed.extend(15u32.to_le_bytes());
    packed.extend((data.len() as u32).to_le_bytes());
    packed.extend(data);
    packed
}

#[test]
fn mat_files_of_both_byte_orders_packed_or_not_are_read() {
    let bytes = |values: [i16; 4], big: bool| -> Vec<u8> {
        values.iter().flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() }).collect()
    };
    let expected = Plane::from_vec(2, 2, [(1, 5), (3, 7), (2, 6), (4, -8)].to_vec()).unwrap();
    let expected = expected.map(|&(re, im)| Complex::new(f64::from(re), f64::from(im)));
    for big in [false, true] {
        // A double matrix of small whole numbers is stored in 16 bits, column by column.
        let parts = [(3, bytes([1, 2, 3, 4], big)), (3, bytes([5, 6, 7, -8], big))];
        let file = mat(6, true, &[2, 2], "phase", &parts, big);
        let array = read_bytes(&file).unwrap();
        assert_eq!(array.values, expected);
        assert_eq!((array.name.as_str(), array.kind), ("phase", ValueKind::Complex));
        if !big {
            assert_eq!(read_bytes(&packed(&file)).unwrap().values, expected);
        }
    }
}

#[test]
fn malformed_arrays_are_told_what_is_wrong() {
    let f4 = |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let ok = f4(&[1.0, 2.0]);
    let whole = fs::read(fixture("c8.npy")).unwrap();
    let zip = fs::read(fixture("one.npz")).unwrap();
    let m = fs::read(fixture("complex.mat")).unwrap();
    let double = |n: usize| (9, vec![0u8; 8 * n]);
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty", vec![], &["is empty (0 bytes)"]),
        ("text", b"1,2,3\n4,5,6\n".to_vec(), &["no known kind", "expected a NumPy"]),
        ("wav", b"RIFF\0\0\0\0WAVEfmt ".to_vec(), &["a WAV sound", "where a sound is asked for"]),
        ("pickle", b"\x80\x04\x95abc".to_vec(), &["pickle", "allow_pickle=False"]),
        ("v7.3", b"MATLAB 7.3 MAT-file, Platform".to_vec(), &["v7.3", "-v7"]),
        ("hdf5", b"\x89HDF\r\n\x1a\n\0\0".to_vec(), &["HDF5"]),
        ("magic only", b"\x93NUMPY".to_vec(), &["ends within its header"]),
        ("version 9", b"\x93NUMPY\x09\x00\x10\x00".to_vec(), &["version 9.0"]),
        ("huge header", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}".to_vec(), &["4294967295 bytes", "10000"]),
        ("cut header", whole[..50].to_vec(), &["ends within its header"]),
        ("cut values", whole[..whole.len() - 1].to_vec(), &["95 of 96 bytes"]),
        ("no keys", npy("{}", &[]), &["'descr'"]),
        ("bad order", npy("{'descr': '<f4', 'fortran_order': 1, 'shape': (1, 2)}", &ok), &["'fortran_order'"]),
        ("negative shape", npy_of("'<f4'", "(-1, 2)", &ok), &["'shape'"]),
        ("nested", npy(&"(".repeat(9000), &[]), &["'descr'"]),
        ("huge shape", npy_of("'<f4'", "(4294967296, 4294967296, 2)", &ok), &["at most 67108864 values"]),
        ("unbacked shape", npy_of("'<f4'", "(8000, 8000)", &ok), &["8 of 256000000 bytes"]),
        ("vector", npy_of("'<f4'", "(2,)", &ok), &["shape (2,)", "1 dimension"]),
        ("scalar", npy_of("'<f4'", "()", &ok), &["shape ()", "0 dimension"]),
        ("cube", npy_of("'<i1'", "(2, 2, 2)", &ok), &["shape (2, 2, 2)", "array[0]"]),
        ("no rows", npy_of("'<f4'", "(0, 5)", &[]), &["shape (0, 5)"]),
        ("text values", npy_of("'<U8'", "(1, 2)", &[0; 64]), &["type <U8", "numeric"]),
        ("boolean", npy_of("'|b1'", "(1, 2)", &[0; 2]), &["type |b1", "astype"]),
        ("long double", npy_of("'<f16'", "(1, 2)", &[0; 32]), &["type <f16"]),
        (
            "nan",
            npy_of("'<f4'", "(2, 2)", &f4(&[0.0, 1.0, f32::NAN, f32::INFINITY])),
            &["2 value(s)", "row 1, column 0"],
        ),
        ("cut zip", zip[..zip.len() - 30].to_vec(), &["damaged"]),
        ("cut mat", m[..m.len() - 8].to_vec(), &["damaged", "ends after"]),
        ("mat header", m[..128].to_vec(), &["no arrays"]),
        ("mat stub", m[..132].to_vec(), &["ends within an element"]),
        ("mat short", mat(6, false, &[2, 2], "C", &[double(3)], false), &["3 values", "declares 4"]),
        ("mat no imaginary", mat(6, true, &[2, 2], "C", &[double(4)], false), &["ends within an element"]),
        ("mat huge", mat(6, false, &[u32::MAX, u32::MAX], "C", &[double(1)], false), &["at most 67108864 values"]),
        ("mat sparse", mat(5, false, &[2, 2], "C", &[double(4)], false), &["sparse", "matrix of numbers"]),
        ("mat odd type", mat(6, false, &[1, 2], "C", &[(99, vec![0; 16])], false), &["unknown type 99"]),
    ];
    assert_refused(&cases, read_bytes);
}

#[test]
fn real_files_that_are_not_read_are_told_why() {
    for (file, name, expected) in [
        ("objects.npy", None, "type |O"),
        ("record.npy", None, "('re', '<f4')"),
        ("level4.mat", None, "format='5'"),
        ("integers.mat", None, "a (3 x 4, <i4), b (3 x 4, <i2); expected one matrix"),
        ("integers.mat", Some("z"), "expected an array named z"),
        ("one.npz", Some("sr"), "shape ()"),
        ("packed.mat", Some("who"), "text in who"),
        ("several.npz", Some("nothing"), "S (3 x 4, <f8), phase (3 x 4, <f8), other (3 x 4, <c16)"),
    ] {
        let message = read(&fixture(file), name).expect_err(file).to_string();
        assert!(message.contains(expected), "{file}: {message}");
    }
}

#[test]
fn the_limit_stops_bombs_before_they_unpack() {
    let zeros = vec![0u8; 1 << 23];
    let bomb = mat(6, false, &[1 << 10, 1 << 10], "C", &[(9, zeros.clone())], false);
    assert!(matches!(read_limited(&packed(&bomb), 1000), Err(FileError::TooLarge { .. })));
    // The shape is small and the packed bytes are not.
    let lying = mat(6, false, &[2, 2], "C", &[(9, zeros)], false);
    assert!(matches!(read_limited(&packed(&lying), 1000), Err(FileError::TooLarge { .. })));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.npz");
    write_npz(&path, &[("C", ArrayToWrite::Real(&Plane::filled(2000, 2000, 0.0)))], &[]).unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 100_000);
    let options = ArrayReadOptions { name: None, max_values: 100_000 };
    assert!(matches!(read_array(&path, &options), Err(FileError::TooLarge { .. })));
}

#[test]
fn no_prefix_or_flipped_byte_of_an_array_panics() {
    for name in ["c8.npy", "one.npz", "several.npz", "complex.mat", "packed.mat", "integers.mat", "level4.mat"] {
        let bytes = fs::read(fixture(name)).unwrap();
        for n in 0..bytes.len() {
            let _ = read_bytes(&bytes[..n]);
            let mut flipped = bytes.clone();
            flipped[n] ^= 0x55;
            let _ = read_limited(&flipped, 1000);
        }
    }
}
