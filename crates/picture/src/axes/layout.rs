//! Where matplotlib puts axes in a figure.

/// Width and height of the only axes of a figure, in parts of its own (matplotlib 2.0 to 3.11, `figure.subplot.*`).
const AXES: (f64, f64) = (0.775, 0.77);
/// Figures are multiples of this, in inches, up to `LARGEST`.
const STEP_IN: f64 = 0.1;
const LARGEST_IN: f64 = 40.0;

/// Left, top, width and height of the data in a picture of nothing but the axes (`axis("off")`, `bbox_inches="tight"`,
/// `pad_inches=0`), which is cut to whole pixels from the lower left corner of the axes; `None` where no figure gives such a
/// picture.
pub(crate) fn full_bleed(width: usize, height: usize, dpi: f64) -> Option<[f64; 4]> {
    let side = |px: usize, part: f64| {
        let steps = (1..=(LARGEST_IN / STEP_IN) as usize).map(|step| part * step as f64 * STEP_IN * dpi.round());
        // Half a pixel less would be cut to the pixel below.
        steps.into_iter().find(|size| (size + 1e-6).floor() as usize == px)
    };
    let (w, h) = (side(width, AXES.0)?, side(height, AXES.1)?);
    Some([0.0, height as f64 - h, w, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_figure_without_axes_is_cut_at_its_top() {
        let found = full_bleed(496, 369, 99.9998).unwrap();
        for (found, expected) in found.iter().zip([0.0, -0.6, 496.0, 369.6]) {
            assert!((found - expected).abs() < 1e-6, "{found:?}");
        }
        assert_eq!(full_bleed(173, 1025, 100.0), None);
    }
}
