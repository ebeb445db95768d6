//! Which of a file's arrays is meant.

use std::path::Path;

use super::shape::{holds_parts, is_of_one_channel, is_usable};
use crate::FileError;

/// Names that the array with the phase usually has, the likeliest first.
const CONVENTIONAL: [&str; 6] = ["phase", "cqt", "C", "D", "S", "arr_0"];

/// An array in a file, before its values are read.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) dtype: String,
    pub(super) numeric: bool,
}

impl Candidate {
    fn is_usable(&self) -> bool {
        self.numeric && (is_usable(&self.shape) || holds_parts(&self.shape))
    }
}

/// The position of the array that is meant: the one named, the only matrix or matrices of channels, a conventional name, or the
/// only matrix.
pub(super) fn choose(path: &Path, candidates: &[Candidate], wanted: Option<&str>) -> Result<usize, FileError> {
    let named = |name: &str| candidates.iter().position(|candidate| candidate.name == name);
    if let Some(wanted) = wanted {
        let bare = wanted.strip_suffix(".npy").unwrap_or(wanted);
        return named(wanted).or_else(|| named(bare)).ok_or_else(|| {
            let advice = "give one of the names it has";
            FileError::content(path, listed(candidates), format!("an array named {wanted}"), advice)
        });
    }
    let usable: Vec<usize> = (0..candidates.len()).filter(|&i| candidates[i].is_usable()).collect();
    if let [only] = usable[..] {
        return Ok(only);
    }
    let conventional = CONVENTIONAL.iter().find_map(|name| named(name).filter(|i| usable.contains(i)));
    let of_one_channel: Vec<usize> =
        usable.iter().copied().filter(|&i| is_of_one_channel(&candidates[i].shape)).collect();
    let only_matrix = if let [only] = of_one_channel[..] { Some(only) } else { None };
    conventional.or(only_matrix).ok_or_else(|| {
        let (expected, advice) = if usable.is_empty() {
            ("a matrix of numbers", "save the matrix, as in: np.savez(NAME, phase=phase)")
        } else {
            ("one matrix, or one with a usual name (phase, cqt, C, D, S, arr_0)", "name the one meant, as in FILE:NAME")
        };
        FileError::content(path, listed(candidates), expected, advice)
    })
}

fn listed(candidates: &[Candidate]) -> String {
    if candidates.is_empty() {
        return "no arrays".to_owned();
    }
    let text = |candidate: &Candidate| {
        let lengths: Vec<String> = candidate.shape.iter().map(usize::to_string).collect();
        format!("{} ({}, {})", candidate.name, lengths.join(" x "), candidate.dtype)
    };
    let shown: Vec<String> = candidates.iter().take(20).map(text).collect();
    let more = if candidates.len() > 20 { " and more" } else { "" };
    format!("the arrays {}{more}", shown.join(", "))
}
