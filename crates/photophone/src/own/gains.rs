//! An edit of an own picture as gains of its sound.

use photophone_spectrum::{Finding, Plane};

use super::changes::Edited;
use super::recipe::OwnRecipe;
use crate::Error;
use crate::edit::{
    GainLaw, LevelGains, Moved, Region, Surface, SurfaceOptions, gains_from_levels, moved_pixels, regions_changed,
    regions_painted,
};
use crate::recipe::Entry;
use crate::report::Report;

/// Most regions that are told one by one.
const TOLD_REGIONS: usize = 8;

/// What was done to the levels of one channel.
#[derive(Clone, Debug)]
pub(super) struct ChannelEdit {
    /// What each pixel is multiplied by: 1 where it was painted.
    pub(super) gains: Plane<f32>,
    pub(super) moved: Vec<Moved>,
    /// Pixels that no gain makes: what was painted where there was nothing, and not moved there.
    pub(super) painted: Plane<bool>,
    /// The levels as they are to become, in dB.
    pub(super) levels_db: Plane<f32>,
}

impl ChannelEdit {
    /// The regions that were changed, those with gains before those that were moved and painted, and how many there are.
    ///
    /// # Errors
    /// None but a fault of the program's.
    pub(super) fn regions(&self, surface: &Surface) -> Result<(Vec<Region>, usize), Error> {
        let (mut regions, changed) = regions_changed(surface, &self.gains, &self.moved)?;
        let (of_painted, painted) = regions_painted(surface, &self.painted)?;
        regions.extend(of_painted);
        Ok((regions, changed + painted))
    }

    /// How many levels were painted.
    pub(super) fn count_painted(&self) -> usize {
        self.painted.as_slice().iter().filter(|painted| **painted).count()
    }
}

impl Edited {
    /// What was done to a channel; `None` where nothing was. Cost: passes over its levels.
    ///
    /// # Errors
    /// None but a fault of the program's.
    pub(super) fn channel(&self, channel: usize) -> Result<Option<ChannelEdit>, Error> {
        let (before, after) = (&self.before.channels[channel], &self.after.channels[channel]);
        if before == after {
            return Ok(None);
        }
        let levels_db = self.levels_db(after);
        let LevelGains { mut gains, mut painted, .. } =
            gains_from_levels(&self.levels_db(before), &levels_db, &self.law())?;
        let moved = moved_pixels(before, after, |level| *level == 0)?;
        for (row, columns) in moved.iter().flat_map(|moved| &moved.runs) {
            painted.row_mut(*row)[columns.clone()].fill(false);
        }
        for (gain, _) in gains.as_mut_slice().iter_mut().zip(painted.as_slice()).filter(|(_, painted)| **painted) {
            *gain = 1.0;
        }
        Ok(Some(ChannelEdit { gains, moved, painted, levels_db }))
    }

    /// How levels become gains.
    pub(super) fn law(&self) -> GainLaw {
        let (black_db, white_db) = (self.level_db(0), self.level_db(self.before.most));
        GainLaw { black_db, white_db, ..GainLaw::default() }
    }

    /// What a level means, in dB.
    pub(super) fn level_db(&self, level: u16) -> f64 {
        let picture = &self.recipe.picture;
        20.0 * picture.reference.log10() + picture.range_db * (f64::from(level) / f64::from(self.before.most) - 1.0)
    }

    fn levels_db(&self, levels: &Plane<u16>) -> Plane<f32> {
        levels.map(|&level| self.level_db(level) as f32)
    }
}

/// The surface whose rows and columns are the picture's.
pub(super) fn surface_of(recipe: &OwnRecipe, samples: usize) -> Option<Surface> {
    let params = recipe.params();
    let options = SurfaceOptions {
        rows_per_octave: params.bins_per_octave,
        hop: recipe.picture.hop,
        knee_hz: params.knee_hz,
        tuning_hz: params.tuning_hz,
    };
    let surface = Surface::new(params.sr, samples, &options).ok()?;
    (*surface.params() == params && surface.rows() == recipe.picture.rows).then_some(surface)
}

/// Says in a report what was changed: how many levels, and the regions, `all` in number.
pub(super) fn account_of(report: &mut Report, edited: &Edited, regions: &[Region], all: usize) {
    let region = &edited.region;
    let share = 100.0 * region.changed as f64 / region.of as f64;
    let evidence = format!("{share:.2} % of all, against what the sound that is kept looks like");
    report.findings.push(Entry::new("edit", "levels", &Finding::read(region.changed, 1.0, evidence)));
    for region in regions.iter().take(TOLD_REGIONS) {
        let cells = format!("{:.1} cells", region.cells);
        report.findings.push(Entry::new("edit", "region", &Finding::read(told(region), 1.0, cells)));
    }
    if all > TOLD_REGIONS {
        report.notes.push(format!("{} more regions were changed", all - TOLD_REGIONS));
    }
}

/// A region that was changed, in words.
fn told(region: &Region) -> String {
    let (secs, hz) = (region.secs, region.hz);
    let what = match region.copied_from_secs {
        Some(from) => format!("a copy of {from:.3} s on"),
        None if region.gain_db.1 == f64::NEG_INFINITY => "erased".to_owned(),
        None if region.gain_db.0 == f64::INFINITY => "painted".to_owned(),
        None => format!("{:.1} to {:.1} dB", region.gain_db.0, region.gain_db.1),
    };
    format!("{:.3} to {:.3} s, {:.0} to {:.0} Hz: {what}", secs.0, secs.1, hz.0, hz.1)
}
