//! What a parser has against a recipe, in plain words: its own name Rust's types.

/// What stands in a parser's message, and in the words of people. Backquotes are plain quotes before.
const WORDS: [(&str, &str); 14] = [
    ("data did not match any variant of untagged enum NumberOrText", "found neither a number nor a word"),
    ("data did not match any variant of untagged enum NumberOrName", "found neither a number nor a word"),
    ("invalid type: ", "found "),
    ("invalid value: ", "found "),
    ("floating point '", "'"),
    ("integer '", "'"),
    ("boolean '", "'"),
    ("string \"", "\""),
    ("expected usize", "expected a whole number, 0 or more"),
    ("expected u32", "expected a whole number, 0 to 4294967295"),
    ("expected f64", "expected a number"),
    ("expected a boolean", "expected true or false"),
    ("found map", "found a table"),
    ("found sequence", "found a list"),
];

/// A parser's message in plain words. The names in it are those of a recipe's fields, which no front end spells otherwise.
pub fn plain_problem(message: &str) -> String {
    let quoted = message.trim().replace('`', "'").replace('\n', " ");
    WORDS.iter().fold(quoted, |text, (theirs, ours)| text.replace(theirs, ours))
}

/// The number of the line in which a byte lies, from 1.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;

    #[test]
    fn parsers_problems_are_told_in_plain_words() {
        for (json, text) in [
            ("{\"hop\": 1.5}", "found '1.5', expected a whole number, 0 or more"),
            ("{\"bins\": -3}", "found '-3', expected a whole number, 0 or more"),
            ("{\"sr\": true}", "found 'true', expected a number"),
            ("{\"scale\": 3}", "found '3', expected true or false"),
            ("{\"fmin\": []}", "found neither a number nor a word"),
            ("{\"transform\": {\"hop\": 1.5}}", "found '1.5', expected a whole number, 0 or more"),
            ("{\"transform\": {\"length\": 3}}", "unknown field 'length', expected one of 'kind', 'sr', 'hop'"),
            ("{\"sound\": 3}", "found '3', expected a table or a word"),
            ("{\"gamma\": {}}", "found neither a number nor a word"),
            (
                "{\"hopp\": 3}",
                "unknown field 'hopp', expected one of 'sound', 'transform', 'picture', 'inverse', 'sample-rate'",
            ),
        ] {
            let problem = plain_problem(&serde_json::from_str::<Recipe>(json).unwrap_err().to_string());
            assert!(problem.starts_with(text), "{json}: {problem}");
        }
    }
}
