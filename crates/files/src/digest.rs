//! Digests: SHA-256 (FIPS 180-4) in hexadecimal, of a phase, of bytes and of files.

use std::fmt::Write;
use std::io::{self, Read};
use std::path::Path;

use num_complex::Complex;
use photophone_spectrum::{Plane, Stack};
use sha2::{Digest, Sha256};

use crate::{FileError, open};

/// Bytes of a file that are digested at a time.
const PIECE_BYTES: usize = 1 << 16;

/// The digest of a phase, which binds it to the picture that was drawn with it: of its bins and frames as 64-bit integers,
/// then each phasor's real and imaginary part as 32-bit floats, bin by bin, all little-endian. Of several channels their
/// number comes first, and one channel after the other.
///
/// It is of the values and not of a file's bytes: the same phase has the same digest in any array format, saved again,
/// in single or double precision, or as the coefficients that it was taken from. Angles have another.
/// `phasors` have modulus 1, as in [`super::PhaseArray`]. Cost: one pass.
pub fn phase_digest(phasors: &Plane<Complex<f64>>, stack: Stack) -> String {
    let mut digest = Sha256::new();
    let mut update = |number: usize| digest.update((number as u64).to_le_bytes());
    if stack.channels > 1 {
        update(stack.channels);
    }
    update(stack.rows);
    update(phasors.columns());
    for first in (0..stack.channels).map(|channel| stack.first_row(channel)) {
        for phasor in (first..first + stack.rows).flat_map(|row| phasors.row(row)) {
            for part in [phasor.re, phasor.im] {
                // Adding 0 makes one zero of both.
                digest.update((part as f32 + 0.0).to_le_bytes());
            }
        }
    }
    hexadecimal(digest)
}

/// The digest of bytes.
pub fn bytes_digest(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

/// The digest of a file's bytes. Cost: one pass, in little memory.
///
/// # Errors
/// [`FileError::Read`], and [`FileError::Kind`] for a folder.
pub fn file_digest(path: &Path) -> Result<String, FileError> {
    read_digest(open(path, "a file")?).map_err(FileError::reading(path))
}

/// The digest of all that comes.
pub(crate) fn read_digest(mut source: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match source.read(&mut piece) {
            Ok(0) => return Ok(hexadecimal(digest)),
            Ok(length) => digest.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A digest in hexadecimal.
pub(crate) fn hexadecimal(digest: Sha256) -> String {
    let mut text = String::new();
    for byte in digest.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_the_shape_and_every_value() {
        let phase = Plane::from_fn(3, 4, |k, t| Complex::cis((k * 5 + t) as f64));
        let digest_of = |phase: &Plane<Complex<f64>>| phase_digest(phase, Stack::one(phase.rows()));
        let digest = digest_of(&phase);
        assert_eq!(digest.len(), 64);
        let again = phase.map(|value| Complex::new(f64::from(value.re as f32), f64::from(value.im as f32)));
        assert_eq!(digest_of(&again), digest);
        let other = Plane::from_fn(3, 4, |k, t| if (k, t) == (2, 3) { Complex::cis(0.1) } else { phase[(k, t)] });
        assert_ne!(digest_of(&other), digest);
        let reshaped = Plane::from_vec(4, 3, phase.as_slice().to_vec()).unwrap();
        assert_ne!(digest_of(&reshaped), digest);
        // Channels of a picture are those of an array, whatever lies between them.
        let stack = Stack { channels: 3, rows: 1, gap: 0 };
        let of_channels = phase_digest(&phase, stack);
        assert_ne!(of_channels, digest);
        let (spaced, plane) = stack.spaced(&phase, 2, &Complex::new(1.0, 0.0));
        assert_eq!(phase_digest(&plane, spaced), of_channels);
    }

    /// The value is that of FIPS 180-2, appendix B.3: a million times the letter a, which is more than one piece.
    #[test]
    fn files_and_bytes_have_the_digest_of_the_standard() {
        let bytes = vec![b'a'; 1_000_000];
        let wanted = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(bytes_digest(&bytes), wanted);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        assert_eq!(file_digest(file.path()).unwrap(), wanted);
        assert!(file_digest(Path::new("no such file")).is_err());
    }
}
