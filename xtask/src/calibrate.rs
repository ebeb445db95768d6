//! How often findings of each score are right: pictures with known truth, read by the command line.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{call, cargo, output, root, target};
use crate::{gallery, goldens, python};

const PAGE: &str = "docs/calibration.md";

/// Pictures that are read.
const PICTURES: &str = "2400";

/// The tables of points that `xtask/calibrate.py` writes, and where they belong.
const TABLES: [(&str, &str); 2] = [
    ("picture.rs", "crates/picture/src/calibration.rs"),
    ("recover.rs", "crates/photophone/src/recover/calibration.rs"),
];

const HEAD: &str = "# How sure is \"90 % sure\"?\n\nMade by `cargo xtask calibrate`. Pictures of sounds made from formulas, and of the \
    gallery's recordings, are drawn by several tools in several palettes and sizes, damaged in several ways, and read by \
    `photophone inspect`; a quarter shows no constant-Q spectrogram at all. Each finding has a score: how strongly the \
    picture speaks for it. Isotonic regression makes of it the share of findings that are right, in as few steps as differ by two \
    standard errors. It is fitted to half of \
    the sounds; the tables are of the other half, which includes all recordings. The kind is right where a picture is of a \
    sound and its cells, palette and orientation are read rightly, or is not said to be: what is read backwards is of no sound \
    either. It is measured apart (`kind, turned`) where rows are read from the top, a palette backwards or levels otherwise than \
    they look, since what is of no sound has more chances then. Of coloured palettes 3 % are reversed, of saved matrices a \
    quarter has the lowest row on top.\n\n";

/// Reads the pictures with the release binary, and writes the tables of points and the page.
pub(crate) fn run() -> Result<()> {
    call(&mut cargo(&["build", "--release", "--package", "photophone-cli"])?)?;
    let python = python::find(python::CURRENT).context("no Python for librosa")?;
    let requirements =
        [&goldens::LIBROSA_0_11[..], &["soundfile==0.13.1", "matplotlib==3.11.2", "pillow==13.0.0"]].concat();
    let python = python::environment(&python, &requirements)?;
    let folder = target()?.join("calibration");
    let mut command = Command::new(python);
    command.args(["-W", "ignore"]).arg(root()?.join("xtask/calibrate.py"));
    command.arg(target()?.join("release/photophone")).arg(&folder).arg(PICTURES).args(gallery::folder().ok());
    print!("{}", output(&mut command)?);
    for (fresh, place) in TABLES {
        let place = root()?.join(place);
        fs::copy(folder.join(fresh), &place).with_context(|| place.display().to_string())?;
        call(Command::new("rustfmt").args(["--edition", "2024"]).arg(&place))?;
    }
    let tables = fs::read_to_string(folder.join("calibration.md"))?;
    fs::write(root()?.join(PAGE), format!("{HEAD}{tables}")).context(PAGE)
}
