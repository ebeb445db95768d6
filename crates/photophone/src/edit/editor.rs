//! Edits of one sound, again and again.

use photophone_files::Sound;
use photophone_spectrum::StopFlag;
use photophone_transform::TransformError;
use photophone_transform::gabor::Slices;

use super::applied::{Edited, applied_by, change_of_edits, check_channels, energy, surface_over};
use super::edits::Edits;
use super::engine::{Engine, plan};
use super::options::{Edge, EditOptions};
use super::shapes::regions;
use super::surface::Surface;
use crate::Error;

/// What edits of one sound have in common: the surface over it, the plan of its transform, and its energy. With it an edit
/// takes the time of what it changes, some ten seconds of sound around it, and of copying the sound.
#[derive(Clone, Debug)]
pub struct Editor {
    surface: Surface,
    slices: Slices<f64>,
    edge: Edge,
    energy: f64,
}

impl Editor {
    /// For edits of a sound. The options' stop flag is not looked at. Cost: planning the transform, a tenth of a second at
    /// 44.1 kHz, and a pass over the sound.
    ///
    /// # Errors
    /// [`Error::Transform`] where the surface's options are out of range or a sample is no finite number.
    pub fn new(sound: &Sound, options: &EditOptions) -> Result<Self, Error> {
        let surface = surface_over(sound, options)?;
        Ok(Self { slices: plan(&surface)?, surface, edge: options.edge, energy: energy(sound)? })
    }

    /// The sound that it is for with all edits applied at once. Else as [`apply`].
    ///
    /// # Errors
    /// As [`apply`]; [`Error::Transform`] for a sound of another length or rate; [`Error::Interrupted`] once `stop` is set.
    pub fn apply(&self, sound: &Sound, edits: &Edits, stop: &StopFlag) -> Result<Edited, Error> {
        let found = (sound.sample_rate_hz as usize, sound.frames());
        let expected = (self.surface.params().sr as usize, self.surface.samples());
        if found != expected {
            let what = "the sound (rate, samples)";
            return Err(Error::Transform(TransformError::Shape { what, found, expected }));
        }
        check_channels(edits, sound.channels.len())?;
        let regions = regions(&self.surface, edits);
        let count = regions.len();
        let engine = Engine::planned(&self.surface, self.slices.clone(), stop.clone());
        applied_by(&engine, (sound, self.energy), (regions, count), &mut |engine, channel, samples| {
            engine.change(samples, &change_of_edits(&self.surface, edits, channel, self.edge))
        })
    }
}

/// The sound with all edits applied at once; else as [`by_gains`](super::by_gains). [`Editor`] is for more than one time.
///
/// # Errors
/// [`Error::Edits`] where an edit is out of range or of a channel that there is not; [`Error::Transform`] where the
/// surface's options are.
pub fn apply(sound: &Sound, edits: &Edits, options: &EditOptions) -> Result<Edited, Error> {
    Editor::new(sound, options)?.apply(sound, edits, &options.stop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Action, Edit, Shape};

    /// Noise of half a minute at 8 kHz: several blocks.
    fn noise(secs: usize) -> Sound {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / f64::from(u32::MAX) - 0.5
        };
        Sound::from_mono(8000, &(0..8000 * secs).map(|_| next()).collect::<Vec<_>>())
    }

    fn erase(secs: (f64, f64)) -> Edit {
        let shape = Shape::Rectangle { secs, hz: (100.0, 900.0) };
        Edit { shape, action: Action::Erase, soft_cells: 0.0, channels: None }
    }

    /// An edit alone is done on the blocks around it, with one at each end of the sound on all blocks.
    #[test]
    fn blocks_that_are_not_looked_at_change_nothing() {
        let sound = noise(120);
        let editor = Editor::new(&sound, &EditOptions::default()).unwrap();
        let of = |edits: Vec<Edit>| editor.apply(&sound, &Edits::new(edits), &StopFlag::default()).unwrap().sound;
        let (first, last) = (erase((0.5, 1.0)), erase((119.0, 119.5)));
        let block_secs = editor.slices.block_samples() as f64 / 8000.0;
        assert!(120.0 > 4.0 * block_secs, "{block_secs}");
        for middle in [block_secs, 1.5 * block_secs, 60.0] {
            let edit = erase((middle - 0.2, middle + 0.3));
            let alone = of(vec![edit.clone()]);
            let all = of(vec![first.clone(), edit, last.clone()]);
            let around = ((middle - 5.0) * 8000.0) as usize..((middle + 5.0) * 8000.0) as usize;
            // Of two edits in one block each rounds the other a little.
            let pairs = alone.channels[0][around.clone()].iter().zip(&all.channels[0][around.clone()]);
            assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) < 1e-7, "{middle}");
            assert_ne!(alone.channels[0][around.clone()], sound.channels[0][around.clone()]);
            for rest in [0..around.start, around.end..960_000] {
                assert_eq!(alone.channels[0][rest.clone()], sound.channels[0][rest.clone()]);
            }
        }
        assert_eq!(of(Vec::new()), sound);
    }

    #[test]
    fn another_sound_and_samples_that_are_no_numbers_are_refused() {
        let (sound, edits) = (noise(2), Edits::new(vec![erase((0.5, 1.0))]));
        let editor = Editor::new(&sound, &EditOptions::default()).unwrap();
        assert!(editor.apply(&noise(3), &edits, &StopFlag::default()).is_err());
        let broken = Sound::from_mono(8000, &[0.0, f64::NAN, 0.0]);
        let refused = Editor::new(&broken, &EditOptions::default());
        assert!(matches!(refused, Err(Error::Transform(TransformError::NotFinite { index: 1, .. }))));
    }
}
