//! Slices against the whole signal, and fed in any sizes.

use num_complex::Complex;

use super::{Analyser, Gabor, GaborParams, RaggedCells, SliceOptions, Slices, Synthesiser, Taper};
use crate::Real;
use crate::testing::noise;

fn slices<T: Real>(bins_per_octave: usize, taper: Taper) -> Slices<T> {
    let params = GaborParams { sr: 8000.0, bins_per_octave, taper, ..GaborParams::default() };
    Slices::new(&params, &SliceOptions::default()).unwrap()
}

fn analysed<T: Real>(slices: &Slices<T>, x: &[T], sizes: &[usize]) -> Vec<RaggedCells<T>> {
    let (mut analyser, mut blocks, mut rest) = (Analyser::new(slices), Vec::new(), x);
    let mut take = |block: &mut RaggedCells<T>| blocks.push(block.clone());
    for size in sizes.iter().cycle() {
        let (now, later) = rest.split_at(rest.len().min(*size));
        analyser.push(now, &mut take).unwrap();
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    assert_eq!(analyser.finish(&mut take).unwrap(), x.len() as u64);
    assert_eq!(blocks.len() as u64, slices.blocks(x.len() as u64));
    blocks
}

fn synthesised<T: Real>(slices: &Slices<T>, blocks: &[RaggedCells<T>], samples: usize) -> Vec<T> {
    let (mut synthesiser, mut out) = (Synthesiser::new(slices), Vec::new());
    for block in blocks {
        synthesiser.push(block, &mut |samples| out.extend_from_slice(samples)).unwrap();
        assert!(out.len() <= samples);
    }
    synthesiser.finish(samples as u64, &mut |samples| out.extend_from_slice(samples)).unwrap();
    assert_eq!(out.len(), samples);
    out
}

/// A signal's coefficients all at once, with the zeros around it that slices see: where it begins is the first number.
fn whole<T: Real>(slices: &Slices<T>, x: &[T]) -> (usize, Gabor<T>, RaggedCells<T>) {
    let before = 4 * slices.pad_samples();
    let mut padded = vec![T::zero(); x.len() + 2 * before];
    padded[before..before + x.len()].copy_from_slice(x);
    let plan = Gabor::new(slices.plan().params(), padded.len()).unwrap();
    let cells = plan.forward(&padded).unwrap();
    (before, plan, cells)
}

/// Hard-edged rectangles of half a second by 13 bands, a tenth of all.
fn is_kept(band: usize, sample: i64) -> bool {
    (sample.div_euclid(4096) * 7 + band as i64 / 13).rem_euclid(10) == 0
}

fn db<T: Real>(found: impl Iterator<Item = (T, T)>) -> f64 {
    let (off, size) = found.fold((0.0, 0.0), |(off, size), (found, wanted)| {
        let (found, wanted) = (found.to_f64(), wanted.to_f64());
        (off + (found - wanted).powi(2), size + wanted * wanted)
    });
    10.0 * (off / size).log10()
}

/// How far coefficients, and the sound of a tenth of them, are from those of the whole signal, in dB.
fn compared<T: Real>(slices: &Slices<T>, x: &[f64]) -> (f64, f64) {
    let x: Vec<T> = x.iter().map(|&value| Real::nearest(value)).collect();
    let (before, plan, cells) = whole(slices, &x);
    let mut blocks = analysed(slices, &x, &[x.len()]);
    let (mut pairs, mut edited) = (Vec::new(), plan.make_cells());
    for (index, block) in (0..).zip(&mut blocks) {
        for (k, band) in plan.bands().iter().enumerate() {
            let hop = band.hop as i64;
            let from = (slices.first_sample(index) + before as i64) / hop;
            for (n, value) in (from..).zip(block.row_mut(k)) {
                let wanted = cells.row(k).get(n as usize).copied().unwrap_or_default();
                pairs.extend([(value.re, wanted.re), (value.im, wanted.im)]);
                if !is_kept(k, n * hop) {
                    *value = Complex::default();
                } else if let Some(edited) = edited.row_mut(k).get_mut(n as usize) {
                    *edited = wanted;
                }
            }
        }
    }
    let wanted = plan.inverse(&edited).unwrap();
    let found = synthesised(slices, &blocks, x.len());
    (db(pairs.into_iter()), db(found.into_iter().zip(wanted[before..].iter().copied())))
}

/// White noise in a running mean, thrice: nothing but the lowest bands.
fn rumble(samples: usize) -> Vec<f64> {
    (0..3).fold(noise(samples, 4), |x, _| {
        let mut sum = 0.0;
        let mean = (0..samples).map(|n| {
            sum += x[n] - if n >= 100 { x[n - 100] } else { 0.0 };
            sum / 100.0
        });
        mean.collect()
    })
}

#[test]
fn slices_give_what_the_whole_signal_gives() {
    for (bins_per_octave, taper) in [(24, Taper::Nuttall), (6, Taper::Nuttall), (12, Taper::Hann)] {
        let double = slices::<f64>(bins_per_octave, taper);
        let samples = 2 * double.block_samples() + 1234;
        let (cells, sound) = compared(&double, &noise(samples, 1));
        assert!(cells < -125.0 && sound < -125.0, "{taper:?}, {bins_per_octave}: {cells} and {sound} dB");
        let (cells, sound) = compared(&double, &rumble(samples));
        assert!(cells < -98.0 && sound < -100.0, "{taper:?}, {bins_per_octave}, rumble: {cells} and {sound} dB");
        let (cells, sound) = compared(&slices::<f32>(bins_per_octave, taper), &noise(samples, 1));
        assert!(cells < -120.0 && sound < -120.0, "{taper:?}, {bins_per_octave}, single: {cells} and {sound} dB");
    }
}

#[test]
fn the_sizes_that_samples_come_in_do_not_matter() {
    let params = GaborParams { sr: 8000.0, bins_per_octave: 12, ..GaborParams::default() };
    // The shortest blocks there are, and longer ones.
    for samples in [Some(1), Some(50_000)] {
        let slices = Slices::<f32>::new(&params, &SliceOptions { samples, padding_secs: Some(1.0) }).unwrap();
        for length in [0, 1, slices.block_samples() - 1, slices.block_samples(), 3 * slices.block_samples() + 77] {
            let x: Vec<f32> = noise(length, 5).into_iter().map(|value| value as f32).collect();
            let all = analysed(&slices, &x, &[length.max(1)]);
            for sizes in [&[1000][..], &[1, 17, 4096], &[slices.block_samples()], &[0, 65_536, 3]] {
                assert!(analysed(&slices, &x, sizes) == all, "{length} samples in {sizes:?}");
            }
            let back = synthesised(&slices, &all, length);
            assert!(length == 0 || db(back.into_iter().zip(x)) < -120.0, "{length} samples");
        }
    }
}

#[test]
fn an_analyser_and_a_synthesiser_begin_again() {
    let slices = slices::<f64>(6, Taper::Nuttall);
    let x = noise(slices.block_samples() + 500, 6);
    let (mut analyser, mut synthesiser) = (Analyser::new(&slices), Synthesiser::new(&slices));
    let mut found = Vec::new();
    for _ in 0..2 {
        let (mut blocks, mut out) = (Vec::new(), Vec::new());
        analyser.push(&x, &mut |block| blocks.push(block.clone())).unwrap();
        let samples = analyser.finish(&mut |block| blocks.push(block.clone())).unwrap();
        for block in &blocks {
            synthesiser.push(block, &mut |samples| out.extend_from_slice(samples)).unwrap();
        }
        synthesiser.finish(samples, &mut |samples| out.extend_from_slice(samples)).unwrap();
        found.push((blocks, out));
    }
    assert!(found[0] == found[1]);
}

#[test]
fn blocks_of_zeros_are_silence() {
    let slices = slices::<f64>(6, Taper::Nuttall);
    let samples = 2 * slices.block_samples();
    let blocks = vec![slices.make_block(); slices.blocks(samples as u64) as usize];
    assert!(synthesised(&slices, &blocks, samples).iter().all(|&sample| sample == 0.0));
}

#[test]
fn what_does_not_fit_is_refused() {
    let slices = slices::<f64>(6, Taper::Nuttall);
    let mut analyser = Analyser::new(&slices);
    assert!(analyser.push(&[0.0, f64::INFINITY], &mut |_| ()).is_err());
    assert_eq!(analyser.finish(&mut |_| ()).unwrap(), 0);
    let mut synthesiser = Synthesiser::new(&slices);
    assert!(synthesiser.push(&slices.plan().make_cells(), &mut |_| ()).is_err());
    assert!(synthesiser.finish(1, &mut |_| ()).is_err());
    for options in [
        SliceOptions { padding_secs: Some(0.0), ..SliceOptions::default() },
        SliceOptions { padding_secs: Some(f64::NAN), ..SliceOptions::default() },
        SliceOptions { padding_secs: Some(1e12), ..SliceOptions::default() },
        SliceOptions { samples: Some(usize::MAX), ..SliceOptions::default() },
    ] {
        assert!(Slices::<f64>::new(&GaborParams::default(), &options).is_err(), "{options:?}");
    }
}
