//! The octaves of a plan in one precision.

use std::marker::PhantomData;

use photophone_fft::Planner;

use super::decimate::Decimator;
use super::plan::Cqt;
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
    early: Option<Decimator<f32>>,
    stages: Vec<Stage<f32>>,
}

/// That of each precision.
struct Each<'a>(PhantomData<&'a ()>);

impl<'a> PerPrecision for Each<'a> {
    type In<T: Real> = Operator<'a, T>;
}

impl Cqt {
    /// The octaves in a precision. Single precision is that of the tables of double, rounded.
    pub(super) fn operator<T: Real>(&self) -> Operator<'_, T> {
        T::choose::<Each<'_>>(
            || Operator { early: self.early.as_deref(), stages: self.stages() },
            || {
                let single = self.single.get_or_init(|| self.rounded());
                Operator { early: single.early.as_ref(), stages: &single.stages }
            },
        )
    }

    fn rounded(&self) -> Single {
        let mut planner = Planner::default();
        Single {
            early: self.early.as_deref().map(Decimator::rounded),
            stages: self.stages().iter().map(|stage| stage.rounded(&mut planner)).collect(),
        }
    }
}
