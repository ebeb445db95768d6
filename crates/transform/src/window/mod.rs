//! Analysis windows by SciPy's names, periodic form, with librosa's noise bandwidths.

mod bessel;
mod shape;

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::Number;
use serde::{Deserialize, Serialize};

use crate::TransformError;
pub(crate) use bessel::bessel_i0;

/// A window of SciPy's `get_window(name, n, fftbins=True)`, for filters of `n` samples.
///
/// Written as SciPy's name, with parameters behind colons: `hann`, `kaiser:8.6`, `tukey:0.25`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Window {
    /// Raised cosine: librosa's default.
    #[default]
    Hann,
    /// Raised cosine on a pedestal of 0.08.
    Hamming,
    /// Three-term Blackman.
    Blackman,
    /// Four-term minimum Blackman-Harris.
    BlackmanHarris,
    /// Four-term minimum Nuttall, as Blackman-Harris with other coefficients.
    Nuttall,
    /// Five-term flat top.
    Flattop,
    /// Triangle that reaches zero.
    Bartlett,
    /// Triangle that does not.
    Triang,
    /// Bartlett and Hann mixed.
    BartHann,
    /// Half-cosine convolved with itself.
    Bohman,
    /// Piecewise cubic: four boxes convolved.
    Parzen,
    /// Half a sine period.
    Cosine,
    /// All ones.
    Boxcar,
    /// Main lobe of a sinc.
    Lanczos,
    /// Kaiser's: nearly the most energy in the main lobe.
    Kaiser {
        /// Half the time-bandwidth product times pi, -700 to 700: 0 is a boxcar, 6 much like Hann.
        beta: f64,
    },
    /// Boxcar with raised-cosine ends.
    Tukey {
        /// Share of the window in the ends: 0 is a boxcar, 1 is Hann. Default: 0.5.
        alpha: f64,
    },
    /// Gaussian.
    Gaussian {
        /// Standard deviation in samples, whatever the filter's length; above 0.
        std: f64,
    },
    /// `exp(-|t / std|^(2 power) / 2)`.
    GeneralGaussian {
        /// 1 is a Gaussian, 0.5 a Laplacian.
        power: f64,
        /// In samples, whatever the filter's length; above 0.
        std: f64,
    },
    /// Raised cosine on a pedestal.
    GeneralHamming {
        /// Mean of the window: 0.5 is Hann, 0.54 Hamming.
        alpha: f64,
    },
    /// Two-sided exponential.
    Exponential {
        /// Decay in samples, whatever the filter's length; above 0. Default: 1.
        tau: f64,
    },
    /// Taylor's: nearly constant sidelobes.
    Taylor {
        /// How many nearly constant sidelobes, 1 to 1000. Default: 4.
        bars: u32,
        /// How far they lie below the main lobe, in dB, 0 to 300. Default: 30.
        sidelobe_db: f64,
    },
}

/// What is known of a window's kind.
struct Kind {
    /// The window with SciPy's default parameters, or where it has none, with an example's.
    window: Window,
    /// SciPy's names, its own first (`scipy.signal.get_window`).
    names: &'static [&'static str],
    /// Equivalent noise bandwidth in bins, from librosa 0.11's `WINDOW_BANDWIDTHS`, where that has it. It was measured
    /// on a window of finite length, hence 1.50018 for Hann and not 1.5.
    bandwidth: Option<f64>,
    /// The parameters, as help texts name them.
    parameters: &'static str,
}

