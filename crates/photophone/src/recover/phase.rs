//! Which file holds the kept phase, and the phase in it.

use std::path::Path;

use photophone_spectrum::Finding;

use super::{NamedFile, RecoverOptions, line};
use crate::Error;
use crate::files::{ArrayFile, ArrayReadOptions, PhaseArray, ShapeFit, read_array};
use crate::recipe::Recipe;
use crate::report::Report;

/// A phase file, and who said so.
pub(super) struct PhaseFile {
    file: NamedFile,
    why: Finding<()>,
}

impl PhaseFile {
    /// The phase file given, else the one that a recipe names: it lies beside the picture or array.
    ///
    /// The picture's own recipe only proposes one, as files get other names.
    ///
    /// # Errors
    /// [`Error::Contradiction`] where the file given and the recipe given are not of one mind.
    pub(super) fn find(options: &RecoverOptions, stored: &Recipe) -> Result<Option<Self>, Error> {
        let named = options.recipe.phase.as_ref().map(|name| options.input.path.with_file_name(name));
        match (&options.phase, named) {
            (Some(file), Some(path)) if !is_same(&file.path, &path) => {
                let (given, stored) = (file.path.display().to_string(), path.display().to_string());
                let (here, there) = ("--phase", "the recipe");
                Err(Error::Contradiction { name: "phase".to_owned(), here, given, there, stored })
            }
            (Some(file), _) => Ok(Some(Self { file: file.clone(), why: Finding::given((), "") })),
            (None, Some(path)) => {
                let why = Finding::given((), "named in the recipe");
                Ok(Some(Self { file: NamedFile { path, name: None }, why }))
            }
            (None, None) => Ok(beside(&options.input.path, stored)),
        }
    }
}

/// The phase file that the picture's own recipe names, if it lies beside the picture.
fn beside(picture: &Path, stored: &Recipe) -> Option<PhaseFile> {
    // Only a bare name: a picture must not send the reader elsewhere.
    let path = picture.with_file_name(Path::new(stored.phase.as_ref()?).file_name()?);
    let why = Finding::read((), 1.0, "named in the picture's recipe");
    path.is_file().then_some(PhaseFile { file: NamedFile { path, name: None }, why })
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// The kept phase in the shape of the grid.
pub(super) struct Phase {
    pub(super) array: PhaseArray,
    fit: Finding<ShapeFit>,
    file: PhaseFile,
}

impl Phase {
    /// Reads the phase in its own shape.
    pub(super) fn open(file: PhaseFile) -> Result<Self, Error> {
        let path = &file.file.path;
        let array = PhaseArray::from_array(path, &open_array(&file.file)?)?;
        let (bins, frames) = array.phasors.shape();
        let (array, fit) = array.fitted_to(path, bins, frames)?;
        Ok(Self { array, fit, file })
    }

    /// The same phase in the shape of the grid.
    pub(super) fn fitted_to(self, (bins, frames): (usize, usize)) -> Result<Self, Error> {
        let (array, fit) = self.array.fitted_to(&self.file.file.path, bins, frames)?;
        Ok(Self { array, fit, file: self.file })
    }

    pub(super) fn path(&self) -> &Path {
        &self.file.file.path
    }

    pub(super) fn report(&self, report: &mut Report) {
        report.findings.push(line("phase", "file", &self.file.why.clone().map(|()| self.path().display().to_string())));
        let kind = &self.array.kind;
        let shape = self.array.phasors.shape();
        let text = format!("{}, {} x {}", kind.value, shape.0, shape.1);
        report.findings.push(line("phase", "holds", &kind.clone().map(|_| text)));
        if self.fit.value.transposed || self.fit.value.extra_frames != 0 {
            report.notes.push(format!("phase: {}", self.fit.evidence));
        }
    }
}

/// Reads an array file.
pub(super) fn open_array(file: &NamedFile) -> Result<ArrayFile, Error> {
    read_array(&file.path, &ArrayReadOptions { name: file.name.clone(), ..ArrayReadOptions::default() })
}
