//! The windows' formulas, in SciPy's order of operations (1.17): what is exactly 0 there is so here.

use std::f64::consts::PI;

use super::Window;
use super::bessel::bessel_i0;

impl Window {
    /// The periodic window of `n` samples.
    pub fn samples(self, n: usize) -> Vec<f64> {
        if n <= 1 {
            return vec![1.0; n];
        }
        let taylor = match self {
            Self::Taylor { bars, sidelobe_db } => taylor_terms(bars, sidelobe_db),
            _ => Vec::new(),
        };
        (0..n).map(|i| self.at(i as f64, n as f64, &taylor)).collect()
    }

    /// Sample `i` of `n`. SciPy makes the symmetric window of `n + 1` samples and drops the last.
    fn at(self, i: f64, n: f64, taylor: &[f64]) -> f64 {
        match self {
            Self::Hann => cosine_sum(i, n, &[0.5, 0.5]),
            Self::Hamming => cosine_sum(i, n, &[0.54, 1.0 - 0.54]),
            Self::GeneralHamming { alpha } => cosine_sum(i, n, &[alpha, 1.0 - alpha]),
            Self::Blackman => cosine_sum(i, n, &[0.42, 0.50, 0.08]),
            Self::BlackmanHarris => cosine_sum(i, n, &[0.35875, 0.48829, 0.14128, 0.01168]),
            Self::Nuttall => cosine_sum(i, n, &[0.3635819, 0.4891775, 0.1365995, 0.0106411]),
            Self::Flattop => cosine_sum(i, n, &[0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368]),
            Self::Bartlett if i <= n / 2.0 => 2.0 * i / n,
            Self::Bartlett => 2.0 - 2.0 * i / n,
            Self::Triang => {
                let from_end = 1.0 + i.min(n - i);
                // An even number of samples, counting the one dropped, has two at the top.
                if n % 2.0 == 1.0 { (2.0 * from_end - 1.0) / (n + 1.0) } else { 2.0 * from_end / (n + 2.0) }
            }
            Self::BartHann => {
                let off = (i / n - 0.5).abs();
                0.62 - 0.48 * off + 0.38 * (2.0 * PI * off).cos()
            }
            Self::Bohman if i == 0.0 => 0.0,
            Self::Bohman => {
                let off = (i * (2.0 / n) - 1.0).abs();
                (1.0 - off) * (PI * off).cos() + 1.0 / PI * (PI * off).sin()
            }
            Self::Parzen => {
                let off = (i - n / 2.0).abs();
                let share = off / (0.5 * (n + 1.0));
                if off <= n / 4.0 {
                    1.0 - 6.0 * share.powi(2) + 6.0 * share.powi(3)
                } else {
                    2.0 * (1.0 - share).powi(3)
                }
            }
            Self::Cosine => (PI / (n + 1.0) * (i + 0.5)).sin(),
            Self::Boxcar => 1.0,
            Self::Kaiser { beta } => {
                let off = (i - n / 2.0) / (n / 2.0);
                bessel_i0(beta * (1.0 - off * off).sqrt()) / bessel_i0(beta)
            }
            Self::Tukey { alpha } => tukey(i, n, alpha),
            Self::Gaussian { std } => (-(i - n / 2.0).powi(2) / (2.0 * std * std)).exp(),
            Self::GeneralGaussian { power, std } => (-0.5 * ((i - n / 2.0) / std).abs().powf(2.0 * power)).exp(),
            Self::Exponential { tau } => (-(i - n / 2.0).abs() / tau).exp(),
            Self::Lanczos if i == n / 2.0 => 1.0,
            Self::Lanczos => {
                let x = PI * (2.0 * i.max(n - i) / n - 1.0);
                x.sin() / x
            }
            Self::Taylor { .. } => {
                let at = |i: f64| {
                    let x = 2.0 * PI * (i - n / 2.0) / (n + 1.0);
                    let terms = (1u32..).zip(taylor).map(|(m, term)| term * (f64::from(m) * x).cos());
                    1.0 + 2.0 * terms.sum::<f64>()
                };
                at(i) * (1.0 / at(n / 2.0))
            }
        }
    }
}

/// `a0 + a1 cos(x) + a2 cos(2 x) + ...`, with `x` from -pi on.
fn cosine_sum(i: f64, n: f64, coefficients: &[f64]) -> f64 {
    let x = i * (2.0 * PI / n) - PI;
    coefficients.iter().enumerate().fold(0.0, |sum, (order, a)| sum + a * (order as f64 * x).cos())
}

