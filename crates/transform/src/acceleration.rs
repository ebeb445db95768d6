//! How far accelerated Griffin-Lim runs ahead.

/// Weight of the last change that Griffin-Lim runs ahead with (Perraudin, Balazs and Sondergaard
/// 2013). Above 1 it does not settle.
pub const ACCELERATION: f64 = 0.99;
