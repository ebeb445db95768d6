//! Which file holds the kept phase, and the phase in it.

use std::path::Path;

use photophone_spectrum::Finding;

use super::{RecoverOptions, line};
use crate::files::{PhaseArray, ShapeFit};
use crate::recipe::Recipe;
use crate::report::Report;
use crate::{Error, Input, Limits};

/// Where the phase is, and who said so.
pub(super) struct PhaseSource {
    input: Input,
    why: Finding<()>,
}

impl PhaseSource {
    /// The phase given, else the one that a recipe names: it lies beside the picture or array, where that is a file.
    ///
    /// The picture's own recipe only proposes one, as files get other names.
    ///
    /// # Errors
    /// [`Error::Contradiction`] where the file given and the recipe given are not of one mind.
    pub(super) fn find(of: &Input, options: &RecoverOptions, stored: &Recipe) -> Result<Option<Self>, Error> {
        let beside = |name: &str| of.path().map(|path| path.with_file_name(name));
        let named = options.recipe.phase.as_deref().and_then(beside);
        let given = options.phase.as_ref();
        if let (Some(file), Some(path)) = (given.and_then(Input::path), &named)
            && !is_same(file, path)
        {
            let (given, stored) = (file.display().to_string(), path.display().to_string());
            let (here, there) = ("`phase`", "the recipe");
            return Err(Error::Contradiction { name: "phase".to_owned(), here, given, there, stored });
        }
        if let Some(input) = given {
            return Ok(Some(Self { input: input.clone(), why: Finding::given((), "") }));
        }
        if let Some(path) = named {
            return Ok(Some(Self { input: path.into(), why: Finding::given((), "named in the recipe") }));
        }
        let proposed = proposed(stored).and_then(beside).filter(|path| path.is_file());
        let why = Finding::read((), 1.0, "named in the picture's recipe");
        Ok(proposed.map(|path| Self { input: path.into(), why }))
    }
}

/// The phase file that the picture's own recipe names. Only a bare name: a picture must not send the reader elsewhere.
fn proposed(stored: &Recipe) -> Option<&str> {
    Path::new(stored.phase.as_ref()?).file_name()?.to_str()
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// The kept phase in the shape of the grid.
pub(super) struct Phase {
    pub(super) array: PhaseArray,
    fit: Finding<ShapeFit>,
    source: PhaseSource,
}

impl Phase {
    /// Reads the phase in its own shape.
    pub(super) fn open(source: PhaseSource, limits: &Limits) -> Result<Self, Error> {
        let name = source.input.name();
        let array = PhaseArray::from_array(name, &*source.input.array(limits)?)?;
        let (bins, frames) = array.phasors.shape();
        let (array, fit) = array.fitted_to(name, bins, frames)?;
        Ok(Self { array, fit, source })
    }

    /// The same phase in the shape of the grid.
    pub(super) fn fitted_to(self, (bins, frames): (usize, usize)) -> Result<Self, Error> {
        let (array, fit) = self.array.fitted_to(self.source.input.name(), bins, frames)?;
        Ok(Self { array, fit, source: self.source })
    }

    /// The file that it came from, if it was one.
    pub(super) fn path(&self) -> Option<&Path> {
        self.source.input.path()
    }

    pub(super) fn report(&self, report: &mut Report) {
        let (what, name) = (if self.path().is_some() { "file" } else { "source" }, self.source.input.name());
        report.findings.push(line("phase", what, &self.source.why.clone().map(|()| name.display().to_string())));
        let kind = &self.array.kind;
        let shape = self.array.phasors.shape();
        let text = format!("{}, {} x {}", kind.value, shape.0, shape.1);
        report.findings.push(line("phase", "holds", &kind.clone().map(|_| text)));
        if self.fit.value.transposed || self.fit.value.extra_frames != 0 {
            report.notes.push(format!("phase: {}", self.fit.evidence));
        }
    }
}
