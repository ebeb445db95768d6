//! `photophone studio`: the local page.

use clap::Parser;
use photophone::RecoverOptions;
use photophone_studio::{Front, StudioOptions, run};

use crate::args::{RecoverSettings, StudioArguments};
use crate::settings::recover_options;
use crate::streams;
use crate::talk::Talk;

/// Settings alone, as `recover` takes them.
#[derive(Parser, Debug)]
#[command(name = "photophone", no_binary_name = true)]
struct Settings {
    #[command(flatten)]
    settings: RecoverSettings,
}

pub(crate) fn studio(arguments: &StudioArguments, talk: Talk) -> anyhow::Result<()> {
    let options =
        StudioOptions { file: arguments.file.clone(), port: arguments.port, opens_browser: !arguments.no_open };
    run(&options, Front { options: of_flags }, |link, is_opened| {
        // A reader that has gone away is no reason to end the page.
        let _ = streams::print(link);
        talk.say(if is_opened {
            "the page opens in the browser; Ctrl-C ends it"
        } else {
            "open the link in a browser on this computer; Ctrl-C ends the page"
        });
    })?;
    Ok(())
}

/// What flags mean, or clap's complaint about them in one line.
fn of_flags(flags: &[String]) -> Result<RecoverOptions, String> {
    let settings = Settings::try_parse_from(flags).map_err(|error| complaint(&error.to_string()))?;
    recover_options(&settings.settings).map_err(|error| format!("{error:#}"))
}

/// The first line, without what precedes every complaint.
fn complaint(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_mean_what_flags_mean_and_complaints_are_a_line() {
        let options = of_flags(&["--hop=256".to_owned(), "--tuning=-0.25".to_owned()]).unwrap();
        assert_eq!(options.recipe.transform.hop, Some(256));
        let complaint = of_flags(&["--cells=many".to_owned()]).unwrap_err();
        assert!(complaint.contains("ROWSxFRAMES") && !complaint.contains('\n'), "{complaint}");
    }
}
