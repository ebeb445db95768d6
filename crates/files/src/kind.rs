//! What a file is, from its first bytes.

use std::path::Path;

/// What a file can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileGroup {
    /// Samples over time.
    Sound,
    /// Pixels.
    Picture,
    /// Numbers in rows and columns.
    Array,
    /// None of these.
    Other,
}

impl FileGroup {
    /// What a file's usual ending says that it is, whatever it holds; `None` for other endings.
    pub fn from_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "wav" | "flac" | "ogg" | "oga" | "mp3" | "rf64" | "aif" | "aiff" | "aifc" | "caf" | "m4a" | "aac" => {
                Some(Self::Sound)
            }
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" | "tif" | "tiff" => Some(Self::Picture),
            "npy" | "npz" | "mat" => Some(Self::Array),
            _ => None,
        }
    }
}

/// A file format, recognised by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is the format's own name; `described` spells it out")]
pub enum FileKind {
    Wav,
    Flac,
    Ogg,
    Mp3,
    Rf64,
    Aiff,
    Caf,
    Mp4,
    Au,
    Matroska,
    WavPack,
    Wave64,
    Aac,
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
    Tiff,
    Heif,
    Pdf,
    PostScript,
    Svg,
    Npy,
    Zip,
    MatLevel4,
    MatLevel5,
    MatHdf5,
    Hdf5,
    Pickle,
    Gzip,
}

/// Formats that a fixed string at a fixed offset gives away; the first match counts.
const MAGIC: &[(usize, &[u8], FileKind)] = &[
    (0, b"fLaC", FileKind::Flac),
    (0, b"OggS", FileKind::Ogg),
    (0, b"ID3", FileKind::Mp3),
    (0, b"RF64", FileKind::Rf64),
    (0, b"BW64", FileKind::Rf64),
    (0, b"caff", FileKind::Caf),
    (0, b".snd", FileKind::Au),
    (0, b"wvpk", FileKind::WavPack),
    (0, b"riff\x2e\x91\xcf\x11", FileKind::Wave64),
    (0, b"\x1a\x45\xdf\xa3", FileKind::Matroska),
    (8, b"WAVE", FileKind::Wav),
    (8, b"WEBP", FileKind::WebP),
    (8, b"AIFF", FileKind::Aiff),
    (8, b"AIFC", FileKind::Aiff),
    (4, b"ftypheic", FileKind::Heif),
    (4, b"ftypheix", FileKind::Heif),
    (4, b"ftypmif1", FileKind::Heif),
    (4, b"ftypavif", FileKind::Heif),
    (4, b"ftyp", FileKind::Mp4),
    (0, b"\x89PNG\r\n\x1a\n", FileKind::Png),
    (0, b"\xff\xd8\xff", FileKind::Jpeg),
    (0, b"GIF8", FileKind::Gif),
    (0, b"II*\0", FileKind::Tiff),
    (0, b"MM\0*", FileKind::Tiff),
    (0, b"%PDF-", FileKind::Pdf),
    (0, b"%!PS", FileKind::PostScript),
    (0, b"\x93NUMPY", FileKind::Npy),
    (0, b"PK\x03\x04", FileKind::Zip),
    (0, b"PK\x05\x06", FileKind::Zip),
    (0, b"MATLAB 7.3 MAT-file", FileKind::MatHdf5),
    (0, b"\x89HDF\r\n\x1a\n", FileKind::Hdf5),
    (0, b"\x1f\x8b", FileKind::Gzip),
];

