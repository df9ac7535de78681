//! The pages of findings: what a code means, why it matters, an example, and how to mend it.
//!
//! A page is a Markdown file beside the code's declaration. Its shape is fixed, because two readers depend on it:
//! people, who find the same four headings everywhere, and the test that compiles the two examples of every page. A code
//! that no spec can provoke, such as an unreadable file, shows a `console` block in place of the KDL.

use std::fmt;

use crate::diagnostic::{Code, codes, nearest};

/// The headings of every page, in their order.
pub const HEADINGS: [&str; 4] = ["What it means", "Why it matters", "Example", "How to fix"];

/// Every code, sorted by name.
pub fn list() -> &'static [&'static Code] {
    codes::ALL
}

/// The code of this name, else the one that was probably meant.
pub fn find(name: &str) -> Result<&'static Code, Option<&'static str>> {
    let name = name.trim().trim_matches(['[', ']']);
    codes::by_name(name).ok_or_else(|| nearest(name, codes::ALL.iter().map(|code| code.name)))
}

/// A file of an example: its path in the workspace and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFile {
    pub path: String,
    pub text: String,
}

/// The workspaces of a page's example and of its mended form; empty where the page has `console` blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examples {
    pub broken: Vec<ExampleFile>,
    pub mended: Vec<ExampleFile>,
}

/// What is wrong with the shape of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFault(pub String);

impl fmt::Display for PageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The examples of a page, or what is wrong with its shape.
pub fn examples(code: &Code) -> Result<Examples, PageFault> {
    let fault = |text: String| Err(PageFault(format!("pages/{}.md: {text}", code.name)));
    if code.page.lines().next() != Some(format!("# {}", code.name).as_str()) {
        return fault(format!("the first line has to be `# {}`", code.name));
    }
    let sections = sections(code.page);
    let headings: Vec<&str> = sections.iter().map(|section| section.heading).collect();
    if headings != HEADINGS {
        return fault(format!("the headings are {headings:?}, expected {HEADINGS:?}"));
    }
    if let Some(empty) = sections.iter().find(|section| section.text.trim().is_empty()) {
        return fault(format!("nothing stands below `{}`", empty.heading));
    }
    let mut blocks = Vec::new();
    for section in &sections {
        let of_section = fenced(section.text);
        let expected = usize::from(matches!(section.heading, "Example" | "How to fix"));
        let examples = of_section.iter().filter(|block| matches!(block.language, "kdl" | "console")).count();
        if examples != expected {
            return fault(format!("{examples} examples below `{}`, expected {expected}", section.heading));
        }
        blocks.extend(of_section.into_iter().filter(|block| matches!(block.language, "kdl" | "console")));
    }
    match blocks.as_slice() {
        [broken, mended] if broken.language == "kdl" && mended.language == "kdl" => {
            Ok(Examples { broken: split_files(broken.text), mended: split_files(mended.text) })
        }
        [broken, mended] if broken.language == mended.language => Ok(Examples::default()),
        _ => fault("one example is `kdl` and the other `console`".to_owned()),
    }
}

struct Section<'p> {
    heading: &'p str,
    text: &'p str,
}

fn sections(page: &str) -> Vec<Section<'_>> {
    let mut starts: Vec<(usize, &str)> = Vec::new();
    let mut offset = 0;
    let mut in_block = false;
    for line in page.split_inclusive('\n') {
        in_block ^= line.starts_with("```");
        if !in_block && let Some(heading) = line.strip_prefix("## ") {
            starts.push((offset, heading.trim_end()));
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([page.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((start, heading), end)| Section { heading, text: page[*start..end].split_once('\n').unwrap_or_default().1 })
        .collect()
}

struct Block<'p> {
    language: &'p str,
    text: &'p str,
}

fn fenced(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("```") {
        let Some((language, body)) = after.split_once('\n') else { break };
        let Some((block, more)) = body.split_once("```") else { break };
        blocks.push(Block { language: language.trim(), text: block });
        rest = more;
    }
    blocks
}

/// The files of an example: `//- path` begins one; what stands before the first such line is `stadtplan.kdl`.
pub fn split_files(text: &str) -> Vec<ExampleFile> {
    let mut files: Vec<ExampleFile> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            files.push(ExampleFile { path: path.trim().to_owned(), text: String::new() });
        } else if let Some(file) = files.last_mut() {
            file.text.push_str(line);
        } else {
            files.push(ExampleFile { path: "stadtplan.kdl".to_owned(), text: line.to_owned() });
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_shape() {
        let faults: Vec<String> =
            list().iter().filter_map(|code| examples(code).err()).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn codes_are_sorted_and_kebab_case() {
        assert!(list().is_sorted_by(|a, b| a.name < b.name));
        assert!(list().iter().all(|code| code.name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn a_code_is_found_by_its_name_as_it_stands_in_a_report() {
        assert_eq!(find("[unknown-node]").map(|code| code.name), Ok("unknown-node"));
        assert_eq!(find("unknwon-node").map(|code| code.name), Err(Some("unknown-node")));
        assert_eq!(find("elephant").map(|code| code.name), Err(None));
    }

    #[test]
    fn an_example_is_split_into_its_files() {
        let files = split_files("a 1\n//- b/c.csv\nid\n");
        assert_eq!(files[0], ExampleFile { path: "stadtplan.kdl".into(), text: "a 1\n".into() });
        assert_eq!(files[1], ExampleFile { path: "b/c.csv".into(), text: "id\n".into() });
    }
}
