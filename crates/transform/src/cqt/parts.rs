//! Complex vectors with their real and imaginary parts apart, which processors multiply fastest.

use std::ops::Range;

use num_complex::Complex;

/// A complex vector in two real ones of the same length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) re: Vec<f64>,
    pub(crate) im: Vec<f64>,
}

impl Parts {
    pub(crate) fn resize(&mut self, len: usize) {
        self.re.resize(len, 0.0);
        self.im.resize(len, 0.0);
    }

    pub(crate) fn clear(&mut self, range: Range<usize>) {
        self.re[range.clone()].fill(0.0);
        self.im[range].fill(0.0);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Complex<f64>> + '_ {
        self.re.iter().zip(&self.im).map(|(&re, &im)| Complex::new(re, im))
    }

    /// `sum self[i] other[range.start + i]`, in four running sums for vector registers.
    pub(crate) fn dot(&self, other: &Self, range: Range<usize>) -> Complex<f64> {
        let (a, rest_a) = (self.re.as_chunks::<4>(), self.im.as_chunks::<4>());
        let (b, rest_b) = (other.re[range.clone()].as_chunks::<4>(), other.im[range].as_chunks::<4>());
        let (mut re, mut im) = ([0.0; 4], [0.0; 4]);
        for (((ar, ai), br), bi) in a.0.iter().zip(rest_a.0).zip(b.0).zip(rest_b.0) {
            for lane in 0..4 {
                re[lane] += ar[lane] * br[lane] - ai[lane] * bi[lane];
                im[lane] += ar[lane] * bi[lane] + ai[lane] * br[lane];
            }
        }
        let mut sum = Complex::new(re.iter().sum(), im.iter().sum());
        for (((ar, ai), br), bi) in a.1.iter().zip(rest_a.1).zip(b.1).zip(rest_b.1) {
            sum += Complex::new(*ar, *ai) * Complex::new(*br, *bi);
        }
        sum
    }

    /// `target[range.start + i] += conj(self[i]) factor`.
    pub(crate) fn add_conj_times(&self, factor: Complex<f64>, target: &mut Self, range: Range<usize>) {
        let (re, im) = (&mut target.re[range.clone()], &mut target.im[range]);
        for (((re, im), a), b) in re.iter_mut().zip(im).zip(&self.re).zip(&self.im) {
            *re += a * factor.re + b * factor.im;
            *im += a * factor.im - b * factor.re;
        }
    }
}

impl FromIterator<Complex<f64>> for Parts {
    fn from_iter<I: IntoIterator<Item = Complex<f64>>>(values: I) -> Self {
        let (re, im) = values.into_iter().map(|value| (value.re, value.im)).unzip();
        Self { re, im }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_complex_arithmetic_at_every_length() {
        for len in 0..11 {
            let value = |i: usize| Complex::new((i as f64).sin(), (i as f64 * 0.7).cos());
            let (a, b): (Vec<_>, Vec<_>) =
                ((0..len).map(value).collect(), (0..len + 2).map(|i| value(i + 31)).collect());
            let (parts_a, mut parts_b): (Parts, Parts) = (a.iter().copied().collect(), b.iter().copied().collect());
            let want: Complex<f64> = a.iter().zip(&b[2..]).map(|(a, b)| a * b).sum();
            assert!((parts_a.dot(&parts_b, 2..len + 2) - want).norm() < 1e-14);
            let factor = Complex::new(0.3, -2.0);
            parts_a.add_conj_times(factor, &mut parts_b, 2..len + 2);
            for ((a, b), found) in a.iter().zip(&b[2..]).zip(parts_b.iter().skip(2)) {
                assert!((found - (b + a.conj() * factor)).norm() < 1e-14);
            }
        }
    }
}
