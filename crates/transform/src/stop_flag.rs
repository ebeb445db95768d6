//! What ends work early from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::TransformError;

/// Ends work early once another thread has set it. Planning asks it for every filter, searches for every step of their
/// solves. The default is never set.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Option<Arc<AtomicBool>>);

impl StopFlag {
    /// Heeds a flag.
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        Self(Some(flag))
    }

    /// Whether work has to end.
    pub fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// The same as an error.
    ///
    /// # Errors
    /// [`TransformError::Stopped`].
    pub fn check(&self) -> Result<(), TransformError> {
        if self.is_set() { Err(TransformError::Stopped) } else { Ok(()) }
    }

    /// The flag, for a [`Scratch`](crate::Scratch).
    pub fn flag(&self) -> Option<Arc<AtomicBool>> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::Plane;

    use super::*;
    use crate::identify::estimate_tuning;
    use crate::identify::{estimate_pad_mode, estimate_release, estimate_samples, misfits_db};
    use crate::{Complex, Cqt, CqtParams, PadMode};

    #[test]
    fn a_set_flag_ends_planning_and_searches() {
        let stop = StopFlag::new(Arc::new(AtomicBool::new(true)));
        let params = CqtParams { bins: 99, pad_mode: PadMode::Reflect, ..CqtParams::default() };
        let grid = Plane::from_fn(99, 40, |k, t| Complex::cis((k * t) as f64));
        let stopped = Some(TransformError::Stopped);
        assert_eq!(Cqt::new_until(&params, 20_000, &stop).err(), stopped);
        assert_eq!(estimate_tuning(&params, &grid, &stop).err(), stopped);
        assert_eq!(estimate_pad_mode(&params, &grid, &stop).err(), stopped);
        assert_eq!(estimate_samples(&params, &grid, true, &stop).err(), stopped);
        assert_eq!(estimate_release(&params, &grid, &stop).err(), stopped);
        assert_eq!(misfits_db(&params, &[grid], &stop).err(), stopped);
        assert!(Cqt::new_until(&params, 20_000, &StopFlag::default()).is_ok());
    }
}
