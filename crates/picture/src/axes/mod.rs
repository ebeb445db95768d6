//! Figures: axes with ticks and labels around the data, and colour bars.

mod boxes;
mod content;
mod figure;
mod fit;
mod glyphs;
mod ink;
mod label;
mod labels;
mod text;
mod ticks;

pub use figure::{Figure, survey};
