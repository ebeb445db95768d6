//! What the page asks where the sound hangs on something that nobody told: three questions at most, the most audible first.

use serde::Serialize;

use crate::findings::Shown;

/// Most that are asked at once.
const MOST: usize = 3;

/// Frame durations are read from ticks to some per mille.
const SAME: f64 = 0.01;

/// A question with answers that are ready.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Question {
    /// In a few words.
    pub(crate) title: String,
    /// What is known of it, and what hangs on it.
    pub(crate) text: String,
    /// Ready answers.
    pub(crate) answers: Vec<Answer>,
    /// The setting that any other answer is given to; `phase` takes a file.
    pub(crate) setting: &'static str,
}

/// An answer: settings that it gives, none to go on without.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Answer {
    /// What the button says.
    pub(crate) text: String,
    /// Settings and their values.
    pub(crate) gives: Vec<(&'static str, String)>,
}

/// The questions about a list of findings. `frame_secs` is how long a frame lasts by a time axis.
pub(crate) fn questions(list: &[Shown], has_phase: bool, frame_secs: Option<f64>) -> Vec<Question> {
    let doubtful = |setting: &str| list.iter().find(|shown| shown.setting == Some(setting) && shown.is_doubtful());
    let mut asked = Vec::new();
    if doubtful("sr").is_some() {
        asked.push(rate(frame_secs));
    }
    if !has_phase {
        asked.push(Question {
            title: "Is there a phase?".to_owned(),
            text: "None was found. Without it the sound is close, not the same.".to_owned(),
            answers: vec![Answer { text: "Go on without".to_owned(), gives: Vec::new() }],
            setting: "phase",
        });
    }
    if let Some(levels) = doubtful("levels") {
        let value = |value: &str| vec![("levels", value.to_owned())];
        asked.push(Question {
            title: "How many decibels do the colours span?".to_owned(),
            text: format!("Taken for {}: {}.", levels.text, levels.sureness),
            answers: vec![
                Answer { text: "80 dB".to_owned(), gives: value("db:-80:0") },
                Answer { text: "60 dB".to_owned(), gives: value("db:-60:0") },
                Answer { text: "Not decibels".to_owned(), gives: value("linear") },
            ],
            setting: "levels",
        });
    }
    asked.truncate(MOST);
    asked
}

/// Rates that sounds have, with librosa's usual hops.
const USUAL: [(u32, usize); 4] = [(22_050, 512), (44_100, 1024), (44_100, 512), (16_000, 512)];

fn rate(frame_secs: Option<f64>) -> Question {
    let is_possible = |&(rate, hop): &(u32, usize)| {
        frame_secs.is_none_or(|secs| (hop as f64 / f64::from(rate) / secs - 1.0).abs() < SAME)
    };
    let fitting: Vec<(u32, usize)> = USUAL.iter().copied().filter(is_possible).collect();
    let number = |rate: u32| format!("{}\u{202f}{:03}", rate / 1000, rate % 1000);
    let (text, answers) = match frame_secs {
        Some(secs) if !fitting.is_empty() => {
            let fits = if fitting.len() == 1 { "one rate" } else { "two" };
            let text = format!("By the ticks a frame lasts {:.1} ms. That fits {fits}.", 1000.0 * secs);
            let answer = |&(rate, hop): &(u32, usize)| Answer {
                text: format!("{} Hz, hop {hop}", number(rate)),
                gives: vec![("sr", rate.to_string()), ("hop", hop.to_string())],
            };
            (text, fitting.iter().map(answer).collect())
        }
        _ => {
            let answer =
                |rate: u32| Answer { text: format!("{} Hz", number(rate)), gives: vec![("sr", rate.to_string())] };
            let text = "Nothing in the picture tells it. Speed and pitch hang on it.".to_owned();
            (text, vec![answer(22_050), answer(44_100)])
        }
    };
    Question { title: "Which sample rate?".to_owned(), text, answers, setting: "sr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(setting: &'static str, source: &'static str, confidence: Option<f64>) -> Shown {
        let (text, value, sureness, evidence) = (String::new(), String::new(), String::new(), String::new());
        Shown { setting: Some(setting), label: "", text, value, source, confidence, sureness, evidence }
    }

    #[test]
    fn what_is_given_or_sure_is_not_asked_and_the_rate_comes_first() {
        let list = [shown("levels", "read", Some(0.66)), shown("sr", "assumed", None)];
        let titles: Vec<String> = questions(&list, false, None).into_iter().map(|question| question.title).collect();
        assert_eq!(titles, ["Which sample rate?", "Is there a phase?", "How many decibels do the colours span?"]);
        let list = [shown("levels", "read", Some(0.9)), shown("sr", "given", None)];
        assert!(questions(&list, true, None).is_empty());
    }

    #[test]
    fn rates_are_those_that_a_frame_leaves() {
        let two = rate(Some(512.0 / 22_050.0));
        assert!(two.text.contains("23.2 ms. That fits two."), "{}", two.text);
        assert_eq!(two.answers[1].gives, [("sr", "44100".to_owned()), ("hop", "1024".to_owned())]);
        assert_eq!(rate(Some(0.3)).answers.len(), 2);
    }
}
