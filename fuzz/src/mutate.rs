//! Inputs made hostile.

use fastrand::Rng;

/// Numbers at the ends of what types hold.
const EXTREMES: [u64; 12] = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

/// Longest input made, in bytes.
const LONGEST: usize = 1 << 16;

/// A hostile version of one of the inputs: one to eight changes.
pub(crate) fn mutated(corpus: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = corpus[rng.usize(..corpus.len())].clone();
    for _ in 0..1 << rng.u32(..4) {
        change(&mut bytes, corpus, rng);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, corpus: &[Vec<u8>], rng: &mut Rng) {
    if bytes.is_empty() {
        bytes.push(rng.u8(..));
    }
    let at = near_the_start(bytes.len(), rng);
    match rng.u32(..10) {
        0 | 1 => bytes[at] ^= 1 << rng.u32(..8),
        2 => bytes[at] = rng.u8(..),
        3 | 4 => write_extreme(bytes, at, rng),
        5 => bytes.truncate(at + 1),
        6 => {
            let end = (at + 1 + rng.usize(..32)).min(bytes.len());
            bytes.drain(at..end);
        }
        7 => {
            let end = (at + 1 + rng.usize(..64)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let times = 1 << rng.u32(..6);
            bytes.splice(at..at, copy.repeat(times));
        }
        8 => {
            let other = &corpus[rng.usize(..corpus.len())];
            let start = rng.usize(..=other.len());
            let end = (start + rng.usize(..256)).min(other.len());
            let over = (at + end - start).min(bytes.len());
            bytes.splice(at..over, other[start..end].iter().copied());
        }
        _ => change_digits(bytes, rng),
    }
}

/// A place in the input; half of them among the first 256 bytes, where headers are.
fn near_the_start(length: usize, rng: &mut Rng) -> usize {
    if rng.bool() { rng.usize(..length.min(256)) } else { rng.usize(..length) }
}

fn write_extreme(bytes: &mut [u8], at: usize, rng: &mut Rng) {
    let number = EXTREMES[rng.usize(..EXTREMES.len())];
    let width = [1, 2, 4, 8][rng.usize(..4)];
    let (little, big) = (number.to_le_bytes(), number.to_be_bytes());
    let text = if rng.bool() { &little[..width] } else { &big[8 - width..] };
    for (byte, value) in bytes[at..].iter_mut().zip(text) {
        *byte = *value;
    }
}

/// Changes a number that is written in digits, as headers of arrays and recipes have them.
fn change_digits(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
    if digits.is_empty() {
        return;
    }
    let at = digits[rng.usize(..digits.len())];
    let numbers =
        ["0", "1", "-1", "9", "1e9", "1e-9", "99999999", "29000000", "4294967296", "1e308", "nan", "inf", "[", "{"];
    let number = numbers[rng.usize(..numbers.len())];
    bytes.splice(at..=at, number.bytes());
}
