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

/// Width of the figure of which a picture has so many columns of whole pixels (Agg's canvas is `int(width)` wide): that of a
/// multiple of a tenth of an inch at its resolution, where that is known.
pub(crate) fn drawn_width(columns: usize, dpi: Option<f64>) -> f64 {
    let columns = columns as f64;
    let Some(dpi) = dpi.map(f64::round).filter(|&dpi| dpi >= 1.0) else { return columns };
    let drawn = (columns / dpi / STEP_IN - 1e-9).ceil() * STEP_IN * dpi;
    if drawn < columns + 1.0 - 1e-6 { drawn } else { columns }
}

/// Sides of the box of axes in a figure, in parts of its width and height from its left and its bottom: alone, beside an upright
/// bar, and above a level one (`colorbar` with `fraction=0.15` and `pad` 0.05 or 0.15).
const ACROSS: [(f64, f64); 2] = [(0.125, 0.9), (0.125, 0.745)];
const UP: [(f64, f64); 2] = [(0.11, 0.88), (0.11 + 0.77 * 0.3, 0.88)];
/// Most axes above each other, and the room between two, in heights of one (`figure.subplot.hspace`).
const MOST_STACKED: usize = 5;
const BETWEEN: f64 = 0.2;

/// The edges of a box, left, top, right and bottom, to the fraction of a pixel, where all lie within `slack` px of matplotlib's
/// own layout of a figure of this size.
///
/// `width` is the figure's own, of which the picture has the whole pixels: see [`drawn_width`].
pub(crate) fn laid_out(edges: [f64; 4], (width, height): (f64, usize), slack: f64) -> Option<[f64; 4]> {
    let height = height as f64;
    let [left, top, right, bottom] = edges;
    let near = |a: f64, b: f64| (a - b).abs() <= slack;
    let across = ACROSS.into_iter().map(|(a, b)| (a * width, b * width));
    let (left, right) = across.into_iter().find(|&(a, b)| near(a, left) && near(b, right))?;
    let stacked = (2..=MOST_STACKED).flat_map(|count| {
        let each = 0.77 / (count as f64 + BETWEEN * (count - 1) as f64);
        (0..count).map(move |index| {
            let low = 0.11 + index as f64 * each * (1.0 + BETWEEN);
            (low, low + each)
        })
    });
    let up = UP.into_iter().chain(stacked).map(|(low, high)| ((1.0 - high) * height, (1.0 - low) * height));
    let (top, bottom) = up.into_iter().find(|&(a, b)| near(a, top) && near(b, bottom))?;
    Some([left, top, right, bottom])
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

    /// `Axes.bbox` of `plt.subplots()`, of its first axes with a colour bar, and of the lower of two, matplotlib 3.11.2.
    #[test]
    fn boxes_of_the_default_layout_are_known_to_the_fraction() {
        for (size, rounded, expected) in [
            ((640, 480), [80.0, 58.0, 576.0, 427.0], [80.0, 57.6, 576.0, 427.2]),
            ((640, 480), [80.0, 58.0, 477.0, 427.0], [80.0, 57.6, 476.8, 427.2]),
            ((1000, 700), [125.0, 378.0, 900.0, 623.0], [125.0, 378.0, 900.0, 623.0]),
        ] {
            let (width, height): (usize, usize) = size;
            let found = laid_out(rounded, (width as f64, height), 0.6).unwrap();
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        }
        assert_eq!(laid_out([80.0, 36.0, 804.0, 341.0], (1000.0, 400), 0.6), None);
    }

    /// 6.4 and 12 inches at 72 dots an inch, and a width that no tenth of an inch has.
    #[test]
    fn a_figure_may_be_a_part_of_a_pixel_wider_than_its_picture() {
        assert!((drawn_width(460, Some(71.9998)) - 460.8).abs() < 1e-9);
        for (columns, dpi, width) in [(864, Some(72.0), 864.0), (863, Some(100.0), 863.0), (460, None, 460.0)] {
            assert!((drawn_width(columns, dpi) - width).abs() < 1e-9, "{columns} at {dpi:?}");
        }
    }
}
