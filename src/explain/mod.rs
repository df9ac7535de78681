//! The pages of findings: what a code means, why it matters, an example, and how to mend it.
//!
//! A page is a Markdown file beside the code's declaration. Its shape is fixed, because two readers depend on it:
//! people, who find the same four headings everywhere, and the test that compiles the two examples of every page.

use crate::diagnostic::{Code, codes, nearest};

/// The headings of every page, in their order.
pub const HEADINGS: [&str; 4] = ["What it means", "Why it matters", "Example", "How to fix"];

/// Every code, sorted by name.
pub fn list() -> &'static [&'static Code] {
    codes::ALL
}

/// The code of this name, else the name that was probably meant.
pub fn find(name: &str) -> Result<&'static Code, Option<&'static str>> {
    // As it stands in a report, people copy it with its brackets, and at times with the word before them.
    let name = name.trim().trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']']);
    codes::by_name(name).ok_or_else(|| nearest(name, codes::ALL.iter().map(|code| code.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headings, and below each the number of its examples.
    fn outline(page: &str) -> Vec<(&str, usize)> {
        let mut outline: Vec<(&str, usize)> = Vec::new();
        let mut inside = false;
        for line in page.lines() {
            if line.starts_with("```") {
                inside = !inside;
                if let Some((_, examples)) = outline.last_mut() {
                    *examples += usize::from(line == "```kdl");
                }
            } else if !inside && line.starts_with('#') {
                outline.push((line.trim_start_matches('#').trim(), 0));
            }
        }
        outline
    }

    #[test]
    fn every_page_has_its_four_headings_and_two_examples() {
        for code in list() {
            let expected: Vec<(&str, usize)> = std::iter::once((code.name, 0))
                .chain(HEADINGS.into_iter().map(|heading| (heading, usize::from(heading.starts_with(['E', 'H'])))))
                .collect();
            assert_eq!(outline(code.page), expected, "pages/{}.md", code.name);
        }
    }

    #[test]
    fn codes_are_sorted_and_kebab_case() {
        assert!(list().is_sorted_by(|a, b| a.name < b.name));
        assert!(list().iter().all(|code| code.name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn a_code_is_found_by_its_name_as_it_stands_in_a_report() {
        for written in ["unknown-node", "[unknown-node]", "error[unknown-node]", " warning[unknown-node]"] {
            assert_eq!(find(written).map(|code| code.name), Ok("unknown-node"));
        }
        assert_eq!(find("unknwon-node").map(|code| code.name), Err(Some("unknown-node")));
        assert_eq!(find("elephant").map(|code| code.name), Err(None));
    }
}
