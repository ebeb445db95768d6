//! The results table: every picture and array of the gallery recovered and compared.

use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::{call, cargo, root, target};

/// Clips on the example grid with today's versions: rate 44 100 Hz, `pad_mode="reflect"`.
const CLIPS: [&str; 3] = ["trumpet", "libri1", "vibeace"];

/// The same by librosa 0.6.3, told twice the rate of the samples; so the gallery's folders are called.
const OLD_CLIPS: [&str; 2] = ["asker_vibeace", "asker_libri1"];

const CLIP_FLAGS: &str = "--sr 44100 --hop 512";
const OLD_FLAGS: &str = "--sr 44100 --sample-rate 22050 --hop 512 --librosa 0.6";

const CLIP_FILES: [&str; 12] = [
    "cqt.npy",
    "cqt_db80_mpl225_inline.png",
    "cqt_db80_mpl3_inline.png",
    "cqt_db80_mpl3_script.png",
    "cqt_db80_viridis.png",
    "cqt_linear_mpl225_inline.png",
    "cqt_linear_mpl3_inline.png",
    "cqt_linear_mpl3_script.png",
    "cqt_db80_cv2gray.png",
    "cqt_db80_blur3.png",
    "cqt_db80_q90.jpg",
    "cqt_db80_resized_224.png",
];
const OLD_FILES: [&str; 3] = ["cqt.npy", "picture.png", "picture_gray.png"];

/// A picture without a phase.
struct Figure {
    file: &'static str,
    /// What is told of it.
    flags: &'static str,
    /// The band in which its sound is compared with `truth22k.wav`, in Hz. Default: all.
    band: Option<(&'static str, &'static str)>,
}

const FIGURES: [Figure; 5] = [
    Figure { file: "stft2048_gray_full.jpg", flags: "--fmax 11025 --duration 5", band: None },
    Figure { file: "stft1024_logaxis_full.png", flags: "--sr 22050 --transform stft:1024:512 --axis log", band: None },
    Figure { file: "stft2048_axes_colorbar.png", flags: "", band: None },
    Figure { file: "mel128_axes_colorbar.png", flags: "", band: None },
    Figure { file: "cqt_axes_colorbar_22k.png", flags: "", band: Some(("30", "4100")) },
];

/// Where the gallery is, if it is there.
pub(crate) fn folder() -> Result<PathBuf> {
    let gallery = match env::var_os("PHOTOPHONE_GALLERY") {
        Some(folder) => PathBuf::from(folder),
        None => root()?.parent().context("the workspace lies in a folder")?.join("shared/gallery"),
    };
    ensure!(gallery.is_dir(), "the gallery is not at {} (PHOTOPHONE_GALLERY names its folder)", gallery.display());
    Ok(gallery)
}

/// Recovers the gallery with the release binary and writes docs/results.md.
pub(crate) fn run() -> Result<()> {
    let gallery = folder()?;
    call(&mut cargo(&["build", "--release", "--package", "photophone-cli"])?)?;
    let binary = target()?.join("release/photophone");
    let mut page = String::from(
        "# Results on the gallery\n\nMade by `cargo xtask gallery`: each file is recovered by the command line and \
         compared with the truth in the band of the gallery's README. SI-SDR in dB, for `cqt.npy` of the clips SNR; \
         in brackets the wall time of the whole command in seconds.\n",
    );
    table(&mut page, &binary, &gallery, &CLIPS, &CLIP_FILES, CLIP_FLAGS, ("30", "4100"))?;
    table(&mut page, &binary, &gallery, &OLD_CLIPS, &OLD_FILES, OLD_FLAGS, ("15", "2050"))?;
    figures(&mut page, &binary, &gallery)?;
    let path = root()?.join("docs/results.md");
    std::fs::write(&path, page).with_context(|| format!("{} cannot be written", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

fn table(
    page: &mut String,
    binary: &Path,
    gallery: &Path,
    clips: &[&str],
    files: &[&str],
    flags: &str,
    band: (&str, &str),
) -> Result<()> {
    writeln!(page, "\nOptions: `{flags}`, and `--phase phase.npy` for pictures.\n\n| input | {} |", clips.join(" | "))?;
    writeln!(page, "|---|{}", "---|".repeat(clips.len()))?;
    for file in files {
        let mut line = format!("| `{file}` |");
        for clip in clips {
            let (figure, secs) = recover(binary, &gallery.join(clip), file, flags, band)?;
            write!(line, " {figure:.2} ({secs:.1}) |")?;
        }
        println!("{line}");
        writeln!(page, "{line}")?;
    }
    Ok(())
}

/// Pictures without a phase: spectral convergence, as the waveform is another.
fn figures(page: &mut String, binary: &Path, gallery: &Path) -> Result<()> {
    let what = "Pictures without a phase, told what stands behind them: spectral convergence in dB (less is better).";
    writeln!(page, "\n{what}\n\n| input | told | {} |", CLIPS.join(" | "))?;
    writeln!(page, "|---|---|{}", "---|".repeat(CLIPS.len()))?;
    for Figure { file, flags, band } in FIGURES {
        let told = if flags.is_empty() { "nothing".to_owned() } else { format!("`{flags}`") };
        let mut line = format!("| `{file}` | {told} |");
        for clip in CLIPS {
            let folder = gallery.join(clip);
            let (sound, secs) = recovered(binary, &folder.join(file), flags, None)?;
            let figure = compared(binary, &folder.join("truth22k.wav"), &sound, band, "stft_sc_db")?;
            write!(line, " {figure:.1} ({secs:.1}) |")?;
        }
        println!("{line}");
        writeln!(page, "{line}")?;
    }
    Ok(())
}

/// The figure of one file and the wall time of its recovery.
fn recover(binary: &Path, clip: &Path, file: &str, flags: &str, band: (&str, &str)) -> Result<(f64, f64)> {
    let is_array = file == "cqt.npy";
    let phase = clip.join("phase.npy");
    let (sound, secs) = recovered(binary, &clip.join(file), flags, (!is_array).then_some(phase.as_path()))?;
    let told_rate = flags.contains("--sample-rate");
    let name = if is_array && !told_rate { "snr_db" } else { "si_sdr_db" };
    Ok((compared(binary, &clip.join("truth.wav"), &sound, Some(band), name)?, secs))
}

/// The sound of a file and the wall time of its recovery.
fn recovered(binary: &Path, file: &Path, flags: &str, phase: Option<&Path>) -> Result<(PathBuf, f64)> {
    let sound = target()?.join("gallery.wav");
    let mut command = Command::new(binary);
    command.arg("recover").arg(file).args(flags.split_whitespace()).args(["--force", "-o"]).arg(&sound);
    command.stderr(Stdio::null());
    if let Some(phase) = phase {
        command.arg("--phase").arg(phase);
    }
    let start = Instant::now();
    call(&mut command)?;
    Ok((sound, start.elapsed().as_secs_f64()))
}

/// One figure of a comparison.
fn compared(binary: &Path, truth: &Path, sound: &Path, band: Option<(&str, &str)>, name: &str) -> Result<f64> {
    let mut command = Command::new(binary);
    command.arg("compare").arg(truth).arg(sound).arg("--json");
    if let Some((low, high)) = band {
        command.args(["--band", low, high]);
    }
    let comparison: Value = serde_json::from_str(&crate::process::output(&mut command)?)?;
    comparison[name].as_f64().with_context(|| format!("no {name}"))
}
