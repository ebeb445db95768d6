//! How often findings of each score are right: pictures with known truth, read by the command line.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{call, cargo, output, root, target};
use crate::{gallery, python};

const PAGE: &str = "docs/calibration.md";

/// Pictures that are read.
const PICTURES: &str = "2400";

/// The tables of points that `xtask/calibration` writes, and where they belong.
const TABLES: [(&str, &str); 3] = [
    ("picture.rs", "crates/picture/src/calibration.rs"),
    ("read.rs", "crates/photophone/src/read/calibration.rs"),
    ("identify.rs", "crates/transform/src/identify/calibration.rs"),
];

const HEAD: &str = "# How sure is \"sure\"?\n\nMade by `cargo xtask calibrate`. Of the findings said to be *sure* 19 of 20 or more \
    are right, of those that are *likely* 3 of 4 or more, of the *doubtful* at least half, and of *a guess* nothing is promised \
    at all. The shares in the JSON (`confidence`) are lower limits too.\n\n";

const HOW: &str = "\n## How it is measured\n\nPictures of sounds made from formulas, and of the gallery's recordings, are drawn \
    by several tools in several palettes and sizes, damaged in several ways, and read by `photophone inspect`; a quarter \
    shows no constant-Q spectrogram at all. Each finding has a score: how strongly the picture speaks for it. One half of the \
    pictures tells from which scores on a word is said; the tables are of the other half, in which no sound, matrix or size of a \
    figure of the first occurs again, and of which four in ten have a kind of sound (among them all recordings) or of foreign \
    matrix that the first half has not, and one in eight a figure (on black, or without frame lines) that it has not. Nothing is \
    chosen by the other half.\n\nIsotonic regression makes the share of findings that are right rise with the score. A word is said \
    from the lowest score on from which all of this holds, and else the next lower one:\n\n- Of the findings that get it, the word is \
    true by the lower end of their share: 19 in 20 such ends are below the true share (Wilson's bound). Of *doubtful*, \
    which only says that right is likelier than wrong, the share itself has to be half.\n- It is so too by how \
    much the share varies from tool to tool, from damage to damage, and from one kind of sound or foreign matrix to another: the \
    lower end by the jackknife, which leaves out one of them after the other.\n- It is true of the weakest 15 or more findings that get \
    it.\n- No tool, damage or kind of sound with 8 findings or more has so few right ones that chance made them 1 time in 100 at \
    most.\n\nSo a word says too little sooner than too much, most where findings are few. What rests on the cells (the kind, the \
    range) is said to be no surer than the cells and the box around them; it is fitted and measured as it is then said.\n\nCells \
    are right where they have the size drawn, to half a cell over the whole picture; *missing* where their number is right with \
    those that a frame line hides. The kind is right where a picture is of a sound and its cells, palette and orientation are \
    read rightly, or is not said to be: what is read backwards is of no sound either. It is measured apart (`kind, turned`) where \
    rows are read from the top, a palette backwards, or levels otherwise than they look or over another range than 80 dB, since \
    what is of no sound has more chances then. Of coloured palettes 3 % are reversed, of saved matrices a quarter has the lowest \
    row on top; half of the pictures is drawn over 80 dB, the rest over 60, 100, 120 or 160 dB or linearly.\n";

/// Reads the pictures, and writes the tables of points and the page; with `refit` from what the last run read.
pub(crate) fn run(refit: bool) -> Result<()> {
    let python = python::find(python::CURRENT).context("no Python for librosa")?;
    let requirements =
        [&python::LIBROSA_0_11[..], &["soundfile==0.13.1", "matplotlib==3.11.2", "pillow==13.0.0"]].concat();
    let python = python::environment(&python, &requirements)?;
    let folder = target()?.join("calibration");
    let mut command = Command::new(python);
    command.args(["-W", "ignore"]).arg(root()?.join("xtask/calibration"));
    if refit {
        command.arg("--refit").arg(&folder);
    } else {
        // Pictures are read as fast as by the release binary (`Cargo.toml`), which takes minutes more to build.
        call(&mut cargo(&["build", "--package", "photophone-cli"])?)?;
        command.arg(target()?.join("debug/photophone")).arg(&folder).arg(PICTURES).args(gallery::folder().ok());
    }
    print!("{}", output(&mut command)?);
    for (fresh, place) in TABLES {
        let place = root()?.join(place);
        fs::copy(folder.join(fresh), &place).with_context(|| place.display().to_string())?;
        call(Command::new("rustfmt").args(["--edition", "2024"]).arg(&place))?;
    }
    let tables = fs::read_to_string(folder.join("calibration.md"))?;
    fs::write(root()?.join(PAGE), format!("{HEAD}{tables}{HOW}")).context(PAGE)
}
