//! The FFT of single-precision numbers as SciPy computes it, to the last bit.
//!
//! librosa's filters are such spectra, and which of their entries `sparsity` keeps hangs on how
//! they round: in thousands of nearly empty bins the noise adds up, and one entry more or less is
//! -46 dB of a filter.

use std::f64::consts::{FRAC_PI_4, SQRT_2};

use num_complex::Complex;

type Single = Complex<f32>;

/// A forward FFT of a power of two: pocketfft's `cfftp` (SciPy 1.17), factors of 8, 4 and 2.
pub(super) struct SingleFft {
    /// `exp(2 pi i k / n)`.
    twiddles: Vec<Single>,
    factors: Vec<usize>,
}

impl SingleFft {
    pub(super) fn new(n: usize) -> Self {
        Self { twiddles: (0..n).map(|k| unit(k, n)).collect(), factors: factors(n) }
    }

    /// The spectrum of `values`.
    pub(super) fn transform(&self, mut values: Vec<Single>) -> Vec<Single> {
        let mut out = vec![Single::default(); values.len()];
        let mut done = 1;
        for &factor in &self.factors {
            match factor {
                8 => self.pass(done, &values, &mut out, butterfly8),
                4 => self.pass(done, &values, &mut out, butterfly4),
                _ => self.pass(done, &values, &mut out, butterfly2),
            }
            std::mem::swap(&mut values, &mut out);
            done *= factor;
        }
        values
    }

    /// One factor: butterflies, then the twiddle factors. `done` is the product of the factors before.
    fn pass<const N: usize>(
        &self,
        done: usize,
        values: &[Single],
        out: &mut [Single],
        butterfly: fn([Single; N]) -> [Single; N],
    ) {
        let stride = values.len() / (done * N);
        for k in 0..done {
            for i in 0..stride {
                let parts = butterfly(std::array::from_fn(|b| values[i + stride * (b + N * k)]));
                for (c, part) in parts.into_iter().enumerate() {
                    let turned = if i > 0 && c > 0 { times_conj(part, self.twiddles[c * done * i]) } else { part };
                    out[i + stride * (k + done * c)] = turned;
                }
            }
        }
    }
}

/// Eights, fours, and a two in front where one is left.
fn factors(n: usize) -> Vec<usize> {
    let mut twos = n.trailing_zeros() as usize;
    let mut factors = vec![8; twos / 3];
    twos %= 3;
    match twos {
        1 => {
            factors.push(2);
            let last = factors.len() - 1;
            factors.swap(0, last);
        }
        2 => factors.push(4),
        _ => {}
    }
    factors
}

/// `exp(2 pi i k / n)` for `k < n`, from an angle of at most an eighth of a turn.
fn unit(k: usize, n: usize) -> Single {
    let quarter = 4 * k / n;
    let x = 8 * k - 2 * n * quarter;
    let sin_cos = |x: usize| (FRAC_PI_4 * x as f64 / n as f64).sin_cos();
    let (sin, cos) = if x < n {
        sin_cos(x)
    } else {
        let (sin, cos) = sin_cos(2 * n - x);
        (cos, sin)
    };
    let (re, im) = match quarter {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    };
    Single::new(re as f32, im as f32)
}

fn times_conj(a: Single, b: Single) -> Single {
    Single::new(a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im)
}

/// By -90 degrees.
fn turned_90(a: Single) -> Single {
    Single::new(a.im, -a.re)
}

/// By -45 degrees.
fn turned_45(a: Single) -> Single {
    let half = (0.5 * SQRT_2) as f32;
    Single::new(half * (a.re + a.im), half * (a.im - a.re))
}

/// By -135 degrees.
fn turned_135(a: Single) -> Single {
    let half = (0.5 * SQRT_2) as f32;
    Single::new(half * (a.im - a.re), half * (-a.re - a.im))
}

fn butterfly2([a, b]: [Single; 2]) -> [Single; 2] {
    [a + b, a - b]
}

fn butterfly4([a, b, c, d]: [Single; 4]) -> [Single; 4] {
    let ([even, even_odd], [odd, odd_odd]) = (butterfly2([a, c]), butterfly2([b, d]));
    let odd_odd = turned_90(odd_odd);
    [even + odd, even_odd + odd_odd, even - odd, even_odd - odd_odd]
}

fn butterfly8(x: [Single; 8]) -> [Single; 8] {
    let ([a1, a5], [a3, a7]) = (butterfly2([x[1], x[5]]), butterfly2([x[3], x[7]]));
    let [a1, a3] = butterfly2([a1, a3]);
    let a3 = turned_90(a3);
    let [a5, a7] = butterfly2([a5, turned_90(a7)]);
    let (a5, a7) = (turned_45(a5), turned_135(a7));
    let ([a0, a4], [a2, a6]) = (butterfly2([x[0], x[4]]), butterfly2([x[2], x[6]]));
    let [a0, a2] = butterfly2([a0, a2]);
    let [a4, a6] = butterfly2([a4, turned_90(a6)]);
    [a0 + a1, a4 + a5, a2 + a3, a6 + a7, a0 - a1, a4 - a5, a2 - a3, a6 - a7]
}

#[cfg(test)]
mod tests {
    use photophone_fft::Planner;

    use super::*;

    fn sines(n: usize) -> Vec<Single> {
        (0..n).map(|i| Single::new((i as f64 * 0.7).sin() as f32, (i as f64 * i as f64 * 0.3).cos() as f32)).collect()
    }

    #[test]
    fn is_the_transform_at_every_length() {
        for n in (0..14).map(|twos| 1 << twos) {
            let got = SingleFft::new(n).transform(sines(n));
            let mut want: Vec<Complex<f64>> =
                sines(n).iter().map(|value| Complex::new(f64::from(value.re), f64::from(value.im))).collect();
            Planner::default().forward(n).process(&mut want);
            let size = want.iter().map(|value| value.norm()).fold(0.0, f64::max);
            for (got, want) in got.iter().zip(&want) {
                let got = Complex::new(f64::from(got.re), f64::from(got.im));
                assert!((got - want).norm() < 1e-6 * size, "{n}: {got} {want}");
            }
        }
    }

    #[test]
    fn rounds_as_scipy_does() {
        for (n, want) in CHECKSUMS {
            let bytes: Vec<u8> = SingleFft::new(n)
                .transform(sines(n))
                .iter()
                .flat_map(|value| [value.re.to_le_bytes(), value.im.to_le_bytes()])
                .flatten()
                .collect();
            assert_eq!(crc32fast::hash(&bytes), want, "{n}");
        }
    }

    /// CRC-32 of `scipy.fft.fft` (SciPy 1.17.1) of the same numbers as complex64.
    const CHECKSUMS: [(usize, u32); 5] =
        [(2, 0x9c0b_a355), (16, 0x5a0b_d93f), (256, 0x394a_c855), (512, 0x9f30_a05e), (8192, 0x0c7b_0eff)];
}