/// A raised cosine over the share `alpha` of the window, half of it at each end.
fn tukey(i: f64, n: f64, alpha: f64) -> f64 {
    if alpha <= 0.0 {
        return 1.0;
    }
    if alpha >= 1.0 {
        return Window::Hann.at(i, n, &[]);
    }
    let width = (alpha * n / 2.0).floor();
    if i <= width {
        0.5 * (1.0 + (PI * (-1.0 + 2.0 * i / alpha / n)).cos())
    } else if i >= n - width {
        0.5 * (1.0 + (PI * (-2.0 / alpha + 1.0 + 2.0 * i / alpha / n)).cos())
    } else {
        1.0
    }
}

/// The cosines' coefficients of a Taylor window with `bars` nearly constant sidelobes at `sidelobe_db` below the main
/// lobe (Carrara, Goodman and Majewski 1995, as SciPy has it).
fn taylor_terms(bars: u32, sidelobe_db: f64) -> Vec<f64> {
    let a = (10f64.powf(sidelobe_db / 20.0)).acosh() / PI;
    let orders: Vec<f64> = (1..bars).map(f64::from).collect();
    let bars = f64::from(bars);
    let spread = bars * bars / (a * a + (bars - 0.5).powi(2));
    let term = |&m: &f64| {
        let zeros = orders.iter().map(|k| 1.0 - m * m / spread / (a * a + (k - 0.5).powi(2)));
        let others = orders.iter().filter(|&&k| k != m).map(|k| 1.0 - m * m / (k * k));
        let sign = if m % 2.0 == 1.0 { 1.0 } else { -1.0 };
        sign * zeros.product::<f64>() / (2.0 * others.product::<f64>())
    };
    orders.iter().map(term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_scipys() {
        for (window, four, five) in SCIPY {
            for (n, want) in [(4, &four[..]), (5, &five[..])] {
                let got = window.samples(n);
                assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-15), "{window}: {got:?}");
            }
            assert_eq!(window.samples(1), [1.0]);
        }
        let tested = |name| SCIPY.iter().any(|(window, ..)| window.name() == name);
        assert!(Window::ALL.map(Window::name).into_iter().all(tested));
    }

    #[test]
    fn kaiser_windows_of_any_beta_are_scipys() {
        for (beta, second) in KAISER_OF_4 {
            let got = Window::Kaiser { beta }.samples(4)[1];
            assert!((got / second - 1.0).abs() < 1e-13, "{beta}: {got}");
        }
    }

    /// The second of `get_window(("kaiser", beta), 4)`.
    const KAISER_OF_4: [(f64, f64); 6] = [
        (0.0, 1.0),
        (1.0, 0.9450332332135698),
        (14.0, 0.16493218754795197),
        (40.0, 0.005059101966686111),
        (300.0, 3.766469229341833e-18),
        (700.0, 2.0051515575288308e-41),
    ];

    /// `get_window(name, 4)` and of 5 (SciPy 1.17.1).
    #[allow(clippy::approx_constant, reason = "SciPy's figures as it prints them")]
    const SCIPY: [(Window, [f64; 4], [f64; 5]); 24] = [
        (
            Window::Hann,
            [0.0, 0.5, 1.0, 0.5],
            [0.0, 0.34549150281252633, 0.9045084971874737, 0.9045084971874737, 0.34549150281252633],
        ),
        (
            Window::Hamming,
            [0.08000000000000007, 0.54, 1.0, 0.54],
            [0.08000000000000007, 0.3978521825875243, 0.9121478174124759, 0.9121478174124759, 0.3978521825875243],
        ),
        (
            Window::Blackman,
            [-1.3877787807814457e-17, 0.34, 0.9999999999999999, 0.34],
            [-1.3877787807814457e-17, 0.2007701432625305, 0.8492298567374694, 0.8492298567374694, 0.2007701432625305],
        ),
        (
            Window::BlackmanHarris,
            [6.0000000000001025e-05, 0.21747000000000008, 1.0, 0.21747000000000008],
            [6.0000000000001025e-05, 0.10301148934566379, 0.7938335106543363, 0.7938335106543363, 0.10301148934566379],
        ),
        (
            Window::Nuttall,
            [0.0003628000000000381, 0.22698240000000006, 1.0, 0.22698240000000006],
            [0.0003628000000000381, 0.11051525304987181, 0.7982580969501283, 0.7982580969501283, 0.11051525304987181],
        ),
        (
            Window::Flattop,
            [-0.0004210510000000013, -0.05473684, 1.000000003, -0.05473684],
            [-0.0004210510000000013, -0.06771425207621193, 0.606872152576212, 0.606872152576212, -0.06771425207621193],
        ),
        (Window::Bartlett, [0.0, 0.5, 1.0, 0.5], [0.0, 0.4, 0.8, 0.8, 0.3999999999999999]),
        (
            Window::Triang,
            [0.3333333333333333, 0.6666666666666666, 1.0, 0.6666666666666666],
            [0.16666666666666666, 0.5, 0.8333333333333334, 0.8333333333333334, 0.5],
        ),
        (
            Window::BartHann,
            [0.0, 0.5, 1.0, 0.5],
            [0.0, 0.35857354213752, 0.8794264578624801, 0.8794264578624801, 0.3585735421375199],
        ),
        (
            Window::Bohman,
            [0.0, 0.31830988618379075, 1.0, 0.31830988618379075],
            [0.0, 0.1791238937062839, 0.8343114522576858, 0.8343114522576855, 0.1791238937062838],
        ),
        (
            Window::Parzen,
            [0.01599999999999999, 0.42399999999999993, 1.0, 0.42399999999999993],
            [0.009259259259259254, 0.25, 0.8611111111111112, 0.8611111111111112, 0.25],
        ),
        (
            Window::Cosine,
            [0.3090169943749474, 0.8090169943749475, 1.0, 0.8090169943749475],
            [0.25881904510252074, 0.7071067811865475, 0.9659258262890682, 0.9659258262890683, 0.7071067811865476],
        ),
        (Window::Boxcar, [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]),
        (
            Window::Kaiser { beta: 4.0 },
            [0.08848052607644988, 0.6334317797559347, 1.0, 0.6334317797559347],
            [0.08848052607644988, 0.5085159153920888, 0.932711570032223, 0.932711570032223, 0.5085159153920888],
        ),
        (Window::Tukey { alpha: 0.5 }, [0.0, 1.0, 1.0, 1.0], [0.0, 0.9045084971874737, 1.0, 1.0, 0.9045084971874735]),
        (
            Window::Tukey { alpha: 0.9 },
            [0.0, 0.5868240888334653, 1.0, 0.5868240888334655],
            [0.0, 0.41317591116653485, 0.9698463103929542, 0.9698463103929542, 0.41317591116653485],
        ),
        (
            Window::Tukey { alpha: 1.5 },
            [0.0, 0.5, 1.0, 0.5],
            [0.0, 0.34549150281252633, 0.9045084971874737, 0.9045084971874737, 0.34549150281252633],
        ),
        (
            Window::Gaussian { std: 1.5 },
            [0.41111229050718745, 0.8007374029168081, 1.0, 0.8007374029168081],
            [0.24935220877729622, 0.6065306597126334, 0.9459594689067654, 0.9459594689067654, 0.6065306597126334],
        ),
        (
            Window::GeneralGaussian { power: 1.5, std: 2.0 },
            [0.6065306597126334, 0.9394130628134758, 1.0, 0.9394130628134758],
            [0.3766034507108804, 0.8098246793420792, 0.9922179382602435, 0.9922179382602435, 0.8098246793420792],
        ),
        (
            Window::GeneralHamming { alpha: 0.7 },
            [0.3999999999999999, 0.7, 1.0, 0.7],
            [0.3999999999999999, 0.6072949016875158, 0.9427050983124843, 0.9427050983124843, 0.6072949016875158],
        ),
        (
            Window::Exponential { tau: 3.0 },
            [0.513417119032592, 0.7165313105737893, 1.0, 0.7165313105737893],
            [0.4345982085070782, 0.6065306597126334, 0.8464817248906141, 0.8464817248906141, 0.6065306597126334],
        ),
        (
            Window::Lanczos,
            [3.8981718325193755e-17, 0.6366197723675814, 1.0, 0.6366197723675814],
            [3.8981718325193755e-17, 0.5045511524271046, 0.935489283788639, 0.935489283788639, 0.5045511524271046],
        ),
        (
            Window::Taylor { bars: 4, sidelobe_db: 30.0 },
            [0.33249694817359937, 0.7720145794704376, 1.0, 0.7720145794704376],
            [0.306346927307408, 0.6620647789400378, 0.9570021269253987, 0.9570021269253987, 0.6620647789400378],
        ),
        (
            Window::Taylor { bars: 6, sidelobe_db: 40.0 },
            [0.2099396157931677, 0.7062191522477751, 0.9999999999999999, 0.7062191522477751],
            [0.1804578164922263, 0.5749491547254318, 0.9428048646308789, 0.9428048646308789, 0.5749491547254318],
        ),
    ];
}
