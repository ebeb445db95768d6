//! Adding what overlaps.

use std::ops::Add;

/// `out` gets the first of the sum of `new` and of what is kept from before; what is left of it is kept.
///
/// `kept` is as long as `new` without `out`.
pub(super) fn add_and_shift<V: Copy + Add<Output = V> + Default>(new: &[V], kept: &mut [V], out: &mut [V]) {
    let length = out.len();
    for (at, out) in out.iter_mut().enumerate() {
        *out = new[at] + kept.get(at).copied().unwrap_or_default();
    }
    for at in 0..kept.len() {
        kept[at] = new[length + at] + kept.get(length + at).copied().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::add_and_shift;

    #[test]
    fn overlapping_ones_count_how_many_overlap() {
        for (length, slice) in [(1, 4), (3, 4), (4, 4), (2, 7)] {
            let mut kept = vec![0; slice - length];
            let mut sum = Vec::new();
            for _ in 0..9 {
                let mut out = vec![0; length];
                add_and_shift(&vec![1; slice], &mut kept, &mut out);
                sum.extend(out);
            }
            let wanted =
                |at: usize| (0..9).filter(|block| (block * length..block * length + slice).contains(&at)).count();
            assert!(sum.iter().enumerate().all(|(at, found)| *found == wanted(at)), "{length}, {slice}: {sum:?}");
        }
    }
}
