//! How much is said to the person.

use photophone::Report;

use crate::command_line::Arguments;
use crate::stderr::say;
use crate::summary::summary;
use crate::wording::in_flags;

/// How much is said to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// Errors only.
    Nothing,
    /// What matters.
    Short,
    /// Everything.
    All,
}

impl Talk {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        match (arguments.quiet, arguments.verbose) {
            (true, _) => Self::Nothing,
            (false, true) => Self::All,
            (false, false) => Self::Short,
        }
    }

    /// Says something that is no error.
    pub(crate) fn say(self, text: &str) {
        if self != Self::Nothing {
            say(text);
        }
    }

    /// Says what came of a recover: in four lines and the warnings, or all of it.
    pub(crate) fn account(self, report: &Report) {
        if self == Self::All {
            // The account of the solve names settings too.
            self.say(&in_flags(&report.to_string()));
        } else {
            self.say(&summary(report));
            report.warnings.iter().for_each(|warning| self.say(warning));
        }
    }
}
