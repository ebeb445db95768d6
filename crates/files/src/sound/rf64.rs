//! WAV of more than 4 GiB: RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088), which keep their lengths in a chunk `ds64` of
//! 64-bit numbers.

use std::io::{self, Read, Seek, SeekFrom};

/// What 32-bit lengths say where `ds64` has the true one.
const IN_DS64: u32 = u32::MAX;

/// Bytes of `ds64` behind its own length: three lengths, and a table without entries.
const DS64_BYTES: u32 = 28;

/// Bytes before the samples.
pub(super) const HEADER_BYTES: u64 = 80;

/// Most chunks before the samples.
const MAX_CHUNKS: usize = 4096;

/// What the header of a WAV says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) channels: u16,
    pub(super) sample_rate_hz: u32,
    pub(super) bits: u16,
    pub(super) is_float: bool,
}

impl Spec {
    /// Bytes of the samples of so many frames.
    pub(super) fn data_bytes(self, frames: u64) -> u64 {
        frames.saturating_mul(u64::from(self.channels)).saturating_mul(u64::from(self.bits / 8))
    }

    /// Whether RIFF, which counts in 32 bits, holds so many frames; 4096 bytes are for its header.
    pub(super) fn fits_riff(self, frames: u64) -> bool {
        u32::try_from(self.data_bytes(frames).saturating_add(4096)).is_ok()
    }

    /// All of an RF64 file before its samples. After these comes a byte more if theirs are of odd number.
    pub(super) fn rf64_header(self, frames: u64) -> Vec<u8> {
        let data = self.data_bytes(frames);
        let frame_bytes = self.channels * (self.bits / 8);
        let riff = HEADER_BYTES - 8 + data + data % 2;
        let mut header = b"RF64".to_vec();
        header.extend(IN_DS64.to_le_bytes());
        header.extend(b"WAVEds64");
        header.extend(DS64_BYTES.to_le_bytes());
        header.extend([riff, data, frames].iter().flat_map(|length| length.to_le_bytes()));
        header.extend(0u32.to_le_bytes());
        header.extend(b"fmt \x10\0\0\0");
        header.extend(if self.is_float { 3u16 } else { 1 }.to_le_bytes());
        header.extend(self.channels.to_le_bytes());
        header.extend(self.sample_rate_hz.to_le_bytes());
        header.extend(self.sample_rate_hz.saturating_mul(u32::from(frame_bytes)).to_le_bytes());
        header.extend(frame_bytes.to_le_bytes());
        header.extend(self.bits.to_le_bytes());
        header.extend(b"data");
        header.extend(IN_DS64.to_le_bytes());
        header
    }
}

/// Where the samples of a file of so many bytes end; `None` where `ds64` does not say it.
///
/// # Errors
/// What cannot be read.
pub(super) fn end_of_samples(source: &mut (impl Read + Seek + ?Sized), length: u64) -> io::Result<Option<u64>> {
    let mut told = None;
    let mut at = 12u64;
    for _ in 0..MAX_CHUNKS {
        if at.saturating_add(8) > length {
            break;
        }
        source.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        source.read_exact(&mut head)?;
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        match &head[..4] {
            b"ds64" => {
                let mut lengths = [0; 16];
                source.read_exact(&mut lengths)?;
                let data = lengths.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
                // A program that could not go back to its header has left 0 or the largest number.
                told = Some(data).filter(|&data| data != 0 && data != u64::MAX);
            }
            b"data" => {
                let data = if size == IN_DS64 { told } else { Some(u64::from(size)) };
                return Ok(data.map(|data| at.saturating_add(8).saturating_add(data)));
            }
            _ => {}
        }
        at = at.saturating_add(8).saturating_add(u64::from(size) + u64::from(size % 2));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEREO: Spec = Spec { channels: 2, sample_rate_hz: 44_100, bits: 24, is_float: false };

    fn long(header: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(header[at..at + 8].try_into().unwrap())
    }

    #[test]
    fn an_hour_fits_riff_and_ten_do_not() {
        let frames = |hours: u64| hours * 3600 * 44_100;
        assert!(STEREO.fits_riff(frames(1)) && !STEREO.fits_riff(frames(10)));
        let largest = (u64::from(u32::MAX) - 4096) / 6;
        assert!(STEREO.fits_riff(largest) && !STEREO.fits_riff(largest + 1) && !STEREO.fits_riff(u64::MAX));
    }

    #[test]
    fn the_header_of_ten_hours_has_lengths_of_64_bits() {
        let frames = 36_000 * 44_100;
        let header = STEREO.rf64_header(frames);
        assert_eq!(header.len() as u64, HEADER_BYTES);
        assert_eq!(&header[..20], b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0");
        assert_eq!([20, 28, 36].map(|at| long(&header, at)), [72 + 6 * frames, 6 * frames, frames]);
        assert_eq!(&header[48..56], b"fmt \x10\0\0\0");
        assert_eq!(&header[56..72], b"\x01\0\x02\0\x44\xac\0\0\x98\x09\x04\0\x06\0\x18\0");
        assert_eq!(&header[72..], b"data\xff\xff\xff\xff");
        let odd = Spec { channels: 1, ..STEREO }.rf64_header(frames + 1);
        assert_eq!((long(&odd, 20) - 72, long(&odd, 28)), (3 * frames + 4, 3 * frames + 3));
    }
}
