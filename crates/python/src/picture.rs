//! Pictures that were read or drawn.

use std::path::{Path, PathBuf};

use numpy::{
    Complex32, Complex64, IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayMethods, PyReadonlyArray2, PyReadonlyArray3,
};
use photophone::files::{Sound, encode_raster};
use photophone::picture::{Raster, overlay};
use photophone::spectrum::{Finding, Plane, Stack};
use photophone::transform::StopFlag;
use photophone::{
    BitDepth, DrawOptions, Drawn, Error, Input, PictureRecipe, ReadPicture, Recipe, RecoverOptions, draw,
    draw_channels_of_coefficients, draw_channels_of_magnitudes, read_picture,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arrays::signals;
use crate::error::{PhotophoneError, to_python, transform_to_python};
use crate::limits::Limits;
use crate::reading::{Reading, recipe_from_json};
use crate::source::Source;
use crate::stacks::{stack_to_python, stacked, stacked_complex};
use crate::watch::{Stopper, interruptible};

/// A spectrogram picture with what was read of it.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Debug)]
pub struct PictureData {
    read: ReadPicture,
    input: Input,
    /// The picture as it is written, with its phase.
    drawn: Drawn,
}

#[pymethods]
impl PictureData {
    /// Level of each cell, channels by bins by frames, and the lowest and the highest that it may have had.
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<[Bound<'py, PyArray3<f64>>; 3]> {
        let picture = &self.read.picture;
        Ok([self.visible(py, &picture.levels)?, self.visible(py, &picture.low)?, self.visible(py, &picture.high)?])
    }

    /// Magnitude of each visible cell, channels by bins by frames.
    fn magnitudes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<f64>>> {
        let (scale, reference) = (self.read.levels.value, self.read.recipe.picture.reference.unwrap_or(1.0));
        self.visible(py, &self.read.picture.levels.map(|&level| reference * scale.magnitude_from_level(level)))
    }

    /// Unit phasors of the whole grid, channels by bins by frames, if a phase is there.
    fn phase<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyArray3<Complex32>>>> {
        self.read.phase.as_ref().map(|phase| self.phasors(py, phase)).transpose()
    }

    /// The same as it is written beside the picture, to the last bit.
    fn phase_to_write<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyArray3<Complex32>>>> {
        self.drawn.phase.as_ref().map(|phase| self.phasors(py, phase)).transpose()
    }

    /// The pixels, rows from the top by columns by red, green, blue and alpha.
    fn pixels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u8>>> {
        pixels(py, &self.read.raster)
    }

    /// The pixels of a gray picture of 16 bits.
    fn gray16<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyArray2<u16>>>> {
        let raster = &self.read.raster;
        let Some(samples) = raster.gray16() else { return Ok(None) };
        Ok(Some(PyArray1::from_slice(py, samples).reshape([raster.height(), raster.width()])?))
    }

    /// What was read, drawn over the picture.
    fn overlay<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u8>>> {
        pixels(py, &overlay(&self.read.raster, &self.read.picture))
    }

    /// The same as the bytes of a PNG.
    fn overlay_png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let over = overlay(&self.read.raster, &self.read.picture);
        let bytes = encode_raster(Path::new("the overlay"), &over, &[]).map_err(|error| to_python(error.into()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The picture as the bytes of a PNG, its texts inside.
    fn png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.drawn.to_png().map_err(to_python)?))
    }

    /// Writes the picture and, if there is one, its phase beside it; gives the phase file's name.
    fn save(&self, path: PathBuf) -> PyResult<Option<PathBuf>> {
        self.drawn.write(&path, &[]).map_err(to_python)
    }

    /// The same picture with these levels of the whole grid, channels by bins by frames, gray and of 16 bits.
    fn with_levels(&self, py: Python<'_>, levels: PyReadonlyArray3<'_, f64>) -> PyResult<Self> {
        let (stack, levels) = stacked(levels.as_array(), |level| level)?;
        let (scale, reference) = (self.read.levels.value, self.read.recipe.picture.reference.unwrap_or(1.0));
        let magnitudes = levels.map(|&level| reference * scale.magnitude_from_level(level));
        let recipe = Recipe {
            picture: PictureRecipe {
                levels: Some(scale),
                reference: Some(reference),
                palette: None,
                ..self.read.recipe.clone().picture
            },
            ..self.read.recipe.clone()
        };
        let (cell_width_px, cell_height_px, bits) = (1, 1, BitDepth::Sixteen);
        let options = DrawOptions { recipe, cell_width_px, cell_height_px, bits, ..DrawOptions::default() };
        let (phase, told) = (self.drawn.phase.clone(), self.read.recipe.picture.reference);
        let picture = move || {
            let drawn = draw_channels_of_magnitudes(&magnitudes, stack, &options)?;
            // What was never absolute is not so now.
            let recipe = Recipe { picture: PictureRecipe { reference: told, ..drawn.recipe.picture }, ..drawn.recipe };
            Self::of_drawn(Drawn { phase, recipe, ..drawn })
        };
        interruptible(py, move |_| picture())?.map_err(to_python)
    }

    /// The recipe as JSON, without sections.
    fn recipe_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.read.recipe.by_name()).map_err(|error| PhotophoneError::new_err(error.to_string()))
    }

    /// The account as JSON and as text.
    fn report(&self) -> PyResult<(String, String)> {
        let json = serde_json::to_string(&self.read.report);
        Ok((json.map_err(|error| PhotophoneError::new_err(error.to_string()))?, self.read.report.to_string()))
    }

    /// The data box in pixels: left, top, width, height.
    fn data_box(&self) -> (usize, usize, usize, usize) {
        let place = self.read.picture.data_box.value;
        (place.x, place.y, place.width, place.height)
    }

    /// Pixels across and up a cell.
    fn cell_px(&self) -> (f64, f64) {
        let lattice = &self.read.picture.lattice.value;
        (lattice.x.cell_px, lattice.y.cell_px)
    }

    /// Cells that the picture does not show: frames before and after, rows below and above. The rows of panels are all there.
    fn missing(&self) -> (usize, usize, usize, usize) {
        let missing = &self.read.picture.missing.value;
        let (below, above) =
            if self.read.stack.channels > 1 { (0, 0) } else { (missing.rows_below, missing.rows_above) };
        (missing.frames_before, missing.frames_after, below, above)
    }

    /// The palette's name, and its mean distance from the picture's colours in steps of an 8-bit channel.
    fn palette(&self) -> (String, f64) {
        (self.read.picture.palette.value.to_string(), self.read.picture.palette_residual)
    }

    /// What levels mean as magnitudes.
    fn level_scale(&self) -> String {
        self.read.levels.value.to_string()
    }

    /// The picture as something to recover the sound of.
    fn source(&self) -> Source {
        Source { input: self.input.clone() }
    }

    /// The phase as something to recover the sound with.
    fn phase_source(&self) -> Option<Source> {
        let file = self.read.phase_file.clone().map(Input::from);
        file.or_else(|| self.drawn.phase_input()).map(|input| Source { input })
    }
}

