//! What dependencies may be (`deny.toml`), and the list of those that are linked, which goes into the wheel.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{call, cargo, output, root};

const LIST: &str = "THIRD-PARTY.md";

const HEAD: &str = "# Third parties\n\nMade by `cargo xtask notices`. These packages are linked into the command and into \
    the Python package, on one platform or another, each under its own licence. Their source is at the places named here \
    and, under these names and versions, in Rust's package registry.\n\nSymphonia's packages are under the [Mozilla Public \
    License 2.0](https://mozilla.org/MPL/2.0/). They are used unchanged: their Source Code Form is what the registry has, \
    and the places named here. Photophone itself is under MIT OR Apache-2.0.\n\n";

/// Writes the list, or with `check` fails where it is not what is linked.
///
/// # Errors
/// A list that is out of date.
pub(crate) fn notices(check: bool) -> Result<()> {
    let path = root()?.join(LIST);
    let list = list(&linked()?)?;
    if check {
        let is_same = fs::read_to_string(&path).is_ok_and(|there| there == list);
        ensure!(is_same, "{LIST} is out of date: run cargo xtask notices");
        return Ok(());
    }
    fs::write(path, list).context(LIST)
}

/// Asks cargo-deny whether licences, sources and versions are as `deny.toml` allows.
///
/// # Errors
/// One that is not.
pub(crate) fn deny(program: &Path) -> Result<()> {
    // cargo-deny looks at the packages of all platforms, of which a build fetches those of its own.
    call(cargo(&["fetch", "--locked", "--quiet"])?.current_dir(root()?))?;
    let mut deny = Command::new(program);
    deny.args(["--log-level", "error", "--offline", "--locked", "check", "licenses", "bans", "sources"]);
    call(deny.current_dir(root()?))
}

/// Name with version, licence and place of all that is linked into what is shipped, on any platform.
fn linked() -> Result<String> {
    let tree = ["tree", "--locked", "--edges", "normal,no-proc-macro", "--target", "all", "--prefix", "none"];
    let mut tree = cargo(&tree)?;
    tree.args(["--package", "photophone-cli", "--package", "photophone-python", "--format", "{p}|{l}|{r}"]);
    output(&mut tree)
}

fn list(linked: &str) -> Result<String> {
    // The project's own packages have a folder behind their names.
    let mut packages: Vec<&str> =
        linked.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.contains(" (/")).collect();
    packages.retain(|line| !line.is_empty());
    packages.sort_unstable();
    packages.dedup();
    let mut list = format!("{HEAD}| package | licence | source |\n|---|---|---|\n");
    for package in packages {
        let [name, licence, place] = package.split('|').collect::<Vec<_>>()[..] else {
            anyhow::bail!("cargo tree says '{package}'");
        };
        ensure!(!licence.is_empty(), "{name} names no licence");
        writeln!(list, "| {name} | {licence} | {place} |")?;
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn own_packages_and_repetitions_are_left_out() {
        let linked = "mine v0.1.0 (/a/b)|MIT|\nb v2.0.0|MPL-2.0|https://b\na v1.0.0|MIT|https://a\n\nb v2.0.0|MPL-2.0|https://b (*)\n";
        let list = list(linked).unwrap();
        assert!(list.ends_with("| a v1.0.0 | MIT | https://a |\n| b v2.0.0 | MPL-2.0 | https://b |\n"), "{list}");
        assert!(super::list("c v1.0.0||\n").is_err());
    }
}
