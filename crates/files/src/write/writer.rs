//! Where the bytes of an output go.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Seek, SeekFrom, Write};

/// Takes the bytes of one output: a file's, or in memory those of a stream, which could not be gone back in.
#[derive(Debug)]
pub struct OutputWriter(Inner);

#[derive(Debug)]
enum Inner {
    File(BufWriter<File>),
    Memory(Cursor<Vec<u8>>),
}

impl OutputWriter {
    /// Keeps the bytes.
    pub fn in_memory() -> Self {
        Self(Inner::Memory(Cursor::default()))
    }

    pub(super) fn of_file(file: File) -> Self {
        Self(Inner::File(BufWriter::new(file)))
    }

    /// The bytes that were kept; none of what went to a file.
    pub fn into_bytes(self) -> Vec<u8> {
        match self.0 {
            Inner::File(_) => Vec::new(),
            Inner::Memory(bytes) => bytes.into_inner(),
        }
    }

    /// The file, all bytes handed to the system.
    pub(super) fn into_file(self) -> io::Result<File> {
        match self.0 {
            Inner::File(file) => file.into_inner().map_err(io::IntoInnerError::into_error),
            Inner::Memory(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
        }
    }
}

impl Write for OutputWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::File(file) => file.write(bytes),
            Inner::Memory(kept) => kept.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Inner::File(file) => file.flush(),
            Inner::Memory(kept) => kept.flush(),
        }
    }
}

impl Seek for OutputWriter {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Inner::File(file) => file.seek(to),
            Inner::Memory(kept) => kept.seek(to),
        }
    }
}
