//! `inspect` of figures through the command: what its flags do, and what it writes.

mod common;

use common::Folder;

/// A folder with the figures of the library's tests.
fn with_figures() -> Folder {
    let folder = Folder::new();
    for name in ["mel.png", "notes.png", "stft_linear.png"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../photophone/tests/figures").join(name);
        folder.put(name, &std::fs::read(path).expect("a figure"));
    }
    folder
}

#[test]
fn values_of_flags_that_no_figure_has_are_refused() {
    let folder = with_figures();
    let cases: [(&[&str], i32, &str); 6] = [
        (&["--fmax", "1e308"], 2, "up to 1000000"),
        (&["--duration", "1e300"], 2, "a time in seconds"),
        (&["--csv", "out.npy"], 2, "--npy"),
        (&["--npy", "out.csv"], 2, "--csv"),
        (&["--panel", "9"], 1, "--panel 9"),
        (&["--palette", "hot"], 1, "--palette"),
    ];
    for (flags, code, word) in cases {
        let output = folder.run(&[&["inspect", "mel.png"], flags].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(code) && said.contains(word), "{flags:?}: {said}");
    }
}

#[test]
fn flags_without_an_effect_on_a_figure_are_named() {
    let folder = with_figures();
    let output = folder.run(&["inspect", "mel.png", "--window", "boxcar", "--max-work", "3", "--transposed"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("WARNING: --transposed, --max-work and --window have no effect"), "{said}");
}

/// A constant-Q figure is read by its axes and by its cells: one account of the two is printed.
#[test]
fn a_figure_is_told_of_once() {
    let folder = with_figures();
    let said = folder.succeed(&["inspect", "notes.png"]);
    assert_eq!(said.matches("notes.png").count(), 1, "{said}");
    assert_eq!(said.matches("84 x 65").count(), 1, "{said}");
}

#[test]
fn a_table_names_its_columns_by_what_is_known() {
    let folder = with_figures();
    folder.succeed(&["inspect", "mel.png", "--csv", "mel.csv"]);
    let table = String::from_utf8(folder.bytes("mel.csv")).expect("text");
    let lines: Vec<&str> = table.lines().take(3).collect();
    assert_eq!(lines[0], "time_s,frequency_hz,value,low,high");
    assert!(lines[1].starts_with("0.000000,0.0000,") && lines[2].starts_with("0.023220,0.0000,"), "{lines:?}");
    let crop = folder.succeed(&["inspect", "mel.png", "--panel", "1", "--json"]);
    assert!(crop.contains("\"reading\""));
}

#[test]
fn a_blank_picture_is_refused_alike_in_lines_and_in_json() {
    let folder = Folder::new();
    let blank = photophone::picture::Raster::from_fn(60, 40, |_, _| [255; 4]).expect("a raster");
    photophone::files::write_raster(&folder.path("blank.png"), &blank, &[], &[]).expect("written");
    for flags in [&[][..], &["--json"]] {
        let output = folder.run(&[&["inspect", "blank.png"], flags].concat());
        assert_eq!(output.status.code(), Some(1));
    }
}
