//! The files of the demo's folder: a later demo may replace them, but nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use photophone::files::{Existing, FileError, Outputs, Sound, SoundFormat, encode_raster, encode_sound};
use photophone::picture::Raster;

use crate::interrupt::stage;

/// The list of what demos have written to a folder.
const LIST: &str = "files-of-the-demo.txt";

/// Pictures that a demo draws, and the sound that it draws them of. Every other file has the name of one of them.
const DRAWN: [&str; 2] = ["example", "dense"];
const EDITED: &str = "edited";
const ORIGINAL: &str = "original.wav";

/// Every file that a demo writes, besides the list of them.
fn names() -> impl Iterator<Item = String> {
    let named = |endings: &'static [&'static str]| {
        move |name: &'static str| endings.iter().map(move |ending| format!("{name}.{ending}"))
    };
    let drawn = DRAWN.into_iter().flat_map(named(&["phase.npy", "recipe.toml"]));
    let recovered = DRAWN.into_iter().chain([EDITED]).flat_map(named(&["png", "wav", "overlay.png", "compared.png"]));
    drawn.chain(recovered).chain([ORIGINAL.to_owned()])
}

const HEADING: &str = "# photophone demo replaces the files listed here, unless they have changed since.\n";

/// Stands for the checksum of a file that is just being written.
const IN_WORK: &str = "-";

/// A folder that a demo writes to.
pub(crate) struct DemoFiles {
    folder: PathBuf,
    /// Names, with the checksum of what was written.
    written: BTreeMap<String, String>,
}

impl DemoFiles {
    /// Opens the folder, and makes it if need be. Everything that will be written is checked here, before anything is.
    ///
    /// # Errors
    /// A file by the name of one of a demo's that no demo wrote, or that has changed since.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let list = folder.join(LIST);
        let text = fs::read_to_string(&list).unwrap_or_default();
        anyhow::ensure!(
            !list.exists() || text.starts_with(HEADING),
            "{}: exists already, and no demo wrote it; name another folder",
            list.display()
        );
        let written = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(' '))
            .map(|(checksum, name)| (name.to_owned(), checksum.to_owned()))
            .collect();
        let files = Self { folder: folder.to_owned(), written };
        files.written.keys().cloned().chain(names()).try_for_each(|name| files.check(&name))?;
        Ok(files)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn sound(&mut self, name: &str, sound: &Sound) -> anyhow::Result<()> {
        let path = self.path(name);
        let format = SoundFormat::from_path(&path)?;
        self.write(|outputs| outputs.write(&path, |writer| encode_sound(&path, sound, format, None, writer)))
    }

    pub(crate) fn raster(&mut self, name: &str, raster: &Raster) -> anyhow::Result<()> {
        let bytes = encode_raster(&self.path(name), raster, &[])?;
        self.bytes(name, &bytes)
    }

    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.path(name);
        let failed = |source| FileError::Write { path: path.clone(), source };
        self.write(|outputs| outputs.write(&path, |writer| writer.write_all(bytes).map_err(failed)))
    }

    /// Writes files together, all of them new or of an earlier demo.
    pub(crate) fn write<T, E: Into<anyhow::Error>>(
        &mut self,
        content: impl FnOnce(&mut Outputs) -> Result<T, E>,
    ) -> anyhow::Result<T> {
        let mut outputs = Outputs::new(Existing::Replace, stage());
        let result = content(&mut outputs).map_err(Into::into)?;
        let names: Vec<String> =
            outputs.names().filter_map(Path::file_name).map(|name| name.to_string_lossy().into_owned()).collect();
        for name in &names {
            debug_assert!(self::names().any(|known| known == *name), "{name} was not checked before the work");
            self.check(name)?;
            self.written.insert(name.clone(), IN_WORK.to_owned());
        }
        // A demo that is killed here leaves files that the next one knows.
        self.write_list()?;
        outputs.commit()?;
        for name in names {
            let checksum = checksum(&self.path(&name)).unwrap_or_else(|| IN_WORK.to_owned());
            self.written.insert(name, checksum);
        }
        self.write_list()?;
        Ok(result)
    }

    /// Refuses a file that is there and not as a demo has left it.
    fn check(&self, name: &str) -> anyhow::Result<()> {
        let (path, listed) = (self.path(name), self.written.get(name));
        if fs::symlink_metadata(&path).is_err() {
            return Ok(());
        }
        let found = checksum(&path).unwrap_or_else(|| "no file".to_owned());
        match listed {
            Some(listed) if *listed == found || listed == IN_WORK => Ok(()),
            Some(_) => anyhow::bail!("{}: has changed since a demo wrote it; name another folder", path.display()),
            None => anyhow::bail!("{}: exists already, and no demo wrote it; name another folder", path.display()),
        }
    }

    fn write_list(&self) -> anyhow::Result<()> {
        let lines = self.written.iter().map(|(name, checksum)| format!("{checksum} {name}\n"));
        let text: String = std::iter::once(HEADING.to_owned()).chain(lines).collect();
        let path = self.path(LIST);
        let mut outputs = Outputs::new(Existing::Replace, stage());
        let failed = |source| FileError::Write { path: path.clone(), source };
        outputs.write(&path, |writer| writer.write_all(text.as_bytes()).map_err(failed))?;
        Ok(outputs.commit()?)
    }
}

/// Length and CRC-32 of a file, if it is there.
fn checksum(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    Some(format!("{:08x}.{}", crc32fast::hash(&bytes), bytes.len()))
}
