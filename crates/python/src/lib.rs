//! The private half of the Python package `photophone`: arrays and settings in, arrays and reports out.
//!
//! Signatures that people see, defaults and documentation are in `python/photophone`.

mod arrays;
mod batch;
mod edit;
mod error;
mod forward;
mod gabor;
mod gabor_stream;
mod inverse;
mod limits;
mod mel;
mod own;
mod params;
mod picture;
mod plans;
mod reading;
mod recovery;
mod retrieval;
mod source;
mod stacks;
mod stft;
mod threads;
mod watch;
mod wording;

use pyo3::prelude::*;

/// Private: the functions behind `photophone`'s.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::batch::BatchWork;
    #[pymodule_export]
    use crate::edit::{EditSurface, edited_by_gains, edited_by_shapes};
    #[pymodule_export]
    use crate::error::PhotophoneError;
    #[pymodule_export]
    use crate::forward::{forward, forward_work_secs};
    #[pymodule_export]
    use crate::gabor::{GaborSettings, gabor_forward, gabor_inverse};
    #[pymodule_export]
    use crate::gabor_stream::GaborStream;
    #[pymodule_export]
    use crate::inverse::inverted;
    #[pymodule_export]
    use crate::limits::Limits;
    #[pymodule_export]
    use crate::mel::{MelSettings, mel_retrieved};
    #[pymodule_export]
    use crate::own::OwnPicture;
    #[pymodule_export]
    use crate::params::{Params, count, interval_ratios};
    #[pymodule_export]
    use crate::picture::{PictureData, drawn_coefficients, drawn_magnitudes, drawn_sound, read};
    #[pymodule_export]
    use crate::reading::{Reading, recipe_file};
    #[pymodule_export]
    use crate::recovery::recovered;
    #[pymodule_export]
    use crate::retrieval::retrieved;
    #[pymodule_export]
    use crate::source::{Source, holds_channels, holds_numbers};
    #[pymodule_export]
    use crate::stft::{StftSettings, stft_forward, stft_inverse, stft_retrieved};
    #[pymodule_export]
    use crate::wording::{recipe_parameters, shortened, worded};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        photophone::files::silence_guarded_panics();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
