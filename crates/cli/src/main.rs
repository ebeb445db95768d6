//! The command `photophone`: sound back from its picture.

mod args;
mod commands;
mod demo;
mod parse;
mod progress;
mod recipe_args;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

/// Exit codes: 0 done, 1 could not be done, 2 not understood (clap's own).
fn main() -> ExitCode {
    photophone::files::silence_guarded_panics();
    match run(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The library's own messages already tell their cause.
            let text = match error.downcast_ref::<photophone::Error>() {
                Some(error) => error.to_string(),
                None => format!("{error:#}"),
            };
            progress::say(&format!("error: {text}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Recover(arguments) => commands::recover(arguments),
        Command::Draw(arguments) => commands::draw(arguments),
        Command::Inspect(arguments) => commands::inspect(arguments),
        Command::Compare(arguments) => commands::compare(arguments),
        Command::Demo(arguments) => demo::demo(arguments),
    }
}
