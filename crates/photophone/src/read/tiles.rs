//! A long picture that was drawn as tiles, or some of them in a row.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};

use photophone_picture::{GivenAxes, ReadOptions};
use photophone_spectrum::{Finding, Stack};
use photophone_transform::StopFlag;
use photophone_transform::blocks::Layout;
use photophone_transform::retrieval::PhaseMethod;

use super::parts::{Cuts, Parts};
use super::{Data, Edits, Inputs, Job, Phase, attribute};
use crate::files::names_in_folder;
use crate::recipe::{Entry, PictureRecipe, Recipe, Resolved};
use crate::report::Report;
use crate::{Error, Input, Limits};

/// Most names of a folder that are looked at for tiles: of a year in tiles of half a minute.
const MOST_NAMES: usize = 1 << 20;

/// What to do about tiles that do not follow each other.
const IN_A_ROW: &str = "give tiles of one picture in their order, and leave none out";

/// The tiles of a picture that was drawn as such, in their order: of `song.png` those are `song.0001.png` and on. Empty where
/// there are none.
pub fn tiles_of(picture: &Path) -> Vec<PathBuf> {
    let Some(stem) = picture.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let folder = picture.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let number = |name: &str| {
        let digits = name.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".png")?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
    };
    let mut tiles: Vec<(u32, String)> =
        names_in_folder(folder, MOST_NAMES).filter_map(|name| Some((number(&name)?, name))).collect();
    tiles.sort();
    tiles.into_iter().map(|(_, name)| picture.with_file_name(name)).collect()
}

/// Tiles in a row. One is in memory at a time, or those that a block lies in.
pub(super) struct Tiles {
    pictures: Vec<Input>,
    asked: Asked,
    /// What is known of all of them.
    recipe: Recipe,
    resolved: Resolved,
    stack: Stack,
    /// Number of the first frame in the whole picture.
    first: usize,
    /// Frames of all tiles, and of each but the last.
    frames: usize,
    each: usize,
    cuts: Cuts,
    /// Tiles that were read last.
    kept: VecDeque<(usize, Data)>,
    /// What the first tile told.
    report: Report,
    phase_file: Option<PathBuf>,
}

/// What the caller says of the tiles.
struct Asked {
    recipe: Recipe,
    reading: ReadOptions,
    axes: GivenAxes,
    max_pixels: usize,
    limits: Limits,
    stop: StopFlag,
    phase_method: PhaseMethod,
}

impl Asked {
    fn inputs<'a>(&'a self, tile: &'a Input) -> Inputs<'a> {
        Inputs {
            input: tile,
            more: &[],
            is_tile: true,
            phase: None,
            original: None,
            mask: None,
            recipe: &self.recipe,
            reading: &self.reading,
            axes: &self.axes,
            finest: true,
            max_pixels: self.max_pixels,
            limits: &self.limits,
            stop: &self.stop,
        }
    }
}

/// What of a tile's recipe is the whole picture's.
fn of_all(recipe: &Recipe) -> Recipe {
    let picture =
        PictureRecipe { frames: None, first_frame: None, phase: None, phase_digest: None, ..recipe.picture.clone() };
    Recipe { picture, ..recipe.clone() }
}

impl Tiles {
    /// `None` where the first picture is no tile.
    pub(super) fn open(inputs: &Inputs<'_>, phase_method: PhaseMethod) -> Result<Option<Self>, Error> {
        let asked = Asked {
            recipe: inputs.recipe.clone(),
            reading: inputs.reading.clone(),
            axes: inputs.axes.clone(),
            max_pixels: inputs.max_pixels,
            limits: *inputs.limits,
            stop: inputs.stop.clone(),
            phase_method,
        };
        let pictures: Vec<Input> = std::iter::once(inputs.input).chain(inputs.more).cloned().collect();
        let job = Job::open(&asked.inputs(&pictures[0]))?;
        let told = job.recipe().clone();
        let (Some(first), Some(whole)) = (told.picture.first_frame, told.sound.length) else { return Ok(None) };
        let (bins, each) = job.shape();
        let resolved = told.resolve(Some(bins))?;
        let mut set = Self {
            recipe: of_all(&told),
            stack: job.stack(),
            first,
            frames: each,
            each,
            cuts: Cuts { head: first > 0, tail: false, samples: 0 },
            kept: VecDeque::new(),
            report: Report::default(),
            phase_file: job.phase().and_then(Phase::path).map(Path::to_path_buf),
            resolved,
            asked,
            pictures,
        };
        set.read_first(&job)?;
        let last = set.pictures.len() - 1;
        if last > 0 {
            let (job, _) = set.opened(last)?;
            set.frames = last * each + job.shape().1;
        }
        let of = set.resolved.tempered();
        let block = 4 * of.params.hop;
        set.cuts.tail = Layout::of_transform(of, whole, block)?.frames() > first + set.frames;
        let skipped = first * of.params.hop;
        set.cuts.samples = if set.cuts.tail { (set.frames - 1) * of.params.hop } else { whole.saturating_sub(skipped) };
        Ok(Some(set))
    }

