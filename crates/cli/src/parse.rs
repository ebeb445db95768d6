//! Values as they are typed.

use std::path::PathBuf;

use photophone::batch::Beside;
use photophone::files::SoundFormat;
use photophone::picture::{Flip, PixelBox};
use photophone::spectrum::FrequencyScale;
use photophone::{BitDepth, NamedFile};

use crate::shard::Shard;

/// `FILE` or, where the file holds several arrays, `FILE:NAME`.
pub(crate) fn named_file(text: &str) -> Result<NamedFile, String> {
    if text.is_empty() {
        return Err("expected a file's name".to_owned());
    }
    let lower = text.to_lowercase();
    for ending in [".npz:", ".mat:"] {
        if let Some(at) = lower.find(ending) {
            let split = at + ending.len();
            let name = Some(text[split..].to_owned()).filter(|name| !name.is_empty());
            return Ok(NamedFile { path: text[..split - 1].into(), name });
        }
    }
    Ok(NamedFile { path: text.into(), name: None })
}

/// `LEFT,TOP,WIDTH,HEIGHT` in pixels.
pub(crate) fn pixel_box(text: &str) -> Result<PixelBox, String> {
    match whole_numbers(text, ',').as_deref() {
        Some(&[x, y, width, height]) if width > 0 && height > 0 => Ok(PixelBox { x, y, width, height }),
        _ => Err("expected LEFT,TOP,WIDTH,HEIGHT in pixels, such as 4,3,334,218".to_owned()),
    }
}

/// How many bins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bins {
    /// So many.
    Count(usize),
    /// As many as the picture has rows, or as fit.
    Auto,
}

/// A number of bins, or `auto`.
pub(crate) fn bins(text: &str) -> Result<Bins, String> {
    match text.parse() {
        Ok(count) => Ok(Bins::Count(count)),
        Err(_) if text == "auto" => Ok(Bins::Auto),
        Err(_) => Err("expected a whole number, or auto".to_owned()),
    }
}

/// `ROWSxFRAMES`.
pub(crate) fn cells(text: &str) -> Result<(usize, usize), String> {
    match whole_numbers(&text.to_lowercase(), 'x').as_deref() {
        Some(&[rows, frames]) if rows > 0 && frames > 0 => Ok((rows, frames)),
        _ => Err("expected ROWSxFRAMES, such as 84x260".to_owned()),
    }
}

/// How frequencies are spread along an axis, by name.
pub(crate) fn frequency_scale(text: &str) -> Result<FrequencyScale, String> {
    FrequencyScale::named(text).ok_or_else(|| "expected linear, log, librosa-log or mel".to_owned())
}

/// A number counted from 1.
pub(crate) fn ordinal(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or_else(|| "expected a whole number from 1 on".to_owned())
}

/// A flip by name.
pub(crate) fn flip(text: &str) -> Result<Flip, String> {
    match text {
        "none" => Ok(Flip::None),
        "vertical" => Ok(Flip::Vertical),
        "horizontal" => Ok(Flip::Horizontal),
        "both" => Ok(Flip::Both),
        _ => Err("expected none, vertical, horizontal or both".to_owned()),
    }
}

/// Bits of a picture's sample.
pub(crate) fn bit_depth(text: &str) -> Result<BitDepth, String> {
    match text {
        "8" => Ok(BitDepth::Eight),
        "16" => Ok(BitDepth::Sixteen),
        _ => Err("expected 8 or 16".to_owned()),
    }
}

/// An amount of memory or work.
pub(crate) fn amount(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount > 0.0);
    amount.ok_or_else(|| "expected a number above 0".to_owned())
}

/// Highest frequency that an axis is taken to have, in Hz, and longest time, in seconds: ultrasound is sampled at 1 MHz, and a
/// year is 3e7 s.
const HIGHEST_HZ: f64 = 1e6;
const LONGEST_S: f64 = 1e8;

/// A frequency of an axis.
pub(crate) fn axis_hz(text: &str) -> Result<f64, String> {
    let hz = amount(text).ok().filter(|&hz| hz <= HIGHEST_HZ);
    hz.ok_or_else(|| format!("expected a frequency in Hz, above 0 and up to {HIGHEST_HZ}"))
}

/// A duration of an axis.
pub(crate) fn axis_secs(text: &str) -> Result<f64, String> {
    let secs = amount(text).ok().filter(|&secs| secs <= LONGEST_S);
    secs.ok_or_else(|| format!("expected a time in seconds, above 0 and up to {LONGEST_S}"))
}

/// The name of a file in a format, or `-`.
fn named(text: &str, extensions: &[&str], format: &str, other: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let is_right = extension.is_some_and(|extension| extensions.contains(&extension.as_str()));
    if text == "-" || is_right {
        Ok(path)
    } else {
        Err(format!("expected a name that ends in {format}, or -; {other}"))
    }
}

/// The name of a table.
pub(crate) fn csv_file(text: &str) -> Result<PathBuf, String> {
    named(text, &["csv", "txt"], ".csv or .txt", "an array is written with --npy")
}

/// The name of an array.
pub(crate) fn npy_file(text: &str) -> Result<PathBuf, String> {
    named(text, &["npy"], ".npy", "a table is written with --csv")
}

/// One part of several: `I/N`.
pub(crate) fn shard(text: &str) -> Result<Shard, String> {
    match whole_numbers(text, '/').as_deref() {
        Some(&[number, of]) if (1..=of).contains(&number) => Ok(Shard { number, of }),
        _ => Err("expected I/N with I from 1 to N, such as 3/8".to_owned()),
    }
}

/// Where a side file of each input is.
pub(crate) fn beside(text: &str) -> Result<Beside, String> {
    if text.contains("{}") {
        return Ok(Beside(text.to_owned()));
    }
    Err("expected a path with {} in place of the input's name, such as '{}.phase.npy'".to_owned())
}

/// A format of sounds, by the ending of its files.
pub(crate) fn sound_format(text: &str) -> Result<SoundFormat, String> {
    SoundFormat::from_path(&PathBuf::from(format!("x.{text}"))).map_err(|_| "expected wav or flac".to_owned())
}

/// A number of iterations.
pub(crate) fn iterations(text: &str) -> Result<usize, String> {
    let iterations = text.parse().ok().filter(|&iterations| iterations > 0);
    iterations.ok_or_else(|| "expected a whole number, 1 or more; leave it out for as many as are needed".to_owned())
}

fn whole_numbers(text: &str, separator: char) -> Option<Vec<usize>> {
    text.split(separator).map(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_files_are_split_off() {
        assert_eq!(named_file("a/b.npz:phase").unwrap().name.as_deref(), Some("phase"));
        assert_eq!(named_file("C:\\x.png").unwrap().name, None);
        assert_eq!(named_file("x.npz").unwrap().path.to_str(), Some("x.npz"));
        assert!(cells("84").is_err() && cells("0x3").is_err());
        assert_eq!(cells("84x260"), Ok((84, 260)));
        assert!(pixel_box("1,2,3").is_err());
    }
}
