//! Numbers from bytes, as NumPy and MATLAB store them.

use num_complex::Complex;

/// A stored real number's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F16,
    F32,
    F64,
}

impl Scalar {
    /// The type of NumPy's kind letter (`i`, `u`, `f`) and size in bytes.
    pub(super) fn from_letter(letter: u8, size: usize) -> Option<Self> {
        Some(match (letter, size) {
            (b'i', 1) => Self::I8,
            (b'u', 1) => Self::U8,
            (b'i', 2) => Self::I16,
            (b'u', 2) => Self::U16,
            (b'i', 4) => Self::I32,
            (b'u', 4) => Self::U32,
            (b'i', 8) => Self::I64,
            (b'u', 8) => Self::U64,
            (b'f', 2) => Self::F16,
            (b'f', 4) => Self::F32,
            (b'f', 8) => Self::F64,
            _ => return None,
        })
    }

    /// Bytes a number takes.
    pub(super) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 | Self::F16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// All numbers in `bytes`; a last incomplete one is left out.
    pub(super) fn decode(self, bytes: &[u8], big_endian: bool) -> Vec<f64> {
        fn all<const N: usize>(bytes: &[u8], big_endian: bool, number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
            let (chunks, _) = bytes.as_chunks::<N>();
            let ordered = |&chunk: &[u8; N]| {
                let mut chunk = chunk;
                if big_endian {
                    chunk.reverse();
                }
                number(chunk)
            };
            chunks.iter().map(ordered).collect()
        }
        match self {
            Self::I8 => all(bytes, big_endian, |b| f64::from(i8::from_le_bytes(b))),
            Self::U8 => all(bytes, big_endian, |b| f64::from(u8::from_le_bytes(b))),
            Self::I16 => all(bytes, big_endian, |b| f64::from(i16::from_le_bytes(b))),
            Self::U16 => all(bytes, big_endian, |b| f64::from(u16::from_le_bytes(b))),
            Self::I32 => all(bytes, big_endian, |b| f64::from(i32::from_le_bytes(b))),
            Self::U32 => all(bytes, big_endian, |b| f64::from(u32::from_le_bytes(b))),
            Self::I64 => all(bytes, big_endian, |b| i64::from_le_bytes(b) as f64),
            Self::U64 => all(bytes, big_endian, |b| u64::from_le_bytes(b) as f64),
            Self::F16 => all(bytes, big_endian, |b| f64_from_half(u16::from_le_bytes(b))),
            Self::F32 => all(bytes, big_endian, |b| f64::from(f32::from_le_bytes(b))),
            Self::F64 => all(bytes, big_endian, f64::from_le_bytes),
        }
    }
}

/// Real and imaginary parts stored one after the other, put together.
pub(super) fn complex_from_pairs(numbers: &[f64]) -> Vec<Complex<f64>> {
    numbers.chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect()
}

/// Real numbers as complex ones.
pub(super) fn complex_from_real(numbers: &[f64]) -> Vec<Complex<f64>> {
    numbers.iter().map(|&number| Complex::new(number, 0.0)).collect()
}

/// An IEEE 754-2008 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction.
fn f64_from_half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    let magnitude = match i32::from((bits >> 10) & 0x1f) {
        0 => fraction * (-14f64).exp2(),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1.0 + fraction) * f64::from(exponent - 15).exp2(),
    };
    if bits & 0x8000 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_floats_decode_as_ieee_says() {
        let cases = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960464477539063e-8),
            (0x0400, 6.103515625e-5),
            (0x7c00, f64::INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(f64_from_half(bits), value, "{bits:#x}");
        }
        assert!(f64_from_half(0x7e00).is_nan());
    }

    #[test]
    fn byte_order_is_followed() {
        assert_eq!(Scalar::I16.decode(&[0x01, 0x02, 0xff], false), [513.0]);
        assert_eq!(Scalar::I16.decode(&[0x01, 0x02, 0xff, 0xfe], true), [258.0, -2.0]);
    }
}
