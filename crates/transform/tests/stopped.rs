//! Planning and searches end once their flag is set.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use photophone_spectrum::Plane;
use photophone_transform::identify::estimate_tuning;
use photophone_transform::identify::{estimate_pad_mode, estimate_release, estimate_samples, misfits_db};
use photophone_transform::{Complex, Cqt, CqtParams, PadMode, StopFlag, TransformError};

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
