//! What was read of a picture, in words: lines of the report, and what of it is to be doubted.

use photophone_picture::{Clip, Flip, PaletteName, Picture};
use photophone_spectrum::{Finding, Source, Stack, Sureness};

use crate::files::DecodedPicture;
use crate::recipe::{Entry, Place, RECIPE_KEY, Stored};
use crate::report::{Cells, Report};

/// What was read, as lines of the report.
pub(super) fn describe(picture: &Picture, stack: Stack, report: &mut Report) {
    let lattice = &picture.lattice.value;
    let (rows, frames) = picture.levels.shape();
    let cells = format!("{rows} x {frames}, each {:.4} x {:.4} px", lattice.x.cell_px, lattice.y.cell_px);
    let place = picture.data_box.value.to_string();
    let missing = &picture.missing.value;
    let lost = format!(
        "{} frames before, {} after; {} rows below, {} above",
        missing.frames_before, missing.frames_after, missing.rows_below, missing.rows_above
    );
    let mut palette = picture.palette.clone().map(|name| name.to_string());
    if !picture.palette_alternatives.is_empty() {
        let others: Vec<String> = picture.palette_alternatives.iter().map(ToString::to_string).collect();
        palette.evidence = format!("{}; also possible: {}", palette.evidence, others.join(", "));
    }
    report.findings.push(Entry::new("picture", "box", &picture.data_box.clone().map(|_| place)));
    report.findings.push(Entry::new("picture", "cells", &picture.lattice.clone().map(|_| cells)));
    if stack.channels > 1 {
        report.findings.push(Entry::new("picture", "channels", &panels(picture, stack)));
    }
    report.findings.push(Entry::new("picture", "missing", &picture.missing.clone().map(|_| lost)));
    report.findings.push(Entry::new("picture", "palette", &palette));
    let turned = if picture.transposed { "transposed, " } else { "" };
    let flip = format!("{turned}flip {}", format!("{:?}", picture.flip.value).to_lowercase());
    report.findings.push(Entry::new("picture", "orientation", &picture.flip.clone().map(|_| flip)));
    let is_shown = |row: usize| !stack.is_between(missing.rows_below + row);
    let shown: Vec<usize> = (0..rows).filter(|&row| is_shown(row)).collect();
    let clipped = |which| {
        let cells = shown.iter().flat_map(|&row| picture.clip.row(row));
        cells.filter(|&&clip| clip == which).count()
    };
    let whole = stack.channels * stack.rows * (frames + missing.frames_before + missing.frames_after);
    report.cells = Some(Cells {
        total: whole,
        missing: whole - shown.len() * frames,
        at_floor: clipped(Clip::Floor),
        at_ceiling: clipped(Clip::Ceiling),
        exact_share: picture.exact_share(),
    });
}

/// The channels, and where the panel of each is.
fn panels(picture: &Picture, stack: Stack) -> Finding<String> {
    let Stack { channels, rows, gap } = stack;
    let (frames, at) = (picture.levels.columns(), picture.data_box.value);
    let said = format!("{channels}, each a panel of {rows} x {frames} cells, {gap} rows between them");
    if picture.transposed || picture.flip.value != Flip::None || picture.missing.value.rows_above > 0 {
        return Finding::read(said, 1.0, "in the order of their rows, the first at the highest");
    }
    let row_px = picture.lattice.value.y.cell_px;
    let place = |channel: usize| {
        let top = at.y as f64 + row_px * (channel * (rows + gap)) as f64;
        format!("{} x {:.0} px at ({}, {top:.0})", at.width, row_px * rows as f64, at.x)
    };
    let places: Vec<String> = (0..channels).map(place).collect();
    Finding::read(said, 1.0, format!("the first on top: {}", places.join(", ")))
}

/// What of a picture's geometry is to be doubted.
pub(super) fn doubts(picture: &Picture, has_phase: bool) -> Vec<String> {
    let lattice = &picture.lattice.value;
    let (time, pitch) = if picture.transposed { (&lattice.y, &lattice.x) } else { (&lattice.x, &lattice.y) };
    let mut doubts = Vec::new();
    for (what, effect, axis, other) in
        [("frames", "the sound is too fast", time, pitch), ("rows", "its frequencies are wrong", pitch, time)]
    {
        let pixels = axis.end_px - axis.first_px;
        if axis.cell_px < 1.0 {
            let cells = axis.cells;
            doubts.push(format!(
                "WARNING: {cells} {what} in {pixels} px: those without a pixel of their own are lost, and are taken from their neighbours"
            ));
        } else if axis.cells == pixels && other.cell_px > 1.0 && picture.lattice.source == Source::Assumed {
            doubts.push(format!(
                "WARNING: each of {pixels} pixels is taken for one of the {what}; if there were more of them than pixels, \
                 some are lost and {effect}: give their number (`cells`), or draw a larger picture"
            ));
        }
    }
    if !has_phase && picture.flip.value != Flip::None && picture.flip.source == Source::Read {
        let sure = Sureness::of(picture.flip.confidence);
        doubts.push(format!(
            "WARNING: the lowest frequency seems to be on top ({sure}), which only a phase would resolve; if it \
             is not, give `flip none`"
        ));
    }
    if !has_phase && picture.scale.source == Source::Read && picture.scale.score.is_none() {
        let scale = picture.scale.value;
        doubts.push(format!(
            "WARNING: levels seem to be {scale} only because no sound has such magnitudes otherwise; if they are not, give \
             `levels`"
        ));
    }
    if !has_phase && picture.palette.value.reversed && picture.palette.source == Source::Read {
        let name = picture.palette.value.clone();
        let forwards = PaletteName { reversed: false, ..name.clone() };
        doubts.push(format!(
            "WARNING: the palette seems to be {name}, backwards, which only a phase would resolve; if it is not, give \
             `palette {forwards}`"
        ));
    }
    doubts
}

/// What a picture's file is, and what it says of itself.
pub(super) fn picture_lines(decoded: &DecodedPicture, stored: Option<&Stored>) -> Vec<Entry> {
    let size = format!("{:?}, {} x {} px", decoded.format, decoded.width, decoded.height);
    let turned = match decoded.orientation {
        1 => String::new(),
        told => format!("turned as its EXIF orientation, {told}, says"),
    };
    let mut lines = vec![Entry::new("picture", "file", &Finding::read(size, 1.0, turned))];
    if let Some((_, software)) = decoded.text.iter().find(|(key, _)| key == "Software") {
        lines.push(Entry::new("picture", "made by", &Finding::read(software, 1.0, "the file's text")));
    }
    if let Some(stored) = stored {
        let (place, why) = match &stored.place {
            Place::Inside(key) if key == RECIPE_KEY => {
                ("inside the picture".to_owned(), "written by photophone draw".to_owned())
            }
            Place::Inside(key) => ("inside the picture".to_owned(), format!("kept by another program as its {key}")),
            Place::Beside(file) => {
                (file.display().to_string(), "beside the picture, which has none of its own".to_owned())
            }
            Place::BesidePhase(file) => {
                let why = "beside the phase, whose digest it has; the picture has none of its own";
                (file.display().to_string(), why.to_owned())
            }
        };
        lines.push(Entry::new("picture", "recipe", &Finding::read(place, 1.0, why)));
    }
    lines
}
