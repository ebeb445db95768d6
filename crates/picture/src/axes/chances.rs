//! How sure statements are, and how far axes are off.

/// Chances that a statement is right, of the 54 development pictures and the gallery's: edges to half a pixel; ends that a
/// transform has; ends to half a pixel; an axis without a word on what it counts.
pub(crate) const BOX: f64 = 0.95;
pub(crate) const OF_TRANSFORM: f64 = 0.95;
pub(crate) const TO_A_PIXEL: f64 = 0.8;
pub(crate) const COARSE: f64 = 0.5;
pub(crate) const BY_AXIS: f64 = 0.65;
/// How far an axis is off at the edges, in pixels: ticks and edges are rounded.
pub(crate) const EDGE_PX: f64 = 0.4;
/// Part of the upper end that a frequency may be wrong by.
pub(crate) const FINE: f64 = 0.001;
