//! What the tests of the command share: a folder to run it in and sounds made by formula.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// Sample rate of every test sound, in Hz.
pub(crate) const RATE_HZ: u32 = 22_050;

/// A fresh folder in which the command runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With the picture of `tones` in it: `t.wav`, `t.png` and `t.phase.npy`.
    pub(crate) fn with_picture() -> Self {
        let folder = Self::new();
        folder.put("t.wav", &wav_float(&tones()));
        folder.succeed(&["draw", "t.wav"]);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("a file in the folder");
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file in the folder")
    }

    /// Every file with its bytes.
    pub(crate) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let names = std::fs::read_dir(self.0.path()).expect("the folder").map(|entry| entry.expect("a name"));
        names
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .map(|n| (n.clone(), self.bytes(&n)))
            .collect()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photophone"));
        command.current_dir(self.0.path()).args(arguments).output().expect("the command starts")
    }

    /// Runs with these bytes coming through a pipe.
    pub(crate) fn run_fed(&self, arguments: &[&str], stdin: &[u8]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photophone"));
        command.current_dir(self.0.path()).args(arguments).write_stdin(stdin).output().expect("the command starts")
    }

    /// Runs what must be refused with exit code 1, all files as they were, and gives what it says.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let before = self.all();
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(self.all() == before, "{arguments:?} changed the folder: {:?}", self.all().keys());
        stderr
    }

    /// Runs what must succeed and gives its stdout.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).expect("text")
    }
}

/// One second of three tones below 1 kHz.
pub(crate) fn tones() -> Vec<f32> {
    let tone = |i: u32, hz: f64| (TAU * hz * f64::from(i) / f64::from(RATE_HZ)).sin();
    (0..RATE_HZ).map(|i| (0.3 * tone(i, 110.0) + 0.2 * tone(i, 331.0) + 0.1 * tone(i, 660.0)) as f32).collect()
}

/// A WAV file of 32-bit floats, one channel.
pub(crate) fn wav_float(samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let size = data.len() as u32;
    let numbers = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let format = [&3u16.to_le_bytes()[..], &1u16.to_le_bytes(), &numbers(&[RATE_HZ, 4 * RATE_HZ])].concat();
    let format = [&format[..], &4u16.to_le_bytes(), &32u16.to_le_bytes()].concat();
    let head = [b"RIFF", &numbers(&[36 + size])[..], b"WAVEfmt ", &numbers(&[16]), &format].concat();
    [&head[..], b"data", &numbers(&[size]), &data].concat()
}

/// A version 1.0 `.npy` file.
pub(crate) fn npy(dtype: &str, shape: (usize, usize), data: &[u8]) -> Vec<u8> {
    let (rows, columns) = shape;
    let header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let header = format!("{header:<117}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// A PNG chunk with its checksum.
pub(crate) fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}
