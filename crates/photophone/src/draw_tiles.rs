//! Drawing of long sounds: a set of pictures, each of some frames, with one recipe.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_spectrum::Stack;
use photophone_transform::blocks::{BlockTransform, Layout};
use photophone_transform::{Cells, Progress, Step, Tempered, Watch};

use crate::draw::{DrawOptions, GAP_ROWS, mixed_note, painted, phase_of, recipe_of_sound};
use crate::drawn::{check_ending, phase_path, write_recipe_beside};
use crate::files::{Outputs, SoundShape, stream_sound};
use crate::recipe::{PictureRecipe, Recipe, Resolved, beside};
use crate::{Error, GIVEN};

/// Pixels that a picture may have to be drawn whole: as many as its reader takes of a file of any size.
const WHOLE_PIXELS: usize = 1 << 23;

/// Pixels of a tile: a quarter of that, so that a tile takes no more memory than a block of the sound.
const TILE_PIXELS: usize = 1 << 21;

/// Samples of a block: 24 seconds at 44.1 kHz, of which two are for what its filters hear besides.
const BLOCK_SAMPLES: usize = 1 << 20;

/// A sound that is drawn as tiles.
#[derive(Debug)]
pub struct LongSound {
    path: PathBuf,
    shape: SoundShape,
    recipe: Recipe,
    resolved: Resolved,
    layout: Layout,
    /// Frames of a tile.
    tile: usize,
}

/// What was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnTiles {
    /// The tiles, in their order.
    pub pictures: Vec<PathBuf>,
    /// Sentences for people.
    pub notes: Vec<String>,
}

/// The sound of a file as one that is drawn as tiles, where `tile_secs` asks for it or its picture would have more than 8.4
/// million pixels; `None` where it is drawn whole. Cost: the file is read once.
///
/// # Errors
/// A file that cannot be read, or a recipe that does not fit the sound.
pub fn long_sound(path: &Path, options: &DrawOptions) -> Result<Option<LongSound>, Error> {
    let stop = &options.stop;
    let shape = stream_sound(path, |_, _| Ok::<(), Error>(stop.check()?))?;
    let (recipe, resolved) = recipe_of_sound((shape.sample_rate_hz, shape.frames), options)?;
    let layout = Layout::of_transform(resolved.tempered(), shape.frames, BLOCK_SAMPLES)?;
    let channels = if options.mono { 1 } else { shape.channels };
    options.limits.check_drawing(resolved.tempered(), layout.block_samples(), channels)?;
    let rows = Stack { channels, rows: resolved.params.bins, gap: GAP_ROWS }.rows_in_all();
    let of_frame = rows.saturating_mul(options.cell_height_px).saturating_mul(options.cell_width_px).max(1);
    let tile = match options.tile_secs {
        Some(secs) => (secs * resolved.params.sr / resolved.params.hop as f64) as usize,
        None if of_frame.saturating_mul(layout.frames()) <= WHOLE_PIXELS => return Ok(None),
        None => TILE_PIXELS / of_frame,
    };
    Ok(Some(LongSound { path: path.to_owned(), shape, recipe, resolved, layout, tile: tile.max(1) }))
}

/// The name of tile `index`, counted from 0, of a picture: `song.0001.png` is the first of `song.png`.
pub fn tile_path(picture: &Path, index: usize) -> PathBuf {
    picture.with_extension(format!("{:04}.png", index + 1))
}

impl LongSound {
    /// What the sound is.
    pub fn shape(&self) -> SoundShape {
        self.shape
    }

