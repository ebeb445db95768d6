//! Sets of golden numbers, and the sounds that they are of.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::sounds;

/// The sound of a case, proven by its CRC-32 to be the one that was transformed.
pub(crate) fn sound(name: &str, samples: usize, crc32: u32) -> Vec<f64> {
    let ints = sounds::sound(name, samples);
    let bytes: Vec<u8> = ints.iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(crc32fast::hash(&bytes), crc32, "{name} is not the sound that was transformed");
    ints.iter().map(|&value| f64::from(value) / 32768.0).collect()
}

/// The cases of a set and the bytes of their coefficients.
pub(crate) fn read<Case: DeserializeOwned>(name: &str) -> (Vec<Case>, Vec<u8>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let index = std::fs::read(folder.join(format!("{name}.json"))).expect("the index is checked in");
    let bin = std::fs::read(folder.join(format!("{name}.bin"))).expect("the coefficients are checked in");
    (serde_json::from_slice(&index).expect("the index has this test's format"), bin)
}
