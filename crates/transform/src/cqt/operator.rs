//! The octaves of a plan in one precision.

use std::marker::PhantomData;

use super::decimate::Decimator;
use super::stage::Stage;
use crate::Real;
use crate::real::PerPrecision;

/// What the coefficients are computed with: the early step and the octaves' stages, top down.
pub(super) struct Operator<'a, T: Real> {
    pub(super) early: Option<&'a Decimator<T>>,
    pub(super) stages: &'a [Stage<T>],
}

/// The same, kept.
#[derive(Debug)]
pub(super) struct Single {
    pub(super) early: Option<Decimator<f32>>,
    pub(super) stages: Vec<Stage<f32>>,
}

/// That of each precision.
pub(super) struct Operators<'a>(PhantomData<&'a ()>);

impl<'a> PerPrecision for Operators<'a> {
    type In<T: Real> = Operator<'a, T>;
}