    /// Draws the tiles of `picture`, with a phase beside each, and one recipe for all beside `picture`. Levels are those of the
    /// whole: the loudest cell is looked for first. Memory: that of a block and a tile.
    ///
    /// # Errors
    /// As [`draw`](crate::draw), and a file that cannot be written, or an interruption.
    pub fn draw(
        &self,
        picture: &Path,
        options: &DrawOptions,
        outputs: &mut Outputs,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<DrawnTiles, Error> {
        check_ending(picture)?;
        let count = self.layout.frames().div_ceil(self.tile);
        let pictures: Vec<PathBuf> = (0..count).map(|index| tile_path(picture, index)).collect();
        for path in &pictures {
            outputs.plan(path)?;
            outputs.plan(&phase_path(path))?;
        }
        outputs.plan(&beside(picture))?;
        let mut watch = Watch::new(&mut progress, &options.stop);
        let known = self.recipe.picture.reference;
        let reference = known.map_or_else(|| self.loudest(options, &mut watch), Ok)?;
        let reference_of_all = Recipe::from(PictureRecipe {
            reference: Some(reference),
            tile: Some(self.tile),
            ..PictureRecipe::default()
        });
        let recipe =
            Recipe { picture: PictureRecipe { reference: None, ..self.recipe.picture.clone() }, ..self.recipe.clone() };
        let recipe = recipe.joined(GIVEN, reference_of_all, "the tiles")?;
        let mut painter =
            Painter { long: self, options, recipe, outputs, pictures: &pictures, next: 0, kept: None, whole: None };
        let passes = if known.is_some() { (0, 1) } else { (1, 2) };
        self.each_block(options, (passes, &mut watch), &mut |cells| painter.add(cells))?;
        let whole = painter.finished()?;
        write_recipe_beside(&whole, outputs, picture)?;
        let (bins, frames) = (self.resolved.params.bins, self.layout.frames());
        let mut notes = vec![format!("{count} tiles, {bins} x {frames} cells in all, {} frames in each", self.tile)];
        if options.mono && self.shape.channels > 1 {
            notes.push(mixed_note(self.shape.channels));
        }
        Ok(DrawnTiles { pictures, notes })
    }

    /// The largest magnitude; 1 for silence.
    fn loudest(&self, options: &DrawOptions, watch: &mut Watch<'_>) -> Result<f64, Error> {
        let mut loudest = 0.0;
        self.each_block(options, ((0, 2), watch), &mut |channels| {
            let magnitudes = channels.iter().flat_map(Cells::as_slice).map(|value| value.norm());
            loudest = magnitudes.fold(loudest, f64::max);
            Ok(())
        })?;
        Ok(if loudest > 0.0 { loudest } else { 1.0 })
    }

    /// The coefficients of each channel, block by block.
    fn each_block(
        &self,
        options: &DrawOptions,
        ((pass, passes), watch): ((usize, usize), &mut Watch<'_>),
        take: &mut dyn FnMut(Vec<Cells>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let of: Tempered<'_> = self.resolved.tempered();
        let mut blocks = BlockTransform::new(of, &self.layout, &options.stop);
        let mut kept = Kept::default();
        let mut next = 0;
        let found = stream_sound(&self.path, |_, piece| {
            kept.add(piece, options.mono);
            while next < self.layout.count() && kept.end() >= self.layout.block(next).samples.end {
                let share = (pass as f64 + next as f64 / self.layout.count() as f64) / passes as f64;
                let now = Progress {
                    done: share,
                    of_all: true,
                    ..Progress::of(Step::Drawing, next, self.layout.count(), 1.0)
                };
                if watch.tell(now).is_break() {
                    return Err(Error::Interrupted);
                }
                let block = self.layout.block(next);
                let channels = kept.channels.iter().map(|samples| {
                    let own = block.samples.start - kept.first..block.samples.end - kept.first;
                    Ok(blocks.transform(&block, &samples[own], &options.stop)?)
                });
                take(channels.collect::<Result<Vec<Cells>, Error>>()?)?;
                next += 1;
                kept.drop_before(self.layout.block(next.min(self.layout.count() - 1)).samples.start);
            }
            Ok::<(), Error>(())
        })?;
        if found != self.shape {
            let expected = "the sound that was there when it was opened";
            return Err(Error::content(
                &self.path,
                "another sound",
                expected,
                "draw it again, and leave it alone meanwhile",
            ));
        }
        Ok(())
    }
}

/// Samples that are still needed, of each channel.
#[derive(Default)]
struct Kept {
    /// Number of the first of them in the sound.
    first: usize,
    channels: Vec<Vec<f64>>,
}

impl Kept {
    fn add(&mut self, piece: &[Vec<f32>], mono: bool) {
        self.channels.resize_with(if mono { 1 } else { piece.len() }, Vec::new);
        if mono {
            let count = piece.len() as f64;
            let frames = 0..piece.first().map_or(0, Vec::len);
            self.channels[0]
                .extend(frames.map(|at| piece.iter().map(|channel| f64::from(channel[at])).sum::<f64>() / count));
            return;
        }
        for (kept, channel) in self.channels.iter_mut().zip(piece) {
            kept.extend(channel.iter().map(|&sample| f64::from(sample)));
        }
    }

    /// Number of the sample after the last.
    fn end(&self) -> usize {
        self.first + self.channels.first().map_or(0, Vec::len)
    }

    fn drop_before(&mut self, first: usize) {
        for channel in &mut self.channels {
            channel.drain(..first - self.first);
        }
        self.first = first;
    }
}

/// Makes tiles of coefficients as they come.
struct Painter<'a> {
    long: &'a LongSound,
    options: &'a DrawOptions,
    recipe: Recipe,
    outputs: &'a mut Outputs,
    pictures: &'a [PathBuf],
    /// The next tile.
    next: usize,
    /// Coefficients of no tile yet, all channels in one plane.
    kept: Option<(Stack, Cells)>,
    /// The recipe of the last tile drawn.
    whole: Option<Recipe>,
}

impl Painter<'_> {
    fn add(&mut self, channels: Vec<Cells>) -> Result<(), Error> {
        let stack = Stack { channels: channels.len(), rows: self.long.resolved.params.bins, gap: 0 };
        let more = stack.joined(channels, &Complex::default());
        let mut kept = match self.kept.take() {
            Some((_, kept)) => kept.followed_by(&more),
            None => more,
        };
        while kept.columns() >= self.long.tile {
            self.draw((stack, &kept.columns_between(0, self.long.tile)))?;
            kept = kept.columns_between(self.long.tile, kept.columns());
        }
        self.kept = Some((stack, kept));
        Ok(())
    }

    fn draw(&mut self, (stack, cells): (Stack, &Cells)) -> Result<(), Error> {
        let first_frame = Some(self.next * self.long.tile);
        let recipe =
            Recipe { picture: PictureRecipe { first_frame, ..self.recipe.picture.clone() }, ..self.recipe.clone() };
        let magnitudes = cells.map(|value| value.norm());
        let drawn = painted((stack, &magnitudes), Some(phase_of(cells)), (recipe, Vec::new()), self.options)?;
        let Some(path) = self.pictures.get(self.next) else { return Ok(()) };
        drawn.write_tile(self.outputs, path)?;
        self.next += 1;
        self.whole = Some(drawn.recipe);
        Ok(())
    }

    /// Draws what is left, and gives the recipe of the whole.
    fn finished(mut self) -> Result<Recipe, Error> {
        if let Some((stack, cells)) = self.kept.take().filter(|(_, cells)| cells.columns() > 0) {
            self.draw((stack, &cells))?;
        }
        let recipe = self.whole.unwrap_or(self.recipe);
        let frames = Some(self.long.layout.frames());
        Ok(Recipe { picture: PictureRecipe { frames, first_frame: None, ..recipe.picture }, ..recipe })
    }
}
