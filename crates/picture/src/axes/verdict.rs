//! What drew a picture, and whether it can be sounded.

use super::chances::{COARSE, TO_A_PIXEL};
use super::figure::{Bar, Figure};
use super::redraw::LEAST_EXPLAINED;
use super::statement::{PanelReading, Statement, StatementSource, Tool, Verdict};
use super::words::other;

/// Labels in matplotlib's font that make a figure its.
const FEWEST_LABELS: usize = 8;
/// Share of their ink that matplotlib's font leaves unexplained of them: 0.07 to 0.19 of its own figures, 0.21 and more of
/// other fonts. Spek writes in it too, on black.
const OF_ITS_FONT: f64 = 0.2;
/// Palettes whose ends meet: of phase.
const CYCLIC: [&str; 3] = ["twilight", "twilight_shifted", "hsv"];

/// The tool as the file names it.
pub(crate) fn tool_of_file(software: Option<&str>) -> Tool {
    let Some(software) = software.filter(|software| software.to_lowercase().starts_with("matplotlib")) else {
        return Tool { name: Statement::unknown("the file does not say"), version: None };
    };
    let version = software.split("version").nth(1).unwrap_or("").trim();
    let version: String = version.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let name = Statement::read("matplotlib".to_owned(), 0.99, "the file says so");
    Tool { name, version: (!version.is_empty()).then_some(version) }
}

pub(crate) fn tool(figure: &Figure, software: Option<&str>) -> Tool {
    let said = tool_of_file(software);
    let Some(panel) = figure.panels.first() else { return said };
    let sides = [&panel.across, &panel.up].into_iter().chain(figure.bars.iter().map(|bar| &bar.axis));
    let labels: Vec<f64> = sides.flat_map(|side| &side.labelled).map(|label| label.unexplained).collect();
    let unexplained = labels.iter().sum::<f64>() / labels.len().max(1) as f64;
    let lengths = [&panel.across, &panel.up].map(|side| side.ticks.iter().map(|tick| tick.length_px).max());
    let is_like = labels.len() >= FEWEST_LABELS && unexplained <= OF_ITS_FONT && lengths[0] == lengths[1];
    if said.name.value.is_none() && is_like && figure.is_light {
        let name = Statement::read("matplotlib".to_owned(), TO_A_PIXEL, "its ticks, and labels in its font");
        return Tool { name, version: None };
    }
    said
}

pub(crate) fn verdict(figure: &Figure, panels: &[PanelReading]) -> Statement<Verdict> {
    let titles = figure.panels.iter().flat_map(|panel| [&panel.title, &panel.up.title, &panel.across.title]);
    if let Some(what) = titles.flatten().find_map(|title| other(title)) {
        return Statement::read(Verdict::No, 0.85, format!("its title says that it is {what}"));
    }
    let Some(first) = panels.first() else { return Statement::unknown("no box of data was found") };
    if let Some(bar) = figure.bars.first().filter(|bar| is_of_angles(figure, bar)) {
        let evidence = "its colour bar runs from -pi to pi: phase, not magnitude";
        return Statement::read(Verdict::No, if bar.axis.labelled.len() >= 3 { 0.9 } else { COARSE }, evidence);
    }
    let palette = first.palette.value.as_deref().unwrap_or("");
    if CYCLIC.contains(&palette.trim_end_matches("_r")) {
        return Statement::read(Verdict::No, 0.8, format!("{palette} is a palette of angles"));
    }
    let bar_speaks = figure.bars.is_empty() || first.levels.source == StatementSource::Read;
    if first.is_even {
        let evidence = "its values are spread evenly over the palette, as angles are and levels of sounds are not";
        return Statement { value: Some(Verdict::Unknown), ..Statement::unknown(evidence) };
    }
    if let Some(share) = first.explained.value.filter(|&share| share < LEAST_EXPLAINED) {
        let evidence = format!("what was read of it, repainted, explains {:.0} % of its pixels alone", 100.0 * share);
        return Statement { value: Some(Verdict::Unknown), ..Statement::unknown(evidence) };
    }
    match (&first.frequency.value, &first.time.value) {
        (Some(_), Some(_)) if first.palette.value.is_some() && bar_speaks => {
            Statement::read(Verdict::Yes, 0.9, "frequencies over time, in a palette")
        }
        _ => Statement {
            value: Some(Verdict::Unknown),
            ..Statement::unknown("its axes do not say that it shows frequencies over time")
        },
    }
}

/// Whether the ends of a bar are those of angles.
fn is_of_angles(figure: &Figure, bar: &Bar) -> bool {
    let [left, top, right, bottom] = bar.rectangle.edges(figure.size, figure.dpi);
    let (from, to) = if bar.upright { (bottom, top) } else { (left, right) };
    let pi = std::f64::consts::PI;
    bar.axis.axis.is_some_and(|axis| (axis.value(from) + pi).abs() < 0.05 && (axis.value(to) - pi).abs() < 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axes::statement::{FrequencyEnds, TimeEnds};
    use photophone_spectrum::FrequencyScale;

    #[test]
    fn a_reading_that_does_not_explain_its_picture_is_no_spectrogram_yet() {
        let ends = FrequencyEnds { scale: FrequencyScale::Linear, low_hz: 0.0, high_hz: 8000.0 };
        let panel = |share: f64| PanelReading {
            palette: Statement::read("magma".to_owned(), 0.9, ""),
            frequency: Statement::read(ends, 0.9, ""),
            time: Statement::read(TimeEnds { low_s: 0.0, high_s: 1.0 }, 0.9, ""),
            explained: Statement::read(share, 0.9, ""),
            ..PanelReading::empty()
        };
        let figure = Figure {
            panels: Vec::new(),
            bars: Vec::new(),
            is_light: true,
            background: [255; 3],
            size: (100, 100),
            dpi: None,
        };
        assert_eq!(verdict(&figure, &[panel(0.98)]).value, Some(Verdict::Yes));
        assert_eq!(verdict(&figure, &[panel(0.7)]).value, Some(Verdict::Unknown));
    }
}
