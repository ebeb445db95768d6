//! Channels in one plane, one above the other.

use crate::Plane;

/// How the channels of a sound lie in one plane: each a block of rows, the first on top, as a picture of panels shows them.
///
/// Row 0 of each block is its lowest frequency, and the lowest block is that of the last channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Channels, at least 1.
    pub channels: usize,
    /// Rows of each.
    pub rows: usize,
    /// Rows between two channels, which belong to none.
    pub gap: usize,
}

impl Stack {
    /// One channel of so many rows.
    pub fn one(rows: usize) -> Self {
        Self { channels: 1, rows, gap: 0 }
    }

    /// So many channels side by side in rows that are theirs alone; `None` where the rows cannot be divided so.
    pub fn dividing(rows: usize, channels: usize, gap: usize) -> Option<Self> {
        let own = rows.checked_sub(channels.checked_sub(1)?.checked_mul(gap)?)?;
        let is_whole = own > 0 && own.is_multiple_of(channels);
        is_whole.then(|| Self { channels, rows: own / channels, gap })
    }

    /// Rows of all channels and of what lies between them; the largest number where that is more.
    pub fn rows_in_all(self) -> usize {
        let gaps = self.channels.saturating_sub(1).saturating_mul(self.gap);
        self.channels.saturating_mul(self.rows).saturating_add(gaps)
    }

    /// The lowest row of a channel.
    pub fn first_row(self, channel: usize) -> usize {
        (self.channels - 1 - channel) * (self.rows + self.gap)
    }

    /// Whether a row lies between two channels.
    pub fn is_between(self, row: usize) -> bool {
        row % (self.rows + self.gap).max(1) >= self.rows
    }

    /// The rows of one channel. Panics where the plane has other rows, as slice indexing does.
    pub fn channel<T: Clone>(self, plane: &Plane<T>, channel: usize) -> Plane<T> {
        let first = self.first_row(channel);
        plane.rows_between(first, first + self.rows)
    }

    /// Each channel by itself.
    pub fn divided<T: Clone>(self, plane: &Plane<T>) -> Vec<Plane<T>> {
        (0..self.channels).map(|channel| self.channel(plane, channel)).collect()
    }

    /// Channels of these rows as one plane, with `between` in the rows between them. Panics where there are fewer planes than
    /// channels, or smaller ones.
    pub fn joined<T: Clone>(self, mut channels: Vec<Plane<T>>, between: &T) -> Plane<T> {
        if self.channels == 1 {
            return channels.swap_remove(0);
        }
        let columns = channels[0].columns();
        let mut plane = Plane::filled(self.rows_in_all(), columns, between.clone());
        for (channel, values) in channels[..self.channels].iter().enumerate() {
            let first = self.first_row(channel) * columns;
            let own = self.rows * columns;
            plane.as_mut_slice()[first..first + own].clone_from_slice(&values.as_slice()[..own]);
        }
        plane
    }

    /// The same plane with another gap, `between` in the rows between the channels.
    pub fn spaced<T: Clone>(self, plane: &Plane<T>, gap: usize, between: &T) -> (Self, Plane<T>) {
        let spaced = Self { gap, ..self };
        (spaced, spaced.joined(self.divided(plane), between))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_found_again_and_the_first_is_on_top() {
        let channels: Vec<Plane<usize>> =
            (0..3).map(|c| Plane::from_fn(2, 3, |k, t| 100 * (c + 1) + 10 * k + t)).collect();
        let stack = Stack { channels: 3, rows: 2, gap: 1 };
        let plane = stack.joined(channels.clone(), &7);
        assert_eq!(plane.shape(), (8, 3));
        assert_eq!((plane[(0, 0)], plane[(2, 1)], plane[(7, 2)]), (300, 7, 112));
        let between: Vec<usize> = (0..8).filter(|&row| stack.is_between(row)).collect();
        assert_eq!(between, [2, 5]);
        assert_eq!(stack.divided(&plane), channels);
        let (closed, plane) = stack.spaced(&plane, 0, &7);
        assert_eq!((plane.rows(), closed.divided(&plane)), (6, channels));
    }

    #[test]
    fn rows_that_no_channels_have_are_not_divided() {
        assert_eq!(Stack::dividing(170, 2, 2), Some(Stack { channels: 2, rows: 84, gap: 2 }));
        for (rows, channels, gap) in [(169, 2, 2), (2, 2, 2), (0, 1, 0), (5, 0, 0), (4, 9, usize::MAX)] {
            assert_eq!(Stack::dividing(rows, channels, gap), None, "{rows} {channels} {gap}");
        }
        assert_eq!(Stack { channels: 3, rows: usize::MAX, gap: 1 }.rows_in_all(), usize::MAX);
    }
}
