//! Which palette a gray picture is a copy of: the grays that never occur give it away.
//!
//! A palette of 256 colours leaves fewer grays (magma 209), so a picture with many levels that avoids exactly the
//! grays a palette skips was drawn in it. Drawing scaled to the data also reaches both ends of the palette.

use photophone_spectrum::Finding;

use super::colours::{Colours, Recognised, name_of, residual};
use super::gray::{GrayRule, check_invertible, gray_table};
use super::name::PaletteName;
use super::table::{Rounding, Table, tables};
use crate::error::PictureError;

/// Log-likelihood of a gray that the palette does not have: an edited or compressed pixel. It is exp(-9), one in 8000, where
/// a gray of a palette with 200 of them has -5.3: one stray costs as much as 1.7 grays that are there.
const STRAY: f64 = -9.0;
/// What it adds that the darkest or the brightest gray found is the palette's own end: odds of exp(3), 20 to 1.
const END_BONUS: f64 = 3.0;
/// What it adds that the palette is plain gray: most gray pictures never had another. Odds of 20 to 1, too.
const PLAIN_BONUS: f64 = 3.0;
/// Log-likelihood within which librosa's own palette is preferred: odds of exp(6), 400 to 1, overrule that.
const MAGMA_LEAD: f64 = 6.0;

struct Candidate {
    score: f64,
    strays: usize,
    table: Table,
    rule: Option<GrayRule>,
}

impl Candidate {
    fn name(&self) -> PaletteName {
        name_of(&self.table, self.rule.is_some())
    }
}

/// The palette behind a gray picture.
///
/// # Errors
/// The picture is far more likely a gray copy of a palette that cannot be read than anything else.
pub(crate) fn recognise_gray(colours: &Colours) -> Result<Recognised, PictureError> {
    let mut found = [false; 256];
    for colour in &colours.unique {
        found[usize::from(colour[1])] = true;
    }
    let levels = found.iter().filter(|&&f| f).count();
    let mut candidates = candidates(&found);
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let readable = |c: &Candidate| c.rule.is_none() || check_invertible(&c.table).is_ok();
    let best = &candidates[0];
    if !readable(best) {
        let rival = candidates.iter().find(|c| readable(c)).map_or(f64::NEG_INFINITY, |c| c.score);
        if best.score - rival > MAGMA_LEAD {
            check_invertible(&best.table)?;
        }
    }
    candidates.retain(readable);
    let top = candidates[0].score;
    let magma =
        candidates.iter().position(|c| c.table.base == "magma" && c.rule.is_some() && top - c.score < MAGMA_LEAD);
    let chosen = candidates.swap_remove(magma.unwrap_or(0));
    let mut alternatives: Vec<PaletteName> = Vec::new();
    for other in candidates.iter().filter(|c| top - c.score < MAGMA_LEAD) {
        if other.table.base != chosen.table.base && !alternatives.contains(&other.name()) {
            alternatives.push(other.name());
        }
    }
    Ok(recognised(colours, chosen, alternatives, levels))
}

fn recognised(colours: &Colours, chosen: Candidate, alternatives: Vec<PaletteName>, levels: usize) -> Recognised {
    let name = chosen.name();
    let evidence = match chosen.rule {
        Some(_) => format!(
            "{} of the {levels} grays found are among the {} that a gray copy of {} has",
            levels - chosen.strays,
            distinct(&chosen.table),
            chosen.table.base
        ),
        None => format!("{levels} grays found, which no gray copy of a colour palette explains better"),
    };
    let others: Vec<String> = alternatives.iter().map(ToString::to_string).collect();
    let evidence = match others.as_slice() {
        [] => evidence,
        others => format!("{evidence}; {} would explain them too", others.join(", ")),
    };
    let confidence = (1.0 - chosen.strays as f64 / levels.max(1) as f64) / (1.0 + alternatives.len() as f64);
    let residual = residual(&colours.unique, &chosen.table);
    let exact_share = 1.0 - chosen.strays as f64 / levels.max(1) as f64;
    Recognised {
        name: Finding::read(name, confidence, evidence),
        table: chosen.table,
        alternatives,
        residual,
        exact_share,
    }
}

fn candidates(found: &[bool; 256]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for rounding in Rounding::BOTH {
        for table in tables(false, rounding) {
            if table.colours.iter().all(|c| c[0] == c[1] && c[1] == c[2]) {
                // binary is gray backwards; the direction is found later.
                if table.base != "binary" {
                    candidates.push(candidate(found, table, None));
                }
                continue;
            }
            candidates.extend(GrayRule::BOTH.map(|rule| candidate(found, gray_table(&table, rule), Some(rule))));
        }
    }
    candidates
}

fn candidate(found: &[bool; 256], table: Table, rule: Option<GrayRule>) -> Candidate {
    let mut own = [false; 256];
    for colour in &table.colours {
        own[usize::from(colour[0])] = true;
    }
    let levels = own.iter().filter(|&&o| o).count() as f64;
    let strays = (0..256).filter(|&i| found[i] && !own[i]).count();
    let hits = (0..256).filter(|&i| found[i] && own[i]).count();
    let ends = |set: &[bool; 256]| (set.iter().position(|&s| s), set.iter().rposition(|&s| s));
    let (dark, bright) = (ends(found).0 == ends(&own).0, ends(found).1 == ends(&own).1);
    let plain = if table.base == "gray" { PLAIN_BONUS } else { 0.0 };
    let bonus = END_BONUS * f64::from(u8::from(dark) + u8::from(bright)) + plain;
    Candidate { score: -levels.ln() * hits as f64 + STRAY * strays as f64 + bonus, strays, table, rule }
}

fn distinct(table: &Table) -> usize {
    let mut grays: Vec<u8> = table.colours.iter().map(|c| c[0]).collect();
    grays.sort_unstable();
    grays.dedup();
    grays.len()
}
