//! Agreement of the short-time Fourier transform with librosa's and SciPy's.
//!
//! `golden/stft-librosa-VERSION.json` lists the cases and `.bin` holds the coefficients; `cargo xtask goldens` makes both,
//! and `xtask/stft_goldens.py` describes the format.

#[path = "common/figures.rs"]
mod figures;
#[path = "common/index.rs"]
mod index;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/sounds.rs"]
mod sounds;
#[path = "common/stored.rs"]
mod stored;

use figures::relative_db;
use photophone_transform::{Stft, StftParams};
use serde::Deserialize;
use stored::Stored;

/// What every case must reach. Both compute in double precision; storing the coefficients in single leaves -150 dB.
const LIMIT_DB: f64 = -140.0;

#[derive(Deserialize)]
struct Case {
    by: String,
    params: StftParams,
    #[serde(flatten)]
    stored: Stored,
}

#[test]
fn librosa_and_scipy() {
    let (cases, bin) = index::read::<Case>("stft-librosa-0.11.0");
    assert!(["librosa", "scipy"].iter().all(|by| cases.iter().filter(|case| case.by == *by).count() > 3));
    for Case { by, params, stored } in &cases {
        let cells = Stft::new(params, stored.samples).and_then(|plan| plan.forward(&stored.sound()));
        let cells = cells.unwrap_or_else(|error| panic!("{by}, {params:?}: {error}"));
        assert_eq!(cells.shape(), stored.shape, "{by}, {params:?}");
        let db = relative_db(&stored.kept_of(&cells), &stored.cells(&bin));
        assert!(db < LIMIT_DB, "{by}, {params:?}: {db:.1} dB");
    }
}
