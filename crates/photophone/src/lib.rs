//! Sound back from its picture: recipe, files, draw, recover, inspect, compare, report.

mod error;
pub mod files;

pub use error::Error;
