//! Sound back from its picture: recipe, files, draw, recover, inspect, compare, report.

pub mod clip;
pub mod compare;
mod error;
pub mod files;

pub use error::Error;
