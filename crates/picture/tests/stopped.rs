//! Reading ends soon after its flag is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use photophone_picture::{PictureError, Raster, ReadOptions, read};
use photophone_spectrum::StopFlag;

/// What is promised, and as much again for a machine that does other things too.
const SOON: Duration = Duration::from_secs(1);

/// Soft cells, which have to be solved for.
fn soft_picture(width: usize, height: usize) -> Raster {
    let level = |x: usize, y: usize| ((x / 6 * 7919 + y / 5 * 104_729) % 251) as u8;
    let mean = |x: usize, y: usize| level(x, y).midpoint(level(x + 1, y + 1));
    let raster = Raster::from_fn(width, height, |x, y| {
        let v = mean(x, y);
        [v, v / 2 + (x % 3) as u8, 255 - v, 255]
    });
    raster.expect("pixels")
}

#[test]
fn a_flag_that_is_set_ends_reading() {
    let options = ReadOptions { stop: StopFlag::new(Arc::new(AtomicBool::new(true))), ..ReadOptions::default() };
    assert_eq!(read(&soft_picture(60, 50), &options).err(), Some(PictureError::Stopped));
}

/// None of the steps that a large picture goes through holds it up.
#[test]
fn reading_a_large_picture_ends_soon_after_the_flag_is_set() {
    let raster = soft_picture(4000, 3000);
    for wait in [30, 300, 900] {
        let flag = Arc::new(AtomicBool::new(false));
        let options = ReadOptions { stop: StopFlag::new(Arc::clone(&flag)), ..ReadOptions::default() };
        let late = thread::scope(|scope| {
            let setter = scope.spawn(|| {
                thread::sleep(Duration::from_millis(wait));
                flag.store(true, Ordering::Relaxed);
                Instant::now()
            });
            let result = read(&raster, &options);
            let ended = Instant::now();
            let set = setter.join().expect("the thread");
            // What was read before needed no end.
            (result.err() == Some(PictureError::Stopped)).then(|| ended.saturating_duration_since(set))
        });
        assert!(late.is_none_or(|late| late < SOON), "{wait} ms: {late:?} late");
    }
}