impl FileKind {
    /// The kind of a file, from its content; `None` when no known format starts so.
    ///
    /// Needs the first kilobyte at most; a shorter prefix is looked at as far as it goes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let magic = MAGIC.iter().find(|(offset, magic, _)| bytes.get(*offset..).is_some_and(|b| b.starts_with(magic)));
        if let Some(&(_, _, kind)) = magic {
            return Some(kind);
        }
        if bytes.get(124..128).is_some_and(|v| v == b"\x00\x01IM" || v == b"\x01\x00MI") {
            return Some(Self::MatLevel5);
        }
        if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
            return Some(Self::Bmp);
        }
        // Protocols 2 to 5 begin with PROTO and the number: what pickle.dump and np.save of an object leave.
        if matches!(bytes, [0x80, 2..=5, ..]) {
            return Some(Self::Pickle);
        }
        if is_mpeg_audio(bytes) {
            return Some(Self::Mp3);
        }
        if is_adts(bytes) {
            return Some(Self::Aac);
        }
        if is_mat_level4(bytes) {
            return Some(Self::MatLevel4);
        }
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
        let text = start.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        (text.starts_with('<') && text.contains("<svg")).then_some(Self::Svg)
    }

    /// What the file can be used for.
    pub fn group(self) -> FileGroup {
        match self {
            Self::Wav
            | Self::Flac
            | Self::Ogg
            | Self::Mp3
            | Self::Rf64
            | Self::Aiff
            | Self::Caf
            | Self::Mp4
            | Self::Au
            | Self::Matroska
            | Self::WavPack
            | Self::Wave64
            | Self::Aac => FileGroup::Sound,
            Self::Png
            | Self::Jpeg
            | Self::Gif
            | Self::WebP
            | Self::Bmp
            | Self::Tiff
            | Self::Heif
            | Self::Pdf
            | Self::PostScript
            | Self::Svg => FileGroup::Picture,
            Self::Npy | Self::Zip | Self::MatLevel4 | Self::MatLevel5 | Self::MatHdf5 | Self::Hdf5 | Self::Pickle => {
                FileGroup::Array
            }
            Self::Gzip => FileGroup::Other,
        }
    }

    /// The kind with its article, for messages: "a PNG picture".
    pub fn described(self) -> &'static str {
        match self {
            Self::Wav => "a WAV sound",
            Self::Flac => "a FLAC sound",
            Self::Ogg => "an Ogg sound",
            Self::Mp3 => "an MP3 sound",
            Self::Rf64 => "an RF64 or BW64 sound",
            Self::Aiff => "an AIFF sound",
            Self::Caf => "a Core Audio (CAF) sound",
            Self::Mp4 => "an MPEG-4 file (m4a or mp4)",
            Self::Au => "an AU sound",
            Self::Matroska => "a Matroska or WebM file",
            Self::WavPack => "a WavPack sound",
            Self::Wave64 => "a Wave64 sound",
            Self::Aac => "an AAC (ADTS) sound",
            Self::Png => "a PNG picture",
            Self::Jpeg => "a JPEG picture",
            Self::Gif => "a GIF picture",
            Self::WebP => "a WebP picture",
            Self::Bmp => "a BMP picture",
            Self::Tiff => "a TIFF picture",
            Self::Heif => "a HEIF or AVIF picture",
            Self::Pdf => "a PDF document",
            Self::PostScript => "a PostScript document",
            Self::Svg => "an SVG drawing",
            Self::Npy => "a NumPy .npy array",
            Self::Zip => "a ZIP archive (as .npz is)",
            Self::MatLevel4 => "a MATLAB level 4 file",
            Self::MatLevel5 => "a MATLAB level 5 file",
            Self::MatHdf5 => "a MATLAB v7.3 file",
            Self::Hdf5 => "an HDF5 file",
            Self::Pickle => "a Python pickle",
            Self::Gzip => "a gzip file",
        }
    }

    /// What to do when the file cannot be used where it was given.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Wav
            | Self::Flac
            | Self::Ogg
            | Self::Mp3
            | Self::Rf64
            | Self::Aiff
            | Self::Caf
            | Self::Mp4
            | Self::Aac => "give this file where a sound is asked for",
            Self::Au | Self::Matroska | Self::WavPack | Self::Wave64 => {
                "convert the sound to WAV or FLAC, as in: ffmpeg -i IN OUT.wav"
            }
            Self::Png | Self::Jpeg => "give this file where a picture is asked for",
            Self::Gif | Self::WebP | Self::Bmp | Self::Tiff | Self::Heif => "convert the picture to PNG",
            Self::Pdf | Self::PostScript | Self::Svg => "export the figure as PNG at the resolution it was drawn for",
            Self::Npy | Self::Zip | Self::MatLevel5 => "give this file where an array is asked for",
            Self::MatLevel4 => "save it from MATLAB with -v7 or with scipy.io.savemat(NAME, {...}, format='5')",
            Self::MatHdf5 => "save it from MATLAB with -v7, as in: save('NAME.mat', 'C', '-v7')",
            Self::Hdf5 => "save the array with np.save, or from MATLAB with -v7",
            Self::Pickle => {
                "load it in Python and save the numeric array with np.save(NAME, array, allow_pickle=False)"
            }
            Self::Gzip => "unpack it first with gunzip",
        }
    }
}

/// A layer III frame header (ISO/IEC 11172-3, 2.4.2.3) with no reserved value in it.
fn is_mpeg_audio(bytes: &[u8]) -> bool {
    let &[0xff, sync, rates, _, ..] = bytes else { return false };
    let (version, layer) = ((sync >> 3) & 3, (sync >> 1) & 3);
    let (bitrate, sample_rate) = (rates >> 4, (rates >> 2) & 3);
    sync & 0xe0 == 0xe0 && version != 1 && layer == 1 && bitrate != 15 && sample_rate != 3
}

/// An ADTS frame header (ISO/IEC 13818-7, 6.2) that tells a sample rate, with another behind it where the prefix goes so far.
fn is_adts(bytes: &[u8]) -> bool {
    let header = |bytes: &[u8]| match *bytes {
        [0xff, sync, profile, a, b, c, ..] if sync & 0xf6 == 0xf0 && (profile >> 2) & 15 < 13 => {
            Some(usize::from(a & 3) << 11 | usize::from(b) << 3 | usize::from(c >> 5))
        }
        _ => None,
    };
    let Some(length) = header(bytes).filter(|&length| length > 7) else { return false };
    bytes.get(length..length + 6).is_none_or(|next| header(next).is_some())
}

/// A level 4 header ("MAT-File Format", The `MathWorks`, Level 4): type MOPT, rows, columns,
/// complex flag, name length, then the name ending in NUL. It has no magic, so all must fit.
fn is_mat_level4(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..20) else { return false };
    [u32::from_le_bytes, u32::from_be_bytes].into_iter().any(|number| {
        let field = |i: usize| number([header[4 * i], header[4 * i + 1], header[4 * i + 2], header[4 * i + 3]]);
        let (kind, name_length) = (field(0), field(4) as usize);
        let kind_fits = kind < 5000 && (kind / 100) % 10 == 0 && (kind / 10) % 10 <= 5 && kind % 10 <= 2;
        let name = bytes.get(20..20usize.saturating_add(name_length)).unwrap_or_default();
        let name_fits = match name.split_last() {
            Some((0, letters)) => {
                !letters.is_empty() && letters.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'_')
            }
            _ => false,
        };
        kind_fits && name_fits && field(1) > 0 && field(2) > 0 && field(3) <= 1
    })
}