const KINDS: [Kind; 21] = {
    const fn plain(window: Window, names: &'static [&'static str], bandwidth: f64) -> Kind {
        Kind { window, names, bandwidth: Some(bandwidth), parameters: "" }
    }
    const fn shaped(window: Window, names: &'static [&'static str], parameters: &'static str) -> Kind {
        Kind { window, names, bandwidth: None, parameters }
    }
    [
        plain(Window::Hann, &["hann", "han", "hanning"], 1.50018310546875),
        plain(Window::Hamming, &["hamming", "hamm", "ham"], 1.3629455320350348),
        plain(Window::Blackman, &["blackman", "black", "blk"], 1.7269681554262326),
        plain(Window::BlackmanHarris, &["blackmanharris", "blackharr", "bkh"], 2.0045975283585014),
        plain(Window::Nuttall, &["nuttall", "nutl", "nut"], 1.9763500280946082),
        plain(Window::Flattop, &["flattop", "flat", "flt"], 2.7762255046484143),
        plain(Window::Bartlett, &["bartlett", "bart", "brt"], 1.3334961334912805),
        plain(Window::Triang, &["triang", "triangle", "tri"], 1.3331706523555851),
        plain(Window::BartHann, &["barthann", "brthan", "bth"], 1.4560255965133932),
        plain(Window::Bohman, &["bohman", "bman", "bmn"], 1.7859588613860062),
        plain(Window::Parzen, &["parzen", "parz", "par"], 1.9174603174603191),
        plain(Window::Cosine, &["cosine", "halfcosine"], 1.2337005350199792),
        plain(Window::Boxcar, &["boxcar", "box", "ones", "rect", "rectangular"], 1.0),
        shaped(Window::Lanczos, &["lanczos", "sinc"], ""),
        shaped(Window::Kaiser { beta: 6.0 }, &["kaiser", "ksr"], ":BETA"),
        shaped(Window::Tukey { alpha: 0.5 }, &["tukey", "tuk"], "[:ALPHA]"),
        shaped(Window::Gaussian { std: 200.0 }, &["gaussian", "gauss", "gss"], ":STD"),
        shaped(
            Window::GeneralGaussian { power: 1.5, std: 200.0 },
            &["general_gaussian", "general gaussian", "general gauss", "general_gauss", "ggs"],
            ":POWER:STD",
        ),
        shaped(Window::GeneralHamming { alpha: 0.7 }, &["general_hamming", "general hamming"], ":ALPHA"),
        shaped(Window::Exponential { tau: 1.0 }, &["exponential", "poisson"], "[:TAU]"),
        shaped(Window::Taylor { bars: 4, sidelobe_db: 30.0 }, &["taylor", "taylorwin"], "[:BARS[:DB]]"),
    ]
};

/// Samples on which librosa measures a bandwidth that is not in its table.
const BANDWIDTH_SAMPLES: usize = 1000;

/// Largest parameter of Kaiser's window: beyond, its Bessel function nears the largest double.
const MAX_BETA: f64 = 700.0;

impl Window {
    /// Every kind of window, those with parameters with SciPy's defaults or an example's.
    pub const ALL: [Self; KINDS.len()] = {
        let mut all = [Self::Hann; KINDS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = KINDS[i].window;
            i += 1;
        }
        all
    };

