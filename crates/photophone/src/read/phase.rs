//! Which file holds the kept phase, and the phase in it.

use std::path::{Path, PathBuf};

use photophone_spectrum::Finding;

use super::Inputs;
use crate::files::{FileGroup, FileKind, PhaseArray, ShapeFit, phase_digest};
use crate::recipe::{Entry, Recipe};
use crate::report::Report;
use crate::{Error, Input, Limits};

/// Where the phase is, and who said so.
pub(super) struct PhaseSource {
    input: Input,
    why: Finding<()>,
    /// Whether only a picture's own recipe named it.
    is_proposed: bool,
}

impl PhaseSource {
    /// The phase given, else the one that a recipe names: it lies beside the picture or array, where that is a file.
    ///
    /// The picture's own recipe only proposes one, as files get other names. `stored` are recipes with what they are
    /// of: the picture's own, then the one of the picture before editing.
    ///
    /// # Errors
    /// [`Error::Contradiction`] where the file given and the recipe given are not of one mind.
    pub(super) fn find(of: &Input, inputs: &Inputs<'_>, stored: &[(&Input, &Recipe)]) -> Result<Option<Self>, Error> {
        let named = inputs.recipe.picture.phase.as_deref().and_then(|name| beside(of, name));
        let given = inputs.phase;
        if let (Some(file), Some(path)) = (given.and_then(Input::path), &named)
            && !is_same(file, path)
        {
            let (given, stored) = (file.display().to_string(), path.display().to_string());
            let (here, there) = ("`phase`", "the recipe");
            return Err(Error::Contradiction { name: "phase".to_owned(), here, given, there, stored });
        }
        if let Some(input) = given {
            return Ok(Some(Self { input: input.clone(), why: Finding::given((), ""), is_proposed: false }));
        }
        if let Some(path) = named {
            let why = Finding::given((), "named in the recipe");
            return Ok(Some(Self { input: path.into(), why, is_proposed: false }));
        }
        let mut proposed = stored.iter().filter_map(|&(of, stored)| beside(of, proposed(stored)?));
        let why = Finding::read((), 1.0, "named in the picture's recipe");
        let path = proposed.find(|path| path.is_file());
        Ok(path.map(|path| Self { input: path.into(), why, is_proposed: true }))
    }
}

/// A file beside a picture or array, where that is a file.
fn beside(of: &Input, name: &str) -> Option<PathBuf> {
    of.path().map(|path| path.with_file_name(name))
}

/// The phase file that the picture's own recipe names. Only a bare name: a picture must not send the reader elsewhere.
fn proposed(stored: &Recipe) -> Option<&str> {
    Path::new(stored.picture.phase.as_ref()?).file_name()?.to_str()
}

/// Refuses a picture where a phase is wanted, and tells how to make one of it.
fn refuse_picture(input: &Input) -> Result<(), Error> {
    if input.group()? != Some(FileGroup::Picture) {
        return Ok(());
    }
    let advice = "where its colours are angles, make an array of them, as in: \
         p = matplotlib.colormaps['twilight_shifted'](numpy.linspace(0, 1, 512))[:, :3]; \
         a = matplotlib.pyplot.imread(NAME)[::-1, :, :3]; \
         i = [[abs(p - c).sum(-1).argmin() for c in row] for row in a]; \
         numpy.save('phase.npy', (numpy.array(i) / 511 * 2 - 1) * numpy.pi)";
    let found = input.kind()?.map_or("pixels", FileKind::described);
    Err(Error::content(input.name(), found, "an array of the phase (.npy, .npz or .mat)", advice))
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// The kept phase in the shape of the grid.
pub(crate) struct Phase {
    pub(super) array: PhaseArray,
    fit: Finding<ShapeFit>,
    source: PhaseSource,
    /// Whether the picture was drawn with another.
    is_another: bool,
}

impl Phase {
    /// Reads the phase in its own shape.
    ///
    /// # Errors
    /// A file that holds no phase.
    pub(super) fn open(source: PhaseSource, limits: &Limits) -> Result<Self, Error> {
        let name = source.input.name();
        refuse_picture(&source.input)?;
        let array = PhaseArray::from_array(name, &*source.input.array(limits)?)?;
        let (bins, frames) = array.shape();
        let (array, fit) = array.fitted_to(name, bins, frames)?;
        Ok(Self { array, fit, source, is_another: false })
    }

    /// Its digest, while it is as it was read.
    pub(super) fn digest(&self) -> String {
        phase_digest(&self.array.phasors, self.array.stack)
    }

    /// The same phase, held against the digest of the one that the picture was drawn with, where that is told.
    ///
    /// # Errors
    /// Another phase than the picture's, where nobody gave it.
    pub(super) fn held_against(self, digest: Option<&str>) -> Result<Self, Error> {
        let is_another = digest.is_some_and(|digest| self.digest() != digest);
        if is_another && self.source.is_proposed {
            let expected = "the phase that the picture was drawn with, as the digest in its recipe tells";
            let advice = "put that one back, or give this one with `phase` if it is meant";
            return Err(Error::content(self.source.input.name(), "the phase of another picture", expected, advice));
        }
        Ok(Self { is_another, ..self })
    }

    /// Whether rows and columns were exchanged to fit.
    pub(super) fn was_turned(&self) -> bool {
        self.fit.value.transposed
    }

    /// What messages call it.
    pub(super) fn name(&self) -> &Path {
        self.source.input.name()
    }

    /// The same phase with so many rows between its channels, as a picture has them.
    pub(super) fn spaced(self, gap: usize) -> Self {
        Self { array: self.array.spaced(gap), ..self }
    }

    /// The same phase, each channel in the shape of the grid.
    pub(super) fn fitted_to(self, (bins, frames): (usize, usize)) -> Result<Self, Error> {
        if self.array.shape() == (bins, frames) {
            return Ok(self);
        }
        let (array, fit) = self.array.fitted_to(self.source.input.name(), bins, frames)?;
        Ok(Self { array, fit, ..self })
    }

    /// The file that it came from, if it was one.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.source.input.path()
    }

    pub(crate) fn report(&self, report: &mut Report) {
        let (what, name) = (if self.path().is_some() { "file" } else { "source" }, self.source.input.name());
        report.findings.push(Entry::new("phase", what, &self.source.why.clone().map(|()| name.display().to_string())));
        if self.is_another {
            report.warnings.push(
                "WARNING: the phase given is not the one that the picture was drawn with, as the digest in its recipe \
                 tells; where it is of another sound, the result is worthless"
                    .to_owned(),
            );
        }
        let kind = &self.array.kind;
        let ((bins, frames), channels) = (self.array.shape(), self.array.stack.channels);
        let channels = if channels > 1 { format!("{channels} channels of ") } else { String::new() };
        let text = format!("{}, {channels}{bins} x {frames}", kind.value);
        report.findings.push(Entry::new("phase", "holds", &kind.clone().map(|_| text)));
        if self.fit.value.transposed || self.fit.value.extra_frames != 0 {
            report.notes.push(format!("phase: {}", self.fit.evidence));
        }
    }
}
