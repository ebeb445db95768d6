//! Files in and out: sounds, arrays and pictures, recognised by content and never by name.
//!
//! Reading trusts nothing: declared sizes are checked against the bytes there are and against
//! a limit before memory is taken. Writing is all or nothing (see [`Outputs`]).
//!
//! ```
//! use photophone_files::{Sound, SoundReadOptions, read_sound, write_sound};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("tone.wav");
//! let samples: Vec<f64> = (0..800).map(|i| 0.5 * (f64::from(i) * 0.1).sin()).collect();
//! write_sound(&path, &Sound::from_mono(8000, &samples), None, &[])?;
//! let sound = read_sound(&path, SoundReadOptions::default())?;
//! assert_eq!((sound.sample_rate_hz, sound.frames()), (8000, 800));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod digest;
mod error;
mod folder;
mod guard;
mod kept;
mod kind;
mod phase;
mod picture;
mod read;
mod sound;
mod write;

pub use array::{
    ArrayFile, ArrayParts, ArrayReadOptions, ArrayToWrite, ValueKind, are_channels, check_magnitudes, decode_array,
    read_array, write_npy, write_npz,
};
pub use digest::{bytes_digest, file_digest, phase_digest};
pub use error::FileError;
pub use folder::{make_folder, names_in_folder};
pub use guard::{guarded, is_guarded, silence_guarded_panics};
pub use kept::{KeptWork, file_stamp};
pub use kind::{FileGroup, FileKind};
pub use phase::{PhaseArray, PhaseKind, ShapeFit, fit_to_shape, reconcile_shape};
pub use picture::{
    COMMENT_KEY, DecodedPicture, GrayPng, GraySamples, PictureFormat, PictureReadOptions, PngChunk, PngChunks,
    decode_picture, encode_gray, encode_raster, png_chunks, read_picture, read_picture_bytes, write_raster,
};
pub use read::{PICTURE_OR_ARRAY, check_kind, kind_of_file, read_bytes, read_known, wrong_kind};
use read::{open, read_known_file};
pub use sound::{
    A_SOUND, LosslessCode, LosslessShape, SampleFormat, SampleSpool, Sound, SoundFormat, SoundReadOptions, SoundShape,
    StoredSamples, decode_lossless, decode_sound, encode_lossless, encode_sound, narrowest_format, read_sound,
    sound_digest, stored_samples, stored_samples_of, stream_sound, write_sound,
};
pub use write::{Existing, OutputWriter, Outputs, Stage, write_beside_then_rename};