impl PictureData {
    /// What the picture shows of each channel. Rows of a panel that it does not show take their neighbour's.
    fn visible<'py>(&self, py: Python<'py>, plane: &Plane<f64>) -> PyResult<Bound<'py, PyArray3<f64>>> {
        let (stack, missing) = (self.read.stack, &self.read.picture.missing.value);
        if stack.channels == 1 {
            return stack_to_python(py, plane, Stack::one(plane.rows()), |value| value);
        }
        let (rows, columns) = (stack.rows_in_all(), plane.columns());
        let nearest = |row: usize| row.saturating_sub(missing.rows_below).min(plane.rows() - 1);
        let whole = Plane::from_fn(rows, columns, |row, column| plane[(nearest(row), column)]);
        stack_to_python(py, &whole, stack, |value| value)
    }

    fn phasors<'py>(&self, py: Python<'py>, phase: &Plane<Complex64>) -> PyResult<Bound<'py, PyArray3<Complex32>>> {
        let stack = Stack { gap: 0, ..self.read.stack };
        stack_to_python(py, phase, stack, |value| Complex32::new(value.re as f32, value.im as f32))
    }

    fn of_drawn(drawn: Drawn) -> Result<Self, Error> {
        let input = drawn.to_input()?;
        let options = RecoverOptions { input: input.clone(), ..RecoverOptions::default() };
        let read = read_picture(&options)?;
        let levels = drawn.recipe.picture.levels.map_or_else(|| read.levels.clone(), |scale| Finding::given(scale, ""));
        // The account of the drawing, not that of reading it again; nor has its phase to be tested.
        let read = ReadPicture { report: drawn.report.clone(), phase: drawn.phase.clone(), levels, ..read };
        Ok(Self { read, input, drawn })
    }
}

