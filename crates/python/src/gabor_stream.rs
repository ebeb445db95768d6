//! The exact constant-Q transform of a sound of any length, block by block.

use numpy::{Complex32, Complex64, Element, PyArray1, PyReadonlyArray1};
use photophone::gabor::{Analyser, RaggedCells, SliceOptions, Slices, Synthesiser};
use photophone::transform::{Complex, Real, TransformError};
use pyo3::prelude::*;

use crate::error::transform_to_python;
use crate::gabor::{GaborSettings, cells_of, extracted, row_to_python};
use crate::params::count;
use crate::watch::unlocked;

/// A block's rows.
type Block<'py> = Vec<Bound<'py, PyAny>>;

/// One sound on its way to coefficients and back.
#[pyclass(module = "photophone._native")]
#[derive(Debug)]
pub struct GaborStream(Precision);

#[derive(Debug)]
enum Precision {
    Single(Box<Stream<f32>>),
    Double(Box<Stream<f64>>),
}

#[pymethods]
impl GaborStream {
    #[new]
    #[pyo3(signature = (settings, single, slice_samples, padding))]
    fn new(
        py: Python<'_>,
        settings: &GaborSettings,
        single: bool,
        slice_samples: Option<&Bound<'_, PyAny>>,
        padding: Option<f64>,
    ) -> PyResult<Self> {
        let samples = slice_samples.map(|samples| count("slice_samples", samples, 1)).transpose()?;
        let options = SliceOptions { samples, padding_secs: padding };
        let made = unlocked(py, || {
            if single {
                Slices::new(&settings.params, &options).map(|slices| Precision::Single(Box::new(Stream::new(slices))))
            } else {
                Slices::new(&settings.params, &options).map(|slices| Precision::Double(Box::new(Stream::new(slices))))
            }
        })?;
        made.map(Self).map_err(transform_to_python)
    }

    /// Samples of a block, and of the zeros on either side of a slice.
    fn sizes(&self) -> (usize, usize) {
        match &self.0 {
            Precision::Single(stream) => stream.sizes(),
            Precision::Double(stream) => stream.sizes(),
        }
    }

    /// Takes samples and gives the blocks that are done.
    fn analyse<'py>(&mut self, py: Python<'py>, samples: &Bound<'py, PyAny>) -> PyResult<Vec<Block<'py>>> {
        match &mut self.0 {
            Precision::Single(stream) => stream.analyse(py, samples.extract::<PyReadonlyArray1<'py, f32>>()?),
            Precision::Double(stream) => stream.analyse(py, samples.extract::<PyReadonlyArray1<'py, f64>>()?),
        }
    }

    /// Ends the sound and gives the blocks that are left.
    fn end<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Block<'py>>> {
        match &mut self.0 {
            Precision::Single(stream) => stream.end(py),
            Precision::Double(stream) => stream.end(py),
        }
    }

    /// Takes a block and gives the samples that are done.
    fn synthesise<'py>(&mut self, py: Python<'py>, rows: Block<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &mut self.0 {
            Precision::Single(stream) => {
                let block = cells_of(stream.slices.make_block(), &extracted::<Complex32>(&rows)?, 0)?;
                stream.synthesise(py, &block)
            }
            Precision::Double(stream) => {
                let block = cells_of(stream.slices.make_block(), &extracted::<Complex64>(&rows)?, 0)?;
                stream.synthesise(py, &block)
            }
        }
    }

    /// The samples that are left, after the sound's end.
    fn rest<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &mut self.0 {
            Precision::Single(stream) => stream.rest(py),
            Precision::Double(stream) => stream.rest(py),
        }
    }
}

#[derive(Debug)]
struct Stream<T> {
    slices: Slices<T>,
    analyser: Analyser<T>,
    synthesiser: Synthesiser<T>,
    /// Samples of the sound that has ended.
    samples: u64,
}

impl<T: Real + Element> Stream<T>
where
    Complex<T>: Element,
{
    fn new(slices: Slices<T>) -> Self {
        let (analyser, synthesiser) = (Analyser::new(&slices), Synthesiser::new(&slices));
        Self { slices, analyser, synthesiser, samples: 0 }
    }

    fn sizes(&self) -> (usize, usize) {
        (self.slices.block_samples(), self.slices.pad_samples())
    }

    fn analyse<'py>(&mut self, py: Python<'py>, samples: PyReadonlyArray1<'py, T>) -> PyResult<Vec<Block<'py>>> {
        let samples = samples.as_array().to_vec();
        self.blocks(py, move |analyser, take| analyser.push(&samples, take))
    }

    fn end<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Block<'py>>> {
        let mut samples = 0;
        let found = self.blocks(py, |analyser, take| analyser.finish(take).map(|count| samples = count));
        self.samples = samples;
        found
    }

    /// The blocks that `work` gives.
    fn blocks<'py>(
        &mut self,
        py: Python<'py>,
        work: impl FnOnce(&mut Analyser<T>, &mut dyn FnMut(&mut RaggedCells<T>)) -> Result<(), TransformError> + Send,
    ) -> PyResult<Vec<Block<'py>>> {
        let (analyser, mut blocks) = (&mut self.analyser, Vec::new());
        let done = unlocked(py, || work(analyser, &mut |block| blocks.push(block.clone())))?;
        done.map_err(transform_to_python)?;
        let rows = |block: RaggedCells<T>| {
            let rows = block.rows();
            let block = [block];
            (0..rows).map(|row| row_to_python(py, &block, row)).collect()
        };
        blocks.into_iter().map(rows).collect()
    }

    fn synthesise<'py>(&mut self, py: Python<'py>, block: &RaggedCells<T>) -> PyResult<Bound<'py, PyAny>> {
        let mut found = Vec::new();
        let synthesiser = &mut self.synthesiser;
        let done = unlocked(py, || synthesiser.push(block, &mut |samples| found.extend_from_slice(samples)))?;
        done.map_err(transform_to_python)?;
        Ok(PyArray1::from_vec(py, found).into_any())
    }

    fn rest<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut found = Vec::new();
        let done = self.synthesiser.finish(self.samples, &mut |samples| found.extend_from_slice(samples));
        done.map_err(transform_to_python)?;
        self.samples = 0;
        Ok(PyArray1::from_vec(py, found).into_any())
    }
}
