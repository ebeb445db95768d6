//! The command `photophone`: spectrogram pictures turned back into sound.

mod args;
mod batch;
mod batch_args;
mod command_line;
mod commands;
mod demo;
mod demo_files;
#[cfg(test)]
mod docs;
mod edit;
mod inspect;
mod interrupt;
mod outputs;
mod parse;
mod progress;
mod recipe_args;
mod settings;
mod shard;
mod stderr;
mod streams;
#[cfg(feature = "studio")]
mod studio;
mod summary;
mod talk;
mod wording;

use std::borrow::Cow;
use std::io::ErrorKind;
use std::process::ExitCode;

use photophone::files::FileError;
use photophone::shortened;
use photophone::transform::Threads;

use command_line::{Arguments, Command};
use talk::Talk;
use wording::in_flags;

/// Exit codes: 0 done, 1 could not be done, 2 not understood (clap's own), 130 interrupted.
fn main() -> ExitCode {
    photophone::files::silence_guarded_panics();
    let arguments = match Arguments::typed() {
        Ok(arguments) => arguments,
        Err(text) => return shown(&text),
    };
    // The page ends as one asks it to: that is no interruption.
    #[cfg(feature = "studio")]
    let is_page = matches!(arguments.command, Command::Studio(_));
    #[cfg(not(feature = "studio"))]
    let is_page = false;
    if !is_page {
        interrupt::catch();
    }
    match Threads::start(0).run(|| run(&arguments.command, Talk::new(&arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_interruption(&error) => {
            stderr::say(interrupt::last_word());
            ExitCode::from(interrupt::EXIT_CODE)
        }
        Err(error) => {
            stderr::say(&format!("error: {}", shortened(&in_flags(&message(&error)))));
            ExitCode::FAILURE
        }
    }
}

fn is_interruption(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(photophone::Error::Interrupted))
        || matches!(error.downcast_ref(), Some(FileError::Abandoned))
}

/// What to say of an error. The library's own messages already tell their cause.
fn message(error: &anyhow::Error) -> String {
    if error.is::<photophone::Error>() || error.is::<FileError>() { error.to_string() } else { format!("{error:#}") }
}

/// Help, the version, or what was not understood.
fn shown(text: &clap::Error) -> ExitCode {
    // Whatever was typed is echoed, and a megabyte of it helps nobody.
    let printed = match (text.use_stderr(), shortened(&text.render().to_string())) {
        (true, Cow::Owned(short)) => {
            stderr::say(&short);
            Ok(())
        }
        _ => text.print(),
    };
    match printed {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            stderr::say(&format!("error: the standard output cannot be written: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::from(u8::try_from(text.exit_code()).unwrap_or(2)),
    }
}

fn run(command: &Command, talk: Talk) -> anyhow::Result<()> {
    match command {
        Command::Recover(arguments) => commands::recover(arguments, talk),
        Command::Draw(arguments) => commands::draw(arguments, talk),
        Command::Edit(arguments) => edit::edit(arguments, talk),
        Command::Inspect(arguments) => inspect::inspect(arguments, talk),
        Command::Compare(arguments) => commands::compare(arguments, talk),
        Command::Batch(arguments) => batch::batch(arguments, talk),
        #[cfg(feature = "studio")]
        Command::Studio(arguments) => studio::studio(arguments, talk),
        Command::Demo(arguments) => demo::demo(arguments, talk),
    }
}
