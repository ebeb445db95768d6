//! Plans that were used last, kept for the next call.

use std::sync::{Arc, Mutex};

use photophone::transform::{Cqt, TransformError};

use crate::params::Params;
use crate::threads::try_lock;

/// Plans kept. A notebook works with one or two grids at a time; a plan takes a few MiB.
const KEPT: usize = 4;

type Kept = (Params, usize, Arc<Cqt>);

static PLANS: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// The plan for a signal of this length: one that was used before, or a new one.
pub(crate) fn plan(params: &Params, samples: usize) -> Result<Arc<Cqt>, TransformError> {
    if let Some(plan) = found(params, samples) {
        return Ok(plan);
    }
    let plan = Arc::new(params.plan(samples)?);
    if let Some(mut plans) = try_lock(&PLANS) {
        plans.truncate(KEPT - 1);
        plans.insert(0, (params.clone(), samples, Arc::clone(&plan)));
    }
    Ok(plan)
}

fn found(params: &Params, samples: usize) -> Option<Arc<Cqt>> {
    let mut plans = try_lock(&PLANS)?;
    let index = plans.iter().position(|(kept, length, _)| *length == samples && kept == params)?;
    let last = plans.remove(index);
    let plan = Arc::clone(&last.2);
    plans.insert(0, last);
    Some(plan)
}
