//! Samples of several channels to coefficients, side by side.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::plan::Cqt;
use super::scratch::Scratch;
use crate::parallel::try_map_with;
use crate::{Real, TransformError};

impl Cqt {
    /// The transform of each channel, as [`Cqt::forward_into`] gives it; what comes after `stop` was set is of no use.
    ///
    /// Cost: as many of its calls, shared between the threads that the caller runs on. Each thread keeps a scratch.
    ///
    /// # Errors
    /// [`TransformError::Shape`] when a channel's number of samples is not the plan's.
    pub fn forward_channels<S: Real, C: Real>(
        &self,
        channels: &[&[S]],
        stop: Option<&Arc<AtomicBool>>,
    ) -> Result<Vec<Plane<Complex<C>>>, TransformError> {
        let (bins, frames) = self.shape();
        let scratch = || Scratch { stop: stop.cloned(), ..Scratch::default() };
        try_map_with(channels, scratch, |scratch, samples| {
            let mut out = Plane::filled(bins, frames, Complex::default());
            self.forward_into(samples, &mut out, scratch)?;
            Ok(out)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;
    use crate::{CqtParams, Threads};

    #[test]
    fn channels_are_transformed_as_each_alone_on_any_threads() {
        let params = CqtParams { hop: 256, ..CqtParams::default() };
        let channels: Vec<Vec<f64>> = (0..5).map(|seed| noise(6_000, seed)).collect();
        let plan = Cqt::new(&params, 6_000).unwrap();
        let alone: Vec<_> = channels.iter().map(|channel| plan.forward(channel).unwrap()).collect();
        let views: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
        let together = || plan.forward_channels::<f64, f64>(&views, None).unwrap();
        assert!(together() == alone);
        for threads in [2, 3] {
            assert!(Threads::start(threads).run(together) == alone, "{threads} threads");
        }
        let short = [&channels[0][..], &channels[1][..5_000]];
        assert!(matches!(plan.forward_channels::<f64, f64>(&short, None), Err(TransformError::Shape { .. })));
    }

    /// One channel long enough for each thread to have blocks of its own, in either precision.
    #[test]
    fn a_long_channel_is_the_same_on_any_threads() {
        let params = CqtParams { sr: 44_100.0, ..CqtParams::default() };
        let plan = Cqt::new(&params, 100_000).unwrap();
        let sound = noise(100_000, 7);
        let singles: Vec<f32> = sound.iter().map(|&sample| sample as f32).collect();
        let double = || plan.forward_channels::<f64, f64>(&[&sound], None).unwrap();
        let single = || plan.forward_channels::<f32, f32>(&[&singles], None).unwrap();
        let alone = (double(), single());
        for threads in [2, 3, 7] {
            let threads = Threads::start(threads);
            assert!(threads.run(double) == alone.0 && threads.run(single) == alone.1, "{threads:?}");
        }
    }
}
