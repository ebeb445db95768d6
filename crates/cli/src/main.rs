//! The command `photophone`: sound back from its picture.

mod args;
mod commands;
mod demo;
mod parse;
mod progress;
mod recipe_args;
mod summary;

use std::borrow::Cow;
use std::process::ExitCode;

use photophone::shortened;

use args::{Arguments, Command};
use progress::Talk;

/// Exit codes: 0 done, 1 could not be done, 2 not understood (clap's own).
fn main() -> ExitCode {
    let arguments = match Arguments::typed() {
        Ok(arguments) => arguments,
        Err(error) => return explained(&error),
    };
    match run(&arguments.command, Talk::new(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The library's own messages already tell their cause.
            let text = match error.downcast_ref::<photophone::Error>() {
                Some(error) => error.to_string(),
                None => format!("{error:#}"),
            };
            Talk::Short.say(&format!("error: {}", shortened(&text)));
            ExitCode::FAILURE
        }
    }
}

/// Prints clap's answer: help on stdout, or what was not understood on stderr.
fn explained(error: &clap::Error) -> ExitCode {
    let text = error.render();
    // Whatever was typed is echoed, and a megabyte of it helps nobody.
    let printed = match (error.use_stderr(), shortened(&text.to_string())) {
        (true, Cow::Owned(short)) => {
            Talk::Short.say(&short);
            Ok(())
        }
        _ => error.print(),
    };
    let code = if printed.is_ok() { error.exit_code() } else { 1 };
    ExitCode::from(u8::try_from(code).unwrap_or(2))
}

fn run(command: &Command, talk: Talk) -> anyhow::Result<()> {
    match command {
        Command::Recover(arguments) => commands::recover(arguments, talk),
        Command::Draw(arguments) => commands::draw(arguments, talk),
        Command::Inspect(arguments) => commands::inspect(arguments),
        Command::Compare(arguments) => commands::compare(arguments, talk),
        Command::Demo(arguments) => demo::demo(arguments, talk),
    }
}
