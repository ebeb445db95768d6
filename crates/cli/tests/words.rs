//! What messages say: numbers in few digits, the cure that fits, and settings as they are typed.

mod common;

use common::{Folder, npy, tones, wav_float};

/// What is said by a command that does what it should.
fn said(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.run(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    stderr
}

/// Complex coefficients as a file: a sweep's phase, magnitudes that grow.
fn complex(shape: (usize, usize)) -> Vec<u8> {
    let values = (0..shape.0 * shape.1).flat_map(|i| {
        let (size, angle) = (1.0 + i as f32 * 1e-3, 0.1 * i as f32);
        [size * angle.cos(), size * angle.sin()]
    });
    npy("<c8", shape, &values.flat_map(f32::to_le_bytes).collect::<Vec<u8>>())
}

fn real(shape: (usize, usize), value: impl Fn(usize, usize) -> f32) -> Vec<u8> {
    let values = (0..shape.0).flat_map(|k| (0..shape.1).map(move |t| (k, t))).map(|(k, t)| value(k, t));
    npy("<f4", shape, &values.flat_map(f32::to_le_bytes).collect::<Vec<u8>>())
}

#[test]
fn absurd_numbers_take_few_digits() {
    let folder = Folder::new();
    folder.put("c.npy", &complex((12, 9)));
    folder.put("m.npy", &real((12, 9), |k, t| (k + t) as f32));
    folder.put("s.wav", &wav_float(&tones()));
    for arguments in [
        &["recover", "c.npy", "--fmin", "1e-300"][..],
        &["recover", "c.npy", "--filter-scale", "1e300"],
        &["recover", "c.npy", "--gamma", "1e300"],
        &["recover", "c.npy", "--sr", "1e300"],
        &["recover", "c.npy", "--fmin", "1e300"],
        &["recover", "c.npy", "--tuning", "1e300"],
        &["recover", "c.npy", "--sparsity", "1e300"],
        &["recover", "c.npy", "--gain", "1e300"],
        &["recover", "c.npy", "--levels", "db:-1e308:1e308"],
        &["recover", "m.npy", "--levels", "db:-1e-300:1e-300"],
        &["draw", "s.wav", "--sr", "1e300"],
        &["draw", "s.wav", "--fmin", "1e-300"],
        &["draw", "s.wav", "--bins", "16000"],
    ] {
        let text = folder.refused(arguments);
        let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(text.len() < 600 && longest < Some(21), "{arguments:?}: {text}");
    }
}

#[test]
fn more_bins_than_fit_are_told_by_their_number() {
    let folder = Folder::new();
    folder.put("s.wav", &wav_float(&tones()));
    let text = folder.refused(&["draw", "s.wav", "--bins", "300"]);
    assert!(text.contains("300 bins") && text.contains("at most 101") && text.contains("--bins"), "{text}");
}

#[test]
fn a_setting_that_was_not_given_is_not_blamed() {
    let folder = Folder::with_picture();
    let turned = folder.refused(&["recover", "t.png", "--transposed", "-o", "x.wav"]);
    assert!(!turned.contains("was given") && turned.contains("--transposed"), "{turned}");
    let rate = folder.refused(&["recover", "t.phase.npy", "--sr", "1e9", "-o", "x.wav"]);
    assert!(rate.contains("sr is '1000000000'") && rate.contains("--sample-rate"), "{rate}");
    let rate = folder.refused(&["draw", "t.wav", "--sr", "1e9", "-o", "x.png"]);
    assert!(rate.contains("--sr"), "{rate}");
}

#[test]
fn an_array_that_lies_on_its_side_is_told_so() {
    let folder = Folder::new();
    folder.put("turned.npy", &real((260, 84), |k, t| 1.0 + ((k * 7 + t * 13) % 31) as f32));
    folder.put("phase.npy", &complex((84, 260)));
    for more in [&[][..], &["--phase", "phase.npy"]] {
        let text = folder.refused(&[&["recover", "turned.npy", "-o", "x.wav"], more].concat());
        assert!(text.contains("260 rows") && text.contains("--transposed"), "{text}");
    }
}

#[test]
fn an_array_with_a_wrong_phase_is_not_doubted_as_a_picture_is() {
    let folder = Folder::new();
    folder.put("m.npy", &real((60, 40), |k, t| 1.0 + ((k * 7 + t * 13) % 31) as f32));
    folder.put("p.npy", &complex((60, 40)));
    folder.put("turned.npy", &complex((40, 60)));
    let told = ["--sr", "22050", "--iterations", "4", "--force", "-o", "x.wav"];
    for (phase, offers) in [("p.npy", false), ("turned.npy", true)] {
        let text = said(&folder, &[&["recover", "m.npy", "--phase", phase], &told[..]].concat());
        assert!(text.contains("WARNING") && text.contains("not to be trusted"), "{text}");
        for flag in ["--crop", "--cells", "--palette", "--overlay"] {
            assert!(!text.contains(flag), "{flag}: {text}");
        }
        assert_eq!(text.contains("--transposed"), offers, "{text}");
    }
}

#[test]
fn what_is_no_file_is_told_as_what_it_is() {
    let folder = Folder::with_picture();
    std::fs::create_dir(folder.path("sub")).expect("a folder");
    folder.put("none.png", b"");
    folder.put("text.png", b"nothing that is known, but long enough to be looked at");
    for arguments in [&["recover", "."][..], &["recover", "sub"], &["recover", "sub", "-o", "x.wav"], &["draw", "."]] {
        let text = folder.refused(arguments);
        assert!(text.contains("a folder") && !text.contains("ending"), "{text}");
    }
    let text = folder.refused(&["recover", "none.png", "-o", "x.wav"]);
    assert!(text.contains("is empty") && text.contains("array"), "{text}");
    let text = folder.refused(&["recover", "text.png", "-o", "x.wav"]);
    assert!(text.contains("no known kind") && text.contains("array"), "{text}");
}

#[test]
fn fields_of_a_recipe_file_are_named_as_they_are_written() {
    let folder = Folder::with_picture();
    folder.put("r.toml", b"# two lines\nhopp = 3\n");
    let text = folder.refused(&["recover", "t.png", "--recipe", "r.toml", "-o", "x.wav"]);
    assert!(text.contains("'hopp'") && text.contains("'hop'") && text.contains("line 2"), "{text}");
    assert!(!text.contains("--"), "{text}");
    folder.put("r.toml", b"hop = 1.5\n");
    let text = folder.refused(&["recover", "t.png", "--recipe", "r.toml", "-o", "x.wav"]);
    assert!(text.contains("a whole number") && !text.contains("usize"), "{text}");
}

#[test]
fn every_line_of_the_report_speaks_flags() {
    let folder = Folder::with_picture();
    let text = said(&folder, &["recover", "t.png", "--iterations", "2", "-v", "-o", "x.wav"]);
    assert!(text.contains("(--iterations)") && !text.contains('`'), "{text}");
}

#[test]
fn of_silence_no_share_is_explained() {
    let folder = Folder::new();
    folder.put("none.wav", &wav_float(&vec![0.0; 22_050]));
    folder.succeed(&["draw", "none.wav"]);
    let short = said(&folder, &["recover", "none.png", "-o", "a.wav"]);
    let all = said(&folder, &["recover", "none.png", "-o", "b.wav", "-v"]);
    for text in [short, all] {
        assert!(text.contains("silence") && !text.contains("100 %") && !text.contains("less than 0.001 %"), "{text}");
    }
}

#[test]
fn settings_without_effect_are_named() {
    let folder = Folder::with_picture();
    let idle = ["--seed", "3", "--phase-method", "heap", "--iterations", "2", "--force", "-o", "x.wav"];
    let of_arrays = ["--centres", "--max-pixels", "1000000", "--despite-doubt"];
    let picture = said(&folder, &[&["recover", "t.png"], &idle[..]].concat());
    assert!(picture.contains("--phase-method and --seed have no effect on a picture"), "{picture}");
    folder.put("c.npy", &complex((24, 20)));
    let array = said(&folder, &[&["recover", "c.npy", "--sr", "22050"], &idle[..], &of_arrays].concat());
    for flag in ["--seed", "--phase-method", "--centres", "--max-pixels", "--despite-doubt"] {
        assert!(array.contains(flag), "{flag}: {array}");
    }
    assert!(array.contains("no effect on complex coefficients"), "{array}");
    // Where phase is missing they have one.
    std::fs::remove_file(folder.path("t.phase.npy")).expect("removed");
    let without = said(&folder, &[&["recover", "t.png"], &idle[..]].concat());
    assert!(!without.contains("no effect"), "{without}");
}

#[test]
fn the_help_of_draw_has_its_own_defaults() {
    let help = Folder::new().succeed(&["draw", "--help"]);
    let levels = help.lines().find(|line| line.contains("--levels")).expect("its line");
    assert!(levels.contains("[default: db]"), "{levels}");
}
