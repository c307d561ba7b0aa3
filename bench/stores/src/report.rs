//! What is printed and written: sections of Markdown, with the goals that were reached and missed. It knows no number's meaning.

use std::fmt::Write as _;
use std::path::Path;

use crate::Error;

/// One part's results.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) goals: Vec<Goal>,
}

/// What this project wants to reach.
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) measured: String,
    pub(crate) is_reached: bool,
}

impl Section {
    /// As it stands in the document.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n", self.title, self.text.trim_end());
        if !self.goals.is_empty() {
            let mut table = Table::new(&["goal", "measured", "reached"]);
            for goal in &self.goals {
                let reached = if goal.is_reached { "yes" } else { "**no**" };
                table.row([goal.what.clone(), goal.measured.clone(), reached.to_owned()]);
            }
            let _ = write!(text, "\n{}", table.markdown());
        }
        text
    }
}

/// A table.
pub(crate) struct Table {
    text: String,
}

impl Table {
    /// The first column is words, the others are mostly numbers.
    pub(crate) fn new(head: &[&str]) -> Self {
        let mut text = format!("| {} |\n| --- |", head.join(" | "));
        for _ in 1..head.len() {
            text.push_str(" ---: |");
        }
        text.push('\n');
        Self { text }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = cells.into_iter().collect();
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    pub(crate) fn markdown(&self) -> &str {
        &self.text
    }
}

/// Writes sections into a document. Those in it that were not measured this time stay.
pub(crate) fn write(file: &Path, head: &str, sections: &[Section]) -> Result<(), Error> {
    let before = std::fs::read_to_string(file).unwrap_or_default();
    std::fs::write(file, merged(&before, head, sections))
        .map_err(|error| format!("{} cannot be written: {error}", file.display()).into())
}

fn merged(before: &str, head: &str, sections: &[Section]) -> String {
    let mut old: Vec<(&str, String)> = before
        .split("\n## ")
        .skip(1)
        .map(|section| {
            let title = section.lines().next().unwrap_or_default();
            (title, format!("## {}\n", section.trim_end()))
        })
        .collect();
    for section in sections {
        match old.iter_mut().find(|(title, _)| *title == section.title) {
            Some((_, text)) => *text = section.markdown(),
            None => old.push((section.title, section.markdown())),
        }
    }
    let sections: Vec<_> = old.into_iter().map(|(_, text)| text).collect();
    format!("{}\n\n{}", head.trim_end(), sections.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &'static str, text: &str) -> Section {
        Section {
            title,
            text: text.to_owned(),
            goals: Vec::new(),
        }
    }

    #[test]
    fn what_was_not_measured_again_stays() {
        let first = merged(
            "",
            "# Head",
            &[section("A", "one\n\ntwo"), section("B", "three")],
        );
        let second = merged(
            &first,
            "# Head",
            &[section("B", "four"), section("C", "five")],
        );
        assert_eq!(
            second,
            "# Head\n\n## A\n\none\n\ntwo\n\n## B\n\nfour\n\n## C\n\nfive\n"
        );
    }

    #[test]
    fn a_goal_that_was_missed_is_told() {
        let mut section = section("A", "text");
        section.goals.push(Goal {
            what: "all of them".to_owned(),
            measured: "2 of 3".to_owned(),
            is_reached: false,
        });
        assert!(
            section
                .markdown()
                .ends_with("| all of them | 2 of 3 | **no** |\n")
        );
    }
}
