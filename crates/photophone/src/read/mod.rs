//! Picture or array to data: coefficients, and what is believed of them.
//!
//! | file | what |
//! |---|---|
//! | `inputs` | what is read, and what is known of it |
//! | `job` | the picture or array and the kept phase, if any, brought to one shape |
//! | `opened` | a picture, decoded and read, with what it says of itself |
//! | `told` | how a picture is to be read, as far as something tells it |
//! | `described` | what was read of a picture, in words |
//! | `phase` | which file holds the phase, and the phase in it |
//! | `hypotheses` | which reading of a picture its phase agrees with |
//! | `by_sound` | a palette or rows the other way round, told by what sounds have |
//! | `range` | the range of decibels, told by what sounds have |
//! | `recolour` | a picture whose colours were changed as a whole, in those that it had |
//! | `scale` | what levels mean, told by the phase |
//! | `stft_scale` | what levels of an STFT mean, told by the sound |
//! | `edited` | which cells have lost their phase to an edit |
//! | `magnitudes` | levels to magnitudes, their noise, and the cells the picture does not show |
//! | `chosen` | whether a picture is opened by its axes or by equal cells |
//! | `panel` | a figure of magnitudes, read by its axes |
//! | `panel_rate` | the sample rate, by its rows and frames |
//! | `panel_settings` | what its axes say of the transform |
//! | `panels` | which of several panels is sounded |
//! | `surveyed` | a picture, read as a figure |
//! | `stacked` | how the channels lie in a picture's rows |
//! | `parts` | data of which some frames are there at a time |
//! | `in_parts` | whether an input is read so |
//! | `coefficient_file` | a file of complex coefficients |
//! | `extended` | the same, with unknown frames where it was cut |
//! | `tiles` | a long picture that was drawn as tiles |
//! | `array` | an array with its phase |
//! | `array_levels` | an array's numbers as magnitudes |
//! | `kind` | whether it can be of a sound |
//! | `likeness` | what besides the octaves tells that |
//! | `doubt` | what is too doubtful to make a sound of |
//! | `attribution` | who said what was given |
//! | `inspected` | a picture that is read without a sound being made |
//! | `calibration` | how often findings are right |

mod array;
mod array_levels;
mod attribution;
mod by_sound;
mod calibration;
mod chosen;
mod coefficient_file;
mod described;
mod doubt;
mod edited;
mod extended;
mod hypotheses;
mod in_parts;
mod inputs;
mod inspected;
mod job;
mod kind;
mod likeness;
mod looked_for;
mod magnitudes;
mod opened;
mod panel;
mod panel_rate;
mod panel_settings;
mod panels;
mod parts;
mod phase;
mod range;
mod recolour;
mod scale;
mod stacked;
mod stft_scale;
mod surveyed;
mod tiles;
mod told;
mod usual;

use photophone_transform::invert::Data;

pub use inspected::ReadPicture;
pub use looked_for::looked_for;
pub use tiles::tiles_of;

pub(crate) use attribution::{attribute, attributed};
pub(crate) use doubt::{array_doubts, panel_doubts, picture_doubts, report_kind};
pub(crate) use edited::Edits;
pub(crate) use extended::Extended;
pub(crate) use in_parts::parts;
pub(crate) use inputs::Inputs;
pub(crate) use inspected::inspected;
pub(crate) use job::Job;
pub(crate) use kind::{check_bins, kind};
pub(crate) use opened::{MOST_RESIDUAL, OpenedPicture};
pub(crate) use parts::Parts;
pub(crate) use phase::Phase;
pub(crate) use surveyed::{Surveyed, surveyed};
