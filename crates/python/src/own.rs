//! Pictures that carry their sound, and whose levels are changed in memory.

use std::path::{Path, PathBuf};

use numpy::{PyArray1, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray2, PyReadonlyArray3};
use photophone::edit::Edge;
use photophone::files::{PictureReadOptions, Sound, decode_picture};
use photophone::own::{Levels, OwnDrawn, OwnOptions, OwnRecovered, draw};
use photophone::spectrum::Plane;
use photophone::transform::StopFlag;
use photophone::{BitDepth, Error};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arrays::{planes, signals};
use crate::error::{PhotophoneError, to_python, transform_to_python};
use crate::watch::{Stopper, interruptible};

/// A picture that carries its sound.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Debug)]
pub struct OwnPicture(OwnDrawn);

#[pymethods]
impl OwnPicture {
    /// Draws samples, channels by samples.
    #[staticmethod]
    fn draw(
        py: Python<'_>,
        samples: PyReadonlyArray2<'_, f32>,
        rate: u32,
        hop: Option<usize>,
        bins_per_octave: Option<usize>,
        bits: u32,
    ) -> PyResult<Self> {
        let bits = match bits {
            8 => BitDepth::Eight,
            16 => BitDepth::Sixteen,
            other => return Err(PhotophoneError::new_err(format!("bits is {other}, expected 8 or 16"))),
        };
        let default = OwnOptions::default();
        let options = OwnOptions {
            bits,
            hop: hop.unwrap_or(default.hop),
            bins_per_octave: bins_per_octave.unwrap_or(default.bins_per_octave),
            ..default
        };
        let view = samples.as_array();
        signals(view).map_err(transform_to_python)?;
        let channels = view.outer_iter().map(|channel| channel.to_vec()).collect();
        let sound = Sound { sample_rate_hz: rate, channels };
        let work = move |stopper: &Stopper| {
            draw(&sound, &OwnOptions { stop: StopFlag::new(stopper.flag()), ..options }).map(Self)
        };
        interruptible(py, work)?.map_err(to_python)
    }

    /// The levels as they were drawn, channels by rows by columns.
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u16>>> {
        let channels = &self.0.levels.channels;
        let (rows, columns) = channels.first().map_or((0, 0), Plane::shape);
        let values = channels.iter().flat_map(Plane::as_slice).copied().collect();
        PyArray1::from_vec(py, values).reshape([channels.len(), rows, columns])
    }

    /// What the lowest and the highest level mean, in dB, and the number of the highest.
    fn scale(&self) -> (f64, f64, u16) {
        let picture = &self.0.recipe.picture;
        let high_db = 20.0 * picture.reference.log10();
        (high_db - picture.range_db, high_db, self.0.levels.most)
    }

    /// The centres of rows, in Hz.
    fn frequencies(&self) -> PyResult<Vec<f64>> {
        let bands = self.0.recipe.params().bands().map_err(transform_to_python)?;
        Ok(bands.iter().map(|band| band.centre_hz).collect())
    }

    /// The middles of columns, in seconds.
    fn times(&self) -> Vec<f64> {
        let (picture, rate) = (&self.0.recipe.picture, f64::from(self.0.recipe.sound.sample_rate));
        (0..picture.columns).map(|column| (column as f64 + 0.5) * picture.hop as f64 / rate).collect()
    }

    /// Sentences on what was drawn.
    fn notes(&self) -> Vec<String> {
        self.0.notes.clone()
    }

    /// The sound with these levels, channels by samples, and the account as JSON and as text.
    fn sound<'py>(
        &self,
        py: Python<'py>,
        levels: PyReadonlyArray3<'_, u16>,
        edge: &str,
    ) -> PyResult<(Bound<'py, PyArray2<f32>>, String, String)> {
        let (levels, edge) = (self.of_array(&levels), edge.parse::<Edge>().map_err(to_python)?);
        let drawn = self.0.clone();
        let work = move |stopper: &Stopper| drawn.sound_with(levels, edge, &StopFlag::new(stopper.flag()));
        let OwnRecovered { sound, report, .. } = interruptible(py, work)?.map_err(to_python)?;
        let json = serde_json::to_string(&report).map_err(|error| PhotophoneError::new_err(error.to_string()))?;
        let shape = [sound.channels.len(), sound.frames()];
        Ok((PyArray1::from_vec(py, sound.channels.concat()).reshape(shape)?, json, report.to_string()))
    }

    /// The gray pixels with these levels, rows from the top: of 8 bits, or of 16.
    fn pixels<'py>(&self, py: Python<'py>, levels: PyReadonlyArray3<'_, u16>) -> PyResult<Bound<'py, PyAny>> {
        let bytes = self.bytes(&levels).map_err(to_python)?;
        let picture = decode_picture(Path::new("the picture"), &bytes, PictureReadOptions::default());
        let picture = picture.map_err(|error| to_python(error.into()))?;
        let shape = [picture.height, picture.width];
        if let Some(gray) = picture.gray16 {
            return Ok(PyArray1::from_vec(py, gray).reshape(shape)?.into_any());
        }
        let gray: Vec<u8> = picture.rgba.iter().map(|pixel| pixel[0]).collect();
        Ok(PyArray1::from_vec(py, gray).reshape(shape)?.into_any())
    }

    /// The bytes of a PNG with these levels, the sound inside.
    fn png<'py>(&self, py: Python<'py>, levels: PyReadonlyArray3<'_, u16>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.bytes(&levels).map_err(to_python)?))
    }

    /// Writes the picture with these levels and what lies beside it; gives the name of the sound's file, where that is beside it.
    fn save(&self, path: PathBuf, levels: PyReadonlyArray3<'_, u16>) -> PyResult<Option<PathBuf>> {
        let picture = self.0.with_levels(&self.of_array(&levels)).map_err(to_python)?;
        picture.write(&path).map_err(to_python)
    }
}

impl OwnPicture {
    fn of_array(&self, levels: &PyReadonlyArray3<'_, u16>) -> Levels {
        Levels { channels: planes(levels.as_array(), |level| level), most: self.0.levels.most }
    }

    fn bytes(&self, levels: &PyReadonlyArray3<'_, u16>) -> Result<Vec<u8>, Error> {
        self.0.with_levels(&self.of_array(levels))?.to_png()
    }
}
