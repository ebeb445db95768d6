//! Documents with generated parts between marks.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::process::root;

/// Where a generated part begins and ends.
pub(crate) struct Marks<'a> {
    pub(crate) document: &'static str,
    pub(crate) begin: &'a str,
    pub(crate) end: &'a str,
}

impl Marks<'_> {
    /// Puts `content` between the marks, on lines of its own.
    pub(crate) fn write(&self, content: &str) -> Result<()> {
        let path = root()?.join(self.document);
        let text = fs::read_to_string(&path).context(self.document)?;
        fs::write(&path, self.filled(&text, content)?).context(self.document)
    }

    /// Fails where something else stands between the marks; `command` writes it.
    pub(crate) fn check(&self, content: &str, command: &str) -> Result<()> {
        let text = fs::read_to_string(root()?.join(self.document)).context(self.document)?;
        ensure!(self.filled(&text, content)? == text, "{} is out of date: run {command}", self.document);
        Ok(())
    }

    fn filled(&self, text: &str, content: &str) -> Result<String> {
        let Self { document, begin, end } = self;
        let (before, rest) = text.split_once(begin).with_context(|| format!("{document} has no mark '{begin}'"))?;
        let (_, after) = rest.split_once(end).with_context(|| format!("{document} has no mark '{end}'"))?;
        Ok(format!("{before}{begin}\n{}\n{end}{after}", content.trim_end()))
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let marks = Marks { document: "a page", begin: "<!-- a -->", end: "<!-- b -->" };
        let page = marks.filled("x\n<!-- a -->\nold\n<!-- b -->\ny\n", "new\n").unwrap();
        assert_eq!(page, "x\n<!-- a -->\nnew\n<!-- b -->\ny\n");
        assert_eq!(marks.filled(&page, "new").unwrap(), page);
        assert!(marks.filled("x\n<!-- a -->\n", "new").unwrap_err().to_string().contains("a page"));
    }
}
