//! Plans of fast Fourier transforms, compiled once.
//!
//! A thin layer over `rustfft` and `realfft`, whose planners are generic over the type of number: what calls them
//! directly compiles all of their algorithms itself, in every crate and every test. Here they are compiled once for each
//! precision. [`Planner`] is that of double precision; code that is generic over the precision takes [`Float`].
//!
//! ```
//! let fft = photophone_fft::Planner::default().real_forward(8);
//! let mut samples: Vec<f64> = (0..8).map(|i| (std::f64::consts::TAU * f64::from(i) / 8.0).cos()).collect();
//! let mut bins = fft.make_output_vec();
//! fft.process(&mut samples, &mut bins)?;
//! assert!((bins[1].re - 4.0).abs() < 1e-12 && bins[2].norm() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod float;

pub use float::{Float, Planner, PlannerOf};
pub use realfft::{ComplexToReal, RealToComplex};
pub use rustfft::Fft;
