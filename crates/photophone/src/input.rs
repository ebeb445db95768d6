//! What a job works on: a file, or the same in memory.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};

use crate::files::{
    ArrayFile, ArrayReadOptions, DecodedPicture, FileError, FileGroup, FileKind, PICTURE_OR_ARRAY, PictureReadOptions,
    ValueKind, check_kind, decode_array, decode_picture, kind_of_file, read_array, read_picture, wrong_kind,
};
use crate::{Error, Limits};

/// A file, and the array inside it where it holds several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedFile {
    /// The file.
    pub path: PathBuf,
    /// The array's name in an .npz or .mat file.
    pub name: Option<String>,
}

/// A picture or an array, in a file or in memory. The same data give the same result wherever they lie.
///
/// `name` is what messages and reports call what lies in memory, such as "the picture".
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A file, recognised by its content.
    File(NamedFile),
    /// The bytes of a file (PNG, JPEG, .npy, .npz, .mat), recognised by their content.
    Bytes {
        /// For messages.
        name: String,
        /// The whole file.
        bytes: Vec<u8>,
    },
    /// Pixels, with the texts that a PNG would have.
    Pixels {
        /// For messages.
        name: String,
        /// The pixels.
        picture: DecodedPicture,
    },
    /// Numbers: coefficients, magnitudes or phase.
    Array {
        /// For messages.
        name: String,
        /// The numbers.
        array: ArrayFile,
    },
}

impl Default for Input {
    fn default() -> Self {
        Self::File(NamedFile::default())
    }
}

impl From<NamedFile> for Input {
    fn from(file: NamedFile) -> Self {
        Self::File(file)
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Self::File(NamedFile { path, name: None })
    }
}

impl Input {
    /// Complex numbers in memory, bins by frames: coefficients, or phasors where a phase is asked for.
    pub fn complex(name: impl Into<String>, values: Plane<Complex<f64>>) -> Self {
        Self::Array { name: name.into(), array: ArrayFile::in_memory(values, ValueKind::Complex) }
    }

    /// The same of several channels, one above the other.
    pub fn complex_channels(name: impl Into<String>, values: Plane<Complex<f64>>, stack: Stack) -> Self {
        let array = ArrayFile::channels_in_memory(values, stack, ValueKind::Complex);
        Self::Array { name: name.into(), array }
    }

    /// Real numbers in memory, bins by frames: magnitudes, or angles in radians where a phase is asked for.
    pub fn real(name: impl Into<String>, values: &Plane<f64>) -> Self {
        let values = values.map(|&value| Complex::new(value, 0.0));
        Self::Array { name: name.into(), array: ArrayFile::in_memory(values, ValueKind::Real) }
    }

    /// The same of several channels, one above the other.
    pub fn real_channels(name: impl Into<String>, values: &Plane<f64>, stack: Stack) -> Self {
        let values = values.map(|&value| Complex::new(value, 0.0));
        let array = ArrayFile::channels_in_memory(values, stack, ValueKind::Real);
        Self::Array { name: name.into(), array }
    }

    /// What messages begin with: the file, or the name of what lies in memory.
    pub fn name(&self) -> &Path {
        match self {
            Self::File(file) => &file.path,
            Self::Bytes { name, .. } | Self::Pixels { name, .. } | Self::Array { name, .. } => Path::new(name),
        }
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(&file.path),
            _ => None,
        }
    }

    /// Whether it holds numbers and not pixels.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn is_array(&self) -> Result<bool, Error> {
        Ok(self.group()? == Some(FileGroup::Array))
    }

    /// Refuses what is neither a picture nor an array, where the first bytes tell it.
    ///
    /// # Errors
    /// [`FileError::Read`], [`FileError::Empty`] and [`FileError::Kind`].
    pub(crate) fn check_kind(&self) -> Result<(), Error> {
        match self {
            Self::File(file) => Ok(check_kind(&file.path)?),
            Self::Bytes { bytes, .. } if FileKind::from_bytes(bytes).is_none() => {
                Err(wrong_kind(self.name(), bytes, PICTURE_OR_ARRAY).into())
            }
            _ => Ok(()),
        }
    }

    /// What it holds; `None` where that cannot be told.
    pub(crate) fn group(&self) -> Result<Option<FileGroup>, Error> {
        match self {
            Self::Pixels { .. } => Ok(Some(FileGroup::Picture)),
            Self::Array { .. } => Ok(Some(FileGroup::Array)),
            Self::File(_) | Self::Bytes { .. } => Ok(self.kind()?.map(FileKind::group)),
        }
    }

    /// The kind of file; `None` where it is none or cannot be told.
    pub(crate) fn kind(&self) -> Result<Option<FileKind>, Error> {
        match self {
            Self::File(file) => Ok(kind_of_file(&file.path)?),
            Self::Bytes { bytes, .. } => Ok(FileKind::from_bytes(bytes)),
            Self::Pixels { .. } | Self::Array { .. } => Ok(None),
        }
    }

    /// The picture, decoded.
    pub(crate) fn picture(&self, options: PictureReadOptions) -> Result<Cow<'_, DecodedPicture>, Error> {
        match self {
            Self::File(file) => Ok(Cow::Owned(read_picture(&file.path, options)?)),
            Self::Bytes { bytes, .. } => Ok(Cow::Owned(decode_picture(self.name(), bytes, options)?)),
            Self::Pixels { picture, .. } => {
                picture.check_pixels(self.name(), options)?;
                Ok(Cow::Borrowed(picture))
            }
            Self::Array { .. } => Err(FileError::Kind {
                path: self.name().to_owned(),
                found: "an array of numbers".to_owned(),
                expected: "a picture",
                advice: "give pixels, or the array where one is asked for".to_owned(),
            }
            .into()),
        }
    }

    /// The numbers.
    pub(crate) fn array(&self, limits: &Limits) -> Result<Cow<'_, ArrayFile>, Error> {
        match self {
            Self::File(file) => {
                let options = ArrayReadOptions::within(file.name.clone(), limits.max_bytes());
                Ok(Cow::Owned(read_array(&file.path, &options)?))
            }
            Self::Bytes { bytes, .. } => {
                let options = ArrayReadOptions::within(None, limits.max_bytes());
                Ok(Cow::Owned(decode_array(self.name(), bytes, &options)?))
            }
            Self::Array { array, .. } => {
                array.check(self.name())?;
                Ok(Cow::Borrowed(array))
            }
            Self::Pixels { .. } => Err(FileError::Kind {
                path: self.name().to_owned(),
                found: "pixels".to_owned(),
                expected: "an array of numbers, bins by frames",
                advice: "give the picture where one is asked for".to_owned(),
            }
            .into()),
        }
    }
}