    /// The first tile's data, and what it tells of all.
    fn read_first(&mut self, job: &Job) -> Result<(), Error> {
        let inputs = self.asked.inputs(&self.pictures[0]);
        let mut report = Report::default();
        job.report_phase(self.asked.phase_method, &mut report);
        let data = job.coefficients(&inputs, &self.resolved, &mut report)?;
        if let Some(opened) = job.picture() {
            attribute(&mut report, &inputs, opened.stored());
        }
        let evidence = format!("frames {} and on of {}", self.first, self.recipe.sound.length.unwrap_or(0));
        let count = Finding::read(self.pictures.len(), 1.0, evidence);
        report.findings.push(Entry::new("picture", "tiles", &count));
        self.report = report;
        self.kept.push_back((0, data));
        Ok(())
    }

    /// A tile, once it is known to follow the others.
    fn opened(&self, index: usize) -> Result<(Job, Inputs<'_>), Error> {
        let inputs = self.asked.inputs(&self.pictures[index]);
        let job = Job::open(&inputs)?;
        let (name, expected) = (inputs.input.name(), self.first + index * self.each);
        let recipe = job.recipe();
        if recipe.picture.first_frame != Some(expected) {
            let found = match recipe.picture.first_frame {
                Some(first) => format!("frame {first} and on"),
                None => "a picture that is no tile".to_owned(),
            };
            return Err(Error::content(name, found, format!("a tile with frame {expected} and on"), IN_A_ROW));
        }
        if of_all(recipe) != self.recipe {
            return Err(Error::content(
                name,
                "a tile of another picture",
                "one with the recipe of the first",
                IN_A_ROW,
            ));
        }
        let (is_last, frames) = (index + 1 == self.pictures.len(), job.shape().1);
        if job.shape().0 != self.stack.rows || frames > self.each || (frames < self.each && !is_last) {
            let expected = format!("{} x {} cells, as in the first tile", self.stack.rows, self.each);
            let found = format!("{} x {frames} cells", job.shape().0);
            return Err(Error::content(name, found, expected, "give the tile as it was drawn"));
        }
        Ok((job, inputs))
    }

    /// A tile's data.
    fn tile(&mut self, index: usize) -> Result<&Data, Error> {
        if let Some(place) = self.kept.iter().position(|(kept, _)| *kept == index) {
            return Ok(&self.kept[place].1);
        }
        let (job, inputs) = self.opened(index)?;
        let mut report = Report::default();
        let data = job.coefficients(&inputs, &self.resolved, &mut report)?;
        self.kept.push_back((index, data));
        Ok(&self.kept[self.kept.len() - 1].1)
    }
}

impl Parts for Tiles {
    fn shape(&self) -> (usize, usize) {
        (self.stack.rows, self.frames)
    }

    fn stack(&self) -> Stack {
        self.stack
    }

    fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    fn cuts(&self) -> Option<Cuts> {
        Some(self.cuts)
    }

    fn edits(&self) -> Edits {
        Edits::Untold
    }

    fn data(&mut self, frames: Range<usize>) -> Result<Data, Error> {
        let each = self.each;
        let tiles = frames.start / each..frames.end.div_ceil(each).min(self.pictures.len());
        self.kept.retain(|(index, _)| tiles.contains(index));
        let mut found: Option<Data> = None;
        for index in tiles {
            let from = frames.start.saturating_sub(index * each);
            let to = (frames.end - index * each).min(each);
            let part = self.tile(index)?.of_frames(from..to);
            found = Some(found.map_or_else(|| part.clone(), |found| found.followed_by(&part)));
        }
        found.ok_or_else(|| Error::content(self.pictures[0].name(), "no frames", "some", IN_A_ROW))
    }

    fn report(&self) -> Report {
        self.report.clone()
    }

    fn phase_file(&self) -> Option<PathBuf> {
        self.phase_file.clone()
    }
}

/// Whether a picture is what a tile of the set is named like.
pub(super) fn is_named_as_tile(input: &Input) -> bool {
    let Some(stem) = input.path().and_then(Path::file_stem).and_then(|stem| stem.to_str()) else { return false };
    let digits = stem.rsplit_once('.').map_or("", |(_, digits)| digits);
    digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
