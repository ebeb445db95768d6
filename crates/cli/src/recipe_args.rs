//! The recipe's flags, made from the list of its parameters.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};
use photophone::{Flag, PARAMETERS, Parameter, Recipe, TransformRecipe};

use crate::parse::{Bins, axis_hz, bins};

/// What the flags are about.
const HEADING: &str = "How the picture was made (librosa's names and defaults)";

/// How the picture was made. Names and defaults are librosa's; what the picture or the phase
/// already says need not be repeated.
#[derive(Debug, Default)]
pub(crate) struct RecipeArguments {
    /// What each flag says, in the order of the list.
    typed: Vec<Recipe>,
    /// Whether as many bins are asked for as fit.
    all_bins: bool,
    /// All of these at once, from a TOML or JSON file.
    pub(crate) recipe: Option<PathBuf>,
}

impl RecipeArguments {
    /// Whether as many bins are asked for as fit below half the sample rate.
    pub(crate) fn asks_for_all_bins(&self) -> bool {
        self.all_bins
    }

    /// The flags and the recipe file as one recipe.
    pub(crate) fn resolve(&self) -> anyhow::Result<Recipe> {
        let joined = |all: Recipe, one: &Recipe| all.joined("one flag", one.clone(), "another");
        let typed = self.typed.iter().try_fold(Recipe::default(), joined)?;
        let Some(path) = &self.recipe else { return Ok(typed) };
        Ok(typed.joined("the command line", Recipe::from_file(path)?, "the recipe file")?)
    }
}

impl Args for RecipeArguments {
    fn augment_args(command: Command) -> Command {
        let flags = PARAMETERS.iter().flat_map(flags);
        let file = Arg::new("recipe").long("recipe").value_name("FILE").value_parser(value_parser!(PathBuf));
        command.next_help_heading(HEADING).args(flags).arg(file.help("All of these at once, from a TOML or JSON file"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The flags of a parameter.
fn flags(parameter: &'static Parameter) -> Vec<Arg> {
    let Parameter { name, help, default, .. } = parameter;
    let flag = Arg::new(*name).long(*name).help(format!("{help} [default: {default}]"));
    match parameter.flag {
        Flag::Absent => Vec::new(),
        Flag::Switch { off, meaning } => {
            let not = Arg::new(off).long(off).help(meaning).action(ArgAction::SetTrue);
            vec![flag.action(ArgAction::SetTrue).overrides_with(off), not]
        }
        Flag::Value(placeholder) => {
            let flag = flag.value_name(placeholder);
            vec![match *name {
                "bins" => flag.value_parser(bins),
                "transform" => flag.value_parser(transform),
                "fmax" => flag.value_parser(|text: &str| axis_hz(text).and_then(|_| parameter.parsed(text))),
                _ => {
                    let flag = flag.value_parser(|text: &str| parameter.parsed(text));
                    flag.allow_negative_numbers(*name == "tuning").allow_hyphen_values(*name == "levels")
                }
            }]
        }
    }
}

/// A transform in its short form.
fn transform(text: &str) -> Result<Recipe, String> {
    text.parse::<TransformRecipe>().map(Recipe::from).map_err(|error| error.to_string())
}

impl FromArgMatches for RecipeArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = PARAMETERS.iter().filter_map(|parameter| said(parameter, matches)).collect::<Result<_, _>>();
        Ok(Self {
            typed: typed.map_err(|problem| clap::Error::raw(ErrorKind::InvalidValue, problem))?,
            all_bins: matches!(matches.get_one("bins"), Some(Bins::Auto)),
            recipe: matches.get_one("recipe").cloned(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What the flags of a parameter say, if one was typed.
fn said(parameter: &Parameter, matches: &ArgMatches) -> Option<Result<Recipe, String>> {
    match (parameter.flag, parameter.name) {
        (Flag::Absent, _) => None,
        (Flag::Switch { off, .. }, name) => {
            let is_on = matches.get_flag(name);
            (is_on || matches.get_flag(off)).then(|| parameter.parsed(&is_on.to_string()))
        }
        (Flag::Value(_), "bins") => match matches.get_one("bins") {
            Some(Bins::Count(count)) => Some(parameter.parsed(&count.to_string())),
            Some(Bins::Auto) | None => None,
        },
        (Flag::Value(_), name) => matches.get_one(name).cloned().map(Ok),
    }
}
