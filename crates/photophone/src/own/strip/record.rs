//! What a copy of the strip says.

use photophone_transform::gabor::Taper;

/// Bytes of a record.
pub(super) const RECORD_BYTES: usize = 64;

/// First bytes of a record, and the version that this program writes and reads.
const MAGIC: [u8; 4] = *b"PhOw";
const VERSION: u8 = 1;

/// Bytes of the digest of the sound that a record has.
pub(crate) const DIGEST_BYTES: usize = 16;

/// What is needed to read the picture beside its pixels, and where in it the copy stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StripRecord {
    /// Bits of a sample: 8 or 16.
    pub(crate) bits: u8,
    /// The windows' shape.
    pub(crate) taper: Taper,
    /// Panels.
    pub(crate) channels: u8,
    /// Bands an octave.
    pub(crate) bins_per_octave: u8,
    /// Samples a second.
    pub(crate) sample_rate_hz: u32,
    /// The knee as the transform was told it, in Hz.
    pub(crate) knee_hz: f32,
    /// A band's centre, in Hz.
    pub(crate) tuning_hz: f32,
    /// Samples from one column to the next.
    pub(crate) hop: u16,
    /// Rows of a panel.
    pub(crate) rows: u16,
    /// Magnitude of the highest level.
    pub(crate) reference: f32,
    /// What lies between the lowest and the highest level, in hundredths of a decibel.
    pub(crate) range_centibels: u16,
    /// Rows between two panels, and between the last and the strip.
    pub(crate) gap: u8,
    /// Number of the picture's first column in the sound.
    pub(crate) first_column: u32,
    /// Columns that the sound has in this picture.
    pub(crate) columns: u32,
    /// The picture's column that this copy begins at.
    pub(crate) own_column: u32,
    /// The first bytes of the sound's digest.
    pub(crate) sound_digest: [u8; DIGEST_BYTES],
}

/// Why bytes are no record of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRecord {
    /// They are of no strip, or damaged.
    Other,
    /// They are of a newer version.
    Newer(u8),
}

impl StripRecord {
    /// The record as bytes, numbers with the low byte first.
    pub(super) fn to_bytes(self) -> [u8; RECORD_BYTES] {
        let mut bytes = Vec::with_capacity(RECORD_BYTES);
        bytes.extend(MAGIC);
        let flags = u8::from(self.bits == 16) | (u8::from(self.taper == Taper::Hann) << 1);
        bytes.extend([VERSION, flags, self.channels, self.bins_per_octave]);
        bytes.extend(self.sample_rate_hz.to_le_bytes());
        bytes.extend(self.knee_hz.to_le_bytes());
        bytes.extend(self.tuning_hz.to_le_bytes());
        bytes.extend(self.hop.to_le_bytes());
        bytes.extend(self.rows.to_le_bytes());
        bytes.extend(self.reference.to_le_bytes());
        bytes.extend(self.range_centibels.to_le_bytes());
        bytes.extend([self.gap, 0]);
        bytes.extend(self.first_column.to_le_bytes());
        bytes.extend(self.columns.to_le_bytes());
        bytes.extend(self.own_column.to_le_bytes());
        bytes.extend(self.sound_digest);
        let sum = crc32fast::hash(&bytes);
        bytes.extend(sum.to_le_bytes());
        let mut record = [0; RECORD_BYTES];
        record.copy_from_slice(&bytes);
        record
    }

    /// The record of these bytes.
    pub(super) fn from_bytes(bytes: &[u8; RECORD_BYTES]) -> Result<Self, NoRecord> {
        let mut fields = Fields { bytes, at: 0 };
        if fields.take::<4>() != MAGIC || crc32fast::hash(&bytes[..60]).to_le_bytes() != bytes[60..] {
            return Err(NoRecord::Other);
        }
        let [version, flags, channels, bins_per_octave] = fields.take();
        if version > VERSION {
            return Err(NoRecord::Newer(version));
        }
        Ok(Self {
            bits: if flags & 1 == 1 { 16 } else { 8 },
            taper: if flags & 2 == 2 { Taper::Hann } else { Taper::Nuttall },
            channels,
            bins_per_octave,
            sample_rate_hz: u32::from_le_bytes(fields.take()),
            knee_hz: f32::from_le_bytes(fields.take()),
            tuning_hz: f32::from_le_bytes(fields.take()),
            hop: u16::from_le_bytes(fields.take()),
            rows: u16::from_le_bytes(fields.take()),
            reference: f32::from_le_bytes(fields.take()),
            range_centibels: u16::from_le_bytes(fields.take()),
            gap: fields.take::<2>()[0],
            first_column: u32::from_le_bytes(fields.take()),
            columns: u32::from_le_bytes(fields.take()),
            own_column: u32::from_le_bytes(fields.take()),
            sound_digest: fields.take(),
        })
    }
}

/// Reads the fields of a record one after the other.
struct Fields<'a> {
    bytes: &'a [u8; RECORD_BYTES],
    at: usize,
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let found = std::array::from_fn(|i| self.bytes.get(self.at + i).copied().unwrap_or(0));
        self.at += N;
        found
    }
}

#[cfg(test)]
pub(super) fn example() -> StripRecord {
    StripRecord {
        bits: 8,
        taper: Taper::Nuttall,
        channels: 2,
        bins_per_octave: 48,
        sample_rate_hz: 44_100,
        knee_hz: 60.0,
        tuning_hz: 440.0,
        hop: 256,
        rows: 458,
        reference: 0.731,
        range_centibels: 10_000,
        gap: 2,
        first_column: 4096,
        columns: 31_007,
        own_column: 2048,
        sound_digest: *b"0123456789abcdef",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_and_damaged_or_newer_ones_do_not() {
        let record = example();
        let bytes = record.to_bytes();
        assert_eq!(StripRecord::from_bytes(&bytes), Ok(record));
        let deep = StripRecord { bits: 16, taper: Taper::Hann, channels: 1, ..record };
        assert_eq!(StripRecord::from_bytes(&deep.to_bytes()), Ok(deep));
        for at in 0..RECORD_BYTES {
            let mut damaged = bytes;
            damaged[at] ^= 4;
            assert_eq!(StripRecord::from_bytes(&damaged), Err(NoRecord::Other), "{at}");
        }
        let mut newer = bytes;
        newer[4] = 2;
        let sum = crc32fast::hash(&newer[..60]);
        newer[60..].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(StripRecord::from_bytes(&newer), Err(NoRecord::Newer(2)));
    }
}