    fn kind(self) -> &'static Kind {
        let same = |kind: &&Kind| std::mem::discriminant(&kind.window) == std::mem::discriminant(&self);
        KINDS.iter().find(same).unwrap_or(&KINDS[0])
    }

    /// SciPy's name, without parameters.
    pub fn name(self) -> &'static str {
        self.kind().names[0]
    }

    /// Equivalent noise bandwidth in bins, as librosa has it.
    pub fn noise_bandwidth_bins(self) -> f64 {
        self.kind().bandwidth.unwrap_or_else(|| {
            let (sum, square) =
                self.samples(BANDWIDTH_SAMPLES).iter().fold((0.0, 0.0), |(sum, square), w| (sum + w, square + w * w));
            BANDWIDTH_SAMPLES as f64 * square / (sum * sum + f64::MIN_POSITIVE)
        })
    }

    /// The parameters, in SciPy's order.
    fn parameters(self) -> Vec<f64> {
        match self {
            Self::Kaiser { beta } => vec![beta],
            Self::Tukey { alpha } | Self::GeneralHamming { alpha } => vec![alpha],
            Self::Gaussian { std } => vec![std],
            Self::GeneralGaussian { power, std } => vec![power, std],
            Self::Exponential { tau } => vec![tau],
            Self::Taylor { bars, sidelobe_db } => vec![f64::from(bars), sidelobe_db],
            _ => Vec::new(),
        }
    }

    /// The window of this kind with other parameters; `None` where there are too few, too many or bad ones.
    fn with_parameters(self, given: &[f64]) -> Option<Self> {
        let positive = |value: f64| value > 0.0;
        let window = match (self, given) {
            (Self::Kaiser { .. }, &[beta]) if beta.abs() <= MAX_BETA => Self::Kaiser { beta },
            (Self::Tukey { .. }, &[alpha]) => Self::Tukey { alpha },
            (Self::Gaussian { .. }, &[std]) if positive(std) => Self::Gaussian { std },
            (Self::GeneralGaussian { .. }, &[power, std]) if positive(std) => Self::GeneralGaussian { power, std },
            (Self::GeneralHamming { .. }, &[alpha]) => Self::GeneralHamming { alpha },
            (Self::Exponential { .. }, &[tau]) if positive(tau) => Self::Exponential { tau },
            (Self::Taylor { sidelobe_db, .. }, &[bars]) => return self.with_parameters(&[bars, sidelobe_db]),
            (Self::Taylor { .. }, &[bars, sidelobe_db])
                if bars.fract() == 0.0 && (1.0..=1000.0).contains(&bars) && (0.0..=300.0).contains(&sidelobe_db) =>
            {
                Self::Taylor { bars: bars as u32, sidelobe_db }
            }
            (Self::Tukey { .. } | Self::Exponential { .. } | Self::Taylor { .. }, []) => self,
            (_, []) if self.parameters().is_empty() => self,
            _ => return None,
        };
        window.parameters().iter().all(|value| value.is_finite()).then_some(window)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.parameters().iter().try_for_each(|value| write!(f, ":{}", Number(*value)))
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

impl TryFrom<String> for Window {
    type Error = TransformError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Window {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || TransformError::Parameter {
            name: "window",
            found: format!("'{text}'"),
            expected: KINDS
                .iter()
                .map(|kind| format!("{}{}", kind.names[0], kind.parameters))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let lower = text.to_ascii_lowercase();
        let mut parts = lower.split(':');
        let name = parts.next().unwrap_or_default();
        let kind = KINDS.iter().find(|kind| kind.names.contains(&name)).ok_or_else(unknown)?;
        let given: Vec<f64> = parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| unknown())?;
        kind.window.with_parameters(&given).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_bandwidths_are_those_of_the_windows() {
        // librosa's table was computed on about a thousand samples: agreement to a percent.
        // Its figure for the flat top (2.776) is not that window's (3.770); the table decides.
        let in_table = KINDS.iter().filter(|kind| kind.bandwidth.is_some()).map(|kind| kind.window);
        for window in in_table.filter(|window| *window != Window::Flattop) {
            let w = window.samples(1000);
            let (sum, square): (f64, f64) = w.iter().fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
            let measured = 1000.0 * square / (sum * sum);
            assert!((measured / window.noise_bandwidth_bins() - 1.0).abs() < 0.01, "{window}: {measured}");
        }
        // librosa.filters.window_bandwidth(("kaiser", 4.0)), of librosa 0.11, and so on.
        for (window, bandwidth) in
            [("kaiser:4", 1.246728528749707), ("lanczos", 1.2990341679415653), ("taylor", 1.1713753335354542)]
        {
            let window: Window = window.parse().unwrap();
            assert!((window.noise_bandwidth_bins() - bandwidth).abs() < 1e-12, "{window}");
        }
    }

    #[test]
    fn names_round_trip() {
        for kind in &KINDS {
            let written = kind.window.to_string();
            let parameters = &written[kind.names[0].len()..];
            assert!(kind.names.iter().all(|name| format!("{name}{parameters}").parse() == Ok(kind.window)));
            let text = serde_json::to_string(&kind.window).unwrap();
            assert_eq!(text, format!("\"{written}\""));
            assert_eq!(serde_json::from_str::<Window>(&text).unwrap(), kind.window);
        }
        assert_eq!("tukey".parse(), Ok(Window::Tukey { alpha: 0.5 }));
        assert_eq!("taylor:6".parse(), Ok(Window::Taylor { bars: 6, sidelobe_db: 30.0 }));
        assert_eq!("Kaiser:8.6".parse(), Ok(Window::Kaiser { beta: 8.6 }));
        for bad in [
            "",
            "kaiser",
            "kaiser:a",
            "kaiser:1:2",
            "kaiser:inf",
            "kaiser:701",
            "hann:1",
            "gaussian:0",
            "taylor:4.5",
            "tukey:nan",
        ] {
            assert!(bad.parse::<Window>().is_err(), "{bad}");
        }
    }
}
