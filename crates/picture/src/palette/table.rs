//! Matplotlib's palettes as the bytes it draws, unpacked from the generated tables.
//!
//! `palettes.bin` and `palettes.txt` are made by `cargo xtask palettes`; the layout is described in `xtask/palettes.py`.

const TABLES: &[u8] = include_bytes!("palettes.bin");
const NAMES: &str = include_str!("palettes.txt");

/// How matplotlib made bytes of colours between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// `pcolormesh` and so librosa's `specshow`: `floor(255 c + 0.5)` (Agg, `rgba8::convert`). `gray` is then level i =
    /// byte i, as in any 8-bit gray picture.
    Mesh,
    /// `imshow` and `imsave`: `floor(255 c)` (`Colormap.__call__` with `bytes=True`).
    Image,
}

impl Rounding {
    pub(crate) const BOTH: [Self; 2] = [Self::Mesh, Self::Image];
}

/// A palette's colours from level 0 to level 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) base: &'static str,
    pub(crate) reversed: bool,
    pub(crate) rounding: Rounding,
    pub(crate) colours: Vec<[u8; 3]>,
}

/// One palette's place in the generated file.
struct Packed {
    base: &'static str,
    rounded: &'static [u8],
    fall: &'static [u8],
    reversed_rounded: &'static [u8],
    reversed_truncated: &'static [u8],
}

/// Names of all tables, aliases left out.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    entries().map(|(name, _)| name)
}

/// The name a table is kept under, if there is such a table.
pub(crate) fn canonical(name: &str) -> Option<&'static str> {
    let alias = NAMES.lines().filter_map(|line| line.split_once(" = ")).find(|(alias, _)| *alias == name);
    let name = alias.map_or(name, |(_, kept)| kept);
    names().find(|known| *known == name)
}

/// A table by its name; `None` when there is none.
pub(crate) fn table(base: &str, reversed: bool, rounding: Rounding) -> Option<Table> {
    packed().find(|packed| packed.base == base).map(|packed| packed.unpack(reversed, rounding))
}

/// All tables drawn in one way and direction.
pub(crate) fn tables(reversed: bool, rounding: Rounding) -> impl Iterator<Item = Table> {
    packed().map(move |packed| packed.unpack(reversed, rounding))
}

fn entries() -> impl Iterator<Item = (&'static str, usize)> {
    NAMES.lines().filter_map(|line| line.split_once(' ')).filter_map(|(name, size)| Some((name, size.parse().ok()?)))
}

fn packed() -> impl Iterator<Item = Packed> {
    let mut rest = TABLES;
    entries().map(move |(base, size)| {
        let rounded = take(&mut rest, size * 3);
        let fall = take(&mut rest, (size * 3).div_ceil(8));
        let reversed_rounded = take_counted(&mut rest);
        let reversed_truncated = take_counted(&mut rest);
        Packed { base, rounded, fall, reversed_rounded, reversed_truncated }
    })
}

fn take(rest: &mut &'static [u8], length: usize) -> &'static [u8] {
    let (taken, after) = rest.split_at(length.min(rest.len()));
    *rest = after;
    taken
}

fn take_counted(rest: &mut &'static [u8]) -> &'static [u8] {
    let count = u16_pairs(take(rest, 2)).next().unwrap_or(0);
    take(rest, usize::from(count) * 2)
}

fn u16_pairs(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

impl Packed {
    fn unpack(&self, reversed: bool, rounding: Rounding) -> Table {
        let mut bytes = self.rounded.to_vec();
        if rounding == Rounding::Image {
            for (place, byte) in bytes.iter_mut().enumerate() {
                *byte -= self.fall[place / 8] >> (place % 8) & 1;
            }
        }
        let mut colours: Vec<[u8; 3]> = bytes.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
        if reversed {
            colours.reverse();
            let steps = if rounding == Rounding::Mesh { self.reversed_rounded } else { self.reversed_truncated };
            for step in u16_pairs(steps) {
                let place = usize::from(step & 0x7fff);
                let byte = &mut colours[place / 3][place % 3];
                *byte = if step & 0x8000 == 0 { byte.wrapping_add(1) } else { byte.wrapping_sub(1) };
            }
        }
        Table { base: self.base, reversed, rounding, colours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_the_generated_file_is_used() {
        let used: usize = packed()
            .map(|p| p.rounded.len() + p.fall.len() + p.reversed_rounded.len() + p.reversed_truncated.len() + 4)
            .sum();
        assert_eq!(used, TABLES.len());
        assert_eq!(names().count(), 70);
        assert!(TABLES.len() < 100 * 1024);
    }

    /// Values printed by matplotlib 3.11.2: `colormaps[name](i) * 255` rounded and with `bytes=True`.
    #[test]
    fn colours_are_matplotlibs() {
        let colour = |base, reversed, rounding, i: usize| table(base, reversed, rounding).unwrap().colours[i];
        assert_eq!(colour("magma", false, Rounding::Image, 0), [0, 0, 3]);
        assert_eq!(colour("magma", false, Rounding::Mesh, 0), [0, 0, 4]);
        assert_eq!(colour("magma", true, Rounding::Mesh, 255), [0, 0, 4]);
        assert_eq!(colour("gray", false, Rounding::Image, 33), [32, 32, 32]);
        assert_eq!(colour("gray", false, Rounding::Mesh, 33), [33, 33, 33]);
        assert_eq!(colour("rainbow", true, Rounding::Mesh, 1), [255, 3, 2]);
        assert_eq!(colour("rainbow", true, Rounding::Image, 1), [255, 3, 1]);
        assert_eq!(colour("jet", false, Rounding::Image, 1), [0, 0, 132]);
        assert_eq!(table("twilight", false, Rounding::Mesh).unwrap().colours.len(), 510);
    }
}
