//! A figure with what was read drawn over it.

use super::statement::{PanelReading, Reading};
use crate::raster::Raster;

/// Colours of the boxes, of the ticks and of the edges of cells: in few palettes, and in no style of axes.
const BOX: [u8; 4] = [0, 255, 255, 255];
const TICK: [u8; 4] = [255, 0, 255, 255];
const CELL: [u8; 4] = [0, 255, 0, 255];
/// Half of the width of a tick's cross, in pixels.
const CROSS_PX: usize = 4;
/// Every how many cells an edge is marked, and by how many pixels.
const EVERY: usize = 10;
const MARK_PX: usize = 6;

impl Reading {
    /// The picture with the boxes of data, the colour bars, the ticks that were read and every tenth cell drawn over it.
    /// Cost: one copy of the picture.
    pub fn overlay(&self, raster: &Raster) -> Raster {
        let mut canvas = raster.clone();
        for panel in &self.panels {
            if let Some([left, top, width, height]) = panel.data_box.value {
                outline(&mut canvas, [left, top, left + width, top + height]);
            }
            if let Some(bar) = panel.marks.bar {
                outline(&mut canvas, bar);
            }
            for &(x, y) in &panel.marks.ticks {
                let (x, y) = (pixel(x), pixel(y));
                for step in 0..=2 * CROSS_PX {
                    canvas.set((x + step).saturating_sub(CROSS_PX), y, TICK);
                    canvas.set(x, (y + step).saturating_sub(CROSS_PX), TICK);
                }
            }
            cells(&mut canvas, panel);
        }
        canvas
    }
}

fn pixel(px: f64) -> usize {
    px.round().max(0.0) as usize
}

fn outline(canvas: &mut Raster, edges: [f64; 4]) {
    let [left, top, right, bottom] = edges.map(pixel);
    for x in left..=right.min(canvas.width()) {
        canvas.set(x, top, BOX);
        canvas.set(x, bottom, BOX);
    }
    for y in top..=bottom.min(canvas.height()) {
        canvas.set(left, y, BOX);
        canvas.set(right, y, BOX);
    }
}

/// Marks where every tenth row and frame begins, inside of the box.
fn cells(canvas: &mut Raster, panel: &PanelReading) {
    let begins = |of_line: &[usize]| -> Vec<usize> {
        let pairs = of_line.windows(2).enumerate();
        pairs.filter(|(_, pair)| pair[0] / EVERY != pair[1] / EVERY).map(|(line, _)| line + 1).collect()
    };
    let inside = panel.inside;
    for x in begins(&panel.frame_of_column) {
        (0..MARK_PX).for_each(|depth| canvas.set(inside.x + x, inside.y + depth, CELL));
    }
    for y in begins(&panel.bin_of_row) {
        (0..MARK_PX).for_each(|depth| canvas.set(inside.x + depth, inside.y + y, CELL));
    }
}
