//! Files that are read with an input, told or not.

use std::path::{Path, PathBuf};

use crate::recipe::{Recipe, beside};

/// A picture or array, and where its phase and its recipe are looked for: no output may have these names.
pub fn looked_for(input: &Path, recipe: &Recipe) -> impl Iterator<Item = PathBuf> {
    let told = recipe.picture.phase.as_ref().map(|name| input.with_file_name(name));
    [input.to_owned()].into_iter().chain(told).chain([input.with_extension("phase.npy"), beside(input)])
}
