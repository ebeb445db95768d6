//! A file as symphonia is to see it: up to where its sound ends, and perhaps with other first bytes.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// The beginning of a file.
pub(super) struct Cropped {
    source: Box<dyn MediaSource>,
    at: u64,
    end: u64,
    first: &'static [u8],
}

impl Cropped {
    /// The first `end` bytes of a file, of which the first are to be `first`.
    ///
    /// # Errors
    /// What cannot be gone back in.
    pub(super) fn new(mut source: Box<dyn MediaSource>, end: u64, first: &'static [u8]) -> io::Result<Self> {
        source.rewind()?;
        Ok(Self { source, at: 0, end, first })
    }
}

impl Read for Cropped {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(bytes.len());
        let read = self.source.read(&mut bytes[..most])?;
        let at = usize::try_from(self.at).unwrap_or(usize::MAX);
        for (byte, first) in bytes[..read].iter_mut().zip(self.first.iter().skip(at)) {
            *byte = *first;
        }
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Cropped {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(from) => SeekFrom::Start(self.end.saturating_add_signed(from)),
            to => to,
        };
        self.at = self.source.seek(to)?;
        Ok(self.at)
    }
}

impl MediaSource for Cropped {
    fn is_seekable(&self) -> bool {
        self.source.is_seekable()
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.end)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn it_begins_as_told_and_ends_early() {
        let mut cropped = Cropped::new(Box::new(Cursor::new(b"RF64 and more".to_vec())), 8, b"RIFF").unwrap();
        let mut all = String::new();
        cropped.read_to_string(&mut all).unwrap();
        assert_eq!((all.as_str(), cropped.byte_len()), ("RIFF and", Some(8)));
        assert_eq!(cropped.seek(SeekFrom::End(-5)).unwrap(), 3);
        let mut end = [0; 3];
        cropped.read_exact(&mut end).unwrap();
        assert_eq!(&end, b"F a");
        assert_eq!(cropped.read(&mut [0; 9]).unwrap(), 2);
    }
}