/// Reads a picture.
#[pyfunction]
pub(crate) fn read(
    py: Python<'_>,
    source: &Source,
    phase: Option<&Source>,
    original: Option<&Source>,
    recipe: &str,
    reading: &Reading,
    limits: &Limits,
) -> PyResult<PictureData> {
    let input = |source: &Source| source.input.clone();
    let mut options = RecoverOptions {
        input: input(source),
        phase: phase.map(input),
        original: original.map(input),
        recipe: recipe_from_json(recipe)?,
        reading: reading.options.clone(),
        max_pixels: reading.max_pixels,
        limits: limits.limits,
        ..RecoverOptions::default()
    };
    let input = options.input.clone();
    let work = move |stopper: &Stopper| {
        options.stop = StopFlag::new(stopper.flag());
        read_picture(&options)
    };
    let read = interruptible(py, work)?.map_err(to_python)?;
    let drawn = Drawn {
        raster: read.raster.clone(),
        phase: read.phase.clone(),
        stack: read.stack,
        recipe: read.recipe.clone(),
        report: read.report.clone(),
    };
    Ok(PictureData { read, input, drawn })
}

/// How a picture is drawn.
pub(crate) fn draw_options(recipe: &str, cell_width: usize, cell_height: usize, bits: u32) -> PyResult<DrawOptions> {
    let bits = match bits {
        8 => BitDepth::Eight,
        16 => BitDepth::Sixteen,
        other => return Err(PhotophoneError::new_err(format!("bits is {other}, expected 8 or 16"))),
    };
    let recipe: Recipe = recipe_from_json(recipe)?;
    Ok(DrawOptions { recipe, cell_width_px: cell_width, cell_height_px: cell_height, bits, ..DrawOptions::default() })
}

/// Draws the picture of samples, channels by samples.
#[pyfunction]
pub(crate) fn drawn_sound(
    py: Python<'_>,
    samples: PyReadonlyArray2<'_, f32>,
    sample_rate: u32,
    recipe: &str,
    fill_bins: bool,
    mono: bool,
    cell_width: usize,
    cell_height: usize,
    bits: u32,
    limits: &Limits,
) -> PyResult<PictureData> {
    let options =
        DrawOptions { fill_bins, mono, limits: limits.limits, ..draw_options(recipe, cell_width, cell_height, bits)? };
    let view = samples.as_array();
    signals(view).map_err(transform_to_python)?;
    let channels = view.outer_iter().map(|channel| channel.to_vec()).collect();
    let sound = Sound { sample_rate_hz: sample_rate, channels };
    let work = move |stopper: &Stopper| {
        let options = DrawOptions { stop: StopFlag::new(stopper.flag()), ..options };
        draw(&sound, &options).and_then(PictureData::of_drawn)
    };
    interruptible(py, work)?.map_err(to_python)
}

/// Draws complex coefficients, channels by bins by frames.
#[pyfunction]
pub(crate) fn drawn_coefficients(
    py: Python<'_>,
    cells: &Bound<'_, PyAny>,
    recipe: &str,
    cell_width: usize,
    cell_height: usize,
    bits: u32,
) -> PyResult<PictureData> {
    let options = draw_options(recipe, cell_width, cell_height, bits)?;
    let (stack, cells) = stacked_complex(cells)?;
    let work =
        move |_: &Stopper| draw_channels_of_coefficients(&cells, stack, &options).and_then(PictureData::of_drawn);
    interruptible(py, work)?.map_err(to_python)
}

/// Draws magnitudes, channels by bins by frames.
#[pyfunction]
pub(crate) fn drawn_magnitudes(
    py: Python<'_>,
    cells: PyReadonlyArray3<'_, f64>,
    recipe: &str,
    cell_width: usize,
    cell_height: usize,
    bits: u32,
) -> PyResult<PictureData> {
    let options = draw_options(recipe, cell_width, cell_height, bits)?;
    let (stack, cells) = stacked(cells.as_array(), |cell| cell)?;
    let work = move |_: &Stopper| draw_channels_of_magnitudes(&cells, stack, &options).and_then(PictureData::of_drawn);
    interruptible(py, work)?.map_err(to_python)
}

pub(crate) fn pixels<'py>(py: Python<'py>, raster: &Raster) -> PyResult<Bound<'py, PyArray3<u8>>> {
    raster.pixels().as_flattened().to_vec().into_pyarray(py).reshape([raster.height(), raster.width(), 4])
}
