//! What a job may take is known before it begins, whatever a file or a flag says; decoders that panic are damaged files.

mod common;

use common::{Folder, chunk, npy};

/// A gray picture of 12 x 9 cells, one pixel each, with a recipe inside.
fn picture_with(recipe: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 9, 12);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.add_itxt_chunk("photophone".to_owned(), recipe.to_owned()).expect("a text");
    let pixels: Vec<u8> = (0..108_u8).map(|i| i.wrapping_mul(37)).collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

fn magnitudes(shape: (usize, usize)) -> Vec<u8> {
    let data = (0..shape.0 * shape.1).flat_map(|i| (i as f64 * 0.7).sin().abs().to_le_bytes());
    npy("<f8", shape, &data.collect::<Vec<u8>>())
}

fn complex(shape: (usize, usize)) -> Vec<u8> {
    let data = (0..2 * shape.0 * shape.1).flat_map(|i| ((i * i) as f64 * 0.7).sin().to_le_bytes());
    npy("<c16", shape, &data.collect::<Vec<u8>>())
}

#[test]
fn a_job_too_large_for_its_cells_is_refused_with_what_makes_it_so() {
    let folder = Folder::new();
    folder.put("hop.png", &picture_with("{\"hop\": 20000000, \"sr\": 22050.0}"));
    folder.put("a.npy", &magnitudes((12, 9)));
    folder.put("c.npy", &complex((84, 40)));
    let cases: [(&[&str], &[&str]); 7] = [
        (&["hop.png"], &["12 x 9 cells", "MB of memory", "hop 20000000", "--max-memory"]),
        (&["a.npy", "--hop=20000000"], &["MB of memory", "--max-memory"]),
        (&["a.npy", "--hop=1000000000"], &["samples", "hop"]),
        (&["a.npy", "--hop=20000", "--max-memory=1"], &["expected at most 1 MB", "--max-memory"]),
        (&["c.npy", "--filter-scale=1000"], &["billion operations", "--filter-scale", "--max-work"]),
        (&["c.npy", "--fmin=0.001"], &["fmin", "filter"]),
        (&["c.npy", "--sr=1e9", "--sample-rate=44100"], &["filter"]),
    ];
    for (arguments, words) in cases {
        let output = folder.run(&[&["recover", "-o", "x.wav"], arguments].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(words.iter().all(|word| stderr.contains(word)), "{arguments:?} lacks one of {words:?}: {stderr}");
        assert!(!folder.path("x.wav").exists());
    }
    // Numbers that were made up are of no sound.
    folder.succeed(&["recover", "a.npy", "--hop=20000", "--despite-doubt", "-o", "x.wav"]);
}

#[test]
fn a_decoder_that_panics_is_a_damaged_file_and_says_nothing_else() {
    let folder = Folder::new();
    let header = [&1u32.to_be_bytes()[..], &1u32.to_be_bytes(), &[8, 3, 0, 0, 0]].concat();
    let plte = [1; 4];
    // The png crate 0.18.1 panics on a palette whose length is no multiple of three.
    let png = [b"\x89PNG\r\n\x1a\n", &chunk(*b"IHDR", &header)[..], &chunk(*b"PLTE", &plte)];
    let pixels = b"\x78\x9c\x63\x60\x00\x00\x00\x02\x00\x01";
    folder.put("plte.png", &[&png.concat()[..], &chunk(*b"IDAT", pixels), &chunk(*b"IEND", &[])].concat());
    for arguments in [&["inspect", "plte.png"][..], &["recover", "plte.png", "-o", "x.wav"]] {
        let output = folder.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with("error: plte.png: is damaged") && stderr.lines().count() == 1, "{stderr}");
    }
}

#[test]
fn iterations_are_the_most_there_is_over_all_stages() {
    let folder = Folder::with_picture();
    folder.put("c.npy", &complex((84, 12)));
    folder.put("m.npy", &magnitudes((84, 12)));
    std::fs::rename(folder.path("t.phase.npy"), folder.path("kept.npy")).expect("renamed");
    let inputs: [&[&str]; 5] = [
        &["t.png", "--phase=kept.npy"],
        &["t.png"],
        &["c.npy"],
        &["m.npy", "--despite-doubt"],
        &["m.npy", "--inverse=adaptive", "--despite-doubt"],
    ];
    for most in [1, 10, 100] {
        for input in inputs {
            let number = most.to_string();
            let more = ["-o", "x.wav", "--report", "r.json", "--iterations", &number];
            folder.succeed(&[&["recover"], input, &more].concat());
            let report: serde_json::Value = serde_json::from_slice(&folder.bytes("r.json")).expect("a report");
            let done = report["solve"]["iterations"].as_u64().expect("a number");
            assert!(done <= most, "{input:?}: {done} iterations of {most}");
            std::fs::remove_file(folder.path("x.wav")).expect("removed");
            std::fs::remove_file(folder.path("r.json")).expect("removed");
        }
    }
    let output = folder.run(&["recover", "t.png", "--iterations", "0"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("--iterations") && stderr.contains("1 or more"), "{stderr}");
    let output = folder.run(&["recover", "t.png", "--gain", "1e9"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("gain is '1000000000'"));
}
