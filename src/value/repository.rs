//! What lies in a Git repository: the name of a branch, and a folder below its root.
//!
//! Both are only used after somebody has pushed, by a Fleet that says little about them. So what Git's
//! `check-ref-format` refuses, and a folder that is none of the repository, is refused here.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{first_bad, is_not, is_not_because, is_unseen, mend, shown_char};

const BRANCH: &str = "the name of a branch";
const FOLDER: &str = "a folder below the root";

/// Reads the name of a branch: `main`, `release/2027`.
pub(crate) fn branch(text: &str) -> Result<CompactString, Fault> {
    mend(text, read_branch, |text| text.trim().strip_prefix("refs/heads/").unwrap_or(text.trim()).to_owned())
}

fn read_branch(text: &str) -> Result<CompactString, Fault> {
    let is_fine =
        |character: char| !character.is_whitespace() && !is_unseen(character) && !r"~^:?*[\".contains(character);
    let fault = if text.is_empty() {
        is_not(text, BRANCH)
    } else if let Some((character, at)) = first_bad(text, is_fine) {
        is_not_because(text, BRANCH, format!("there is {} in it", shown_char(character))).at(at)
    } else if text.starts_with("refs/") {
        is_not_because(text, BRANCH, "it is a whole reference")
    } else if text.starts_with('-')
        || matches!(text, "@" | "HEAD")
        || text.contains("..")
        || text.contains("@{")
        || text.ends_with('.')
    {
        is_not_because(text, BRANCH, "Git reads it as something else")
    } else if text
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.') || part.strip_suffix(".lock").is_some())
    {
        is_not_because(text, BRANCH, "one of its parts is empty, begins with `.` or ends with `.lock`")
    } else {
        return Ok(text.into());
    };
    Err(fault)
}

/// Reads a folder of a repository: `out`, `clusters/production`, or `.` for the repository itself.
pub(crate) fn folder(text: &str) -> Result<CompactString, Fault> {
    mend(text, read_folder, meant_folder)
}

fn read_folder(text: &str) -> Result<CompactString, Fault> {
    let is_fine =
        |character: char| !character.is_whitespace() && !is_unseen(character) && !r"\:*?[]{}".contains(character);
    let fault = if text.is_empty() {
        is_not(text, FOLDER).help("`.` is the root itself")
    } else if let Some((character, at)) = first_bad(text, is_fine) {
        is_not_because(text, FOLDER, format!("there is {} in it", shown_char(character))).at(at)
    } else if text.starts_with('/') {
        is_not_because(text, FOLDER, "it begins at the root of a machine")
    } else if text.split('/').any(|part| part == "..") {
        is_not_because(text, FOLDER, "it leads out of there")
    } else if text != "." && text.split('/').any(|part| matches!(part, "" | ".")) {
        is_not_because(text, FOLDER, "one of its parts is empty or `.`")
    } else {
        return Ok(text.into());
    };
    Err(fault)
}

/// `./out/`, `/out`: the folder without what leads to it.
fn meant_folder(text: &str) -> Option<String> {
    let text = text.trim().replace('\\', "/");
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if text.is_empty() {
        return None;
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_what_git_takes() {
        for text in ["main", "release/2027", "größe", "a-b_c.d", "feature#1"] {
            assert!(branch(text).is_ok(), "{text}");
        }
        for text in
            ["", "a b", "a..b", "-x", "x.lock", "a//b", "/a", "a/", "a~1", "HEAD^", "HEAD", "@", "a@{1}", ".a", "a."]
        {
            assert!(branch(text).is_err(), "{text}");
        }
        assert_eq!(branch("refs/heads/main").unwrap_err().suggestion.as_deref(), Some("main"));
        assert_eq!(branch(" main ").unwrap_err().suggestion.as_deref(), Some("main"));
    }

    #[test]
    fn folders_stay_in_their_repository() {
        for text in ["out", "clusters/production", ".", ".out", "a..b"] {
            assert!(folder(text).is_ok(), "{text}");
        }
        let cases = [
            ("", None),
            ("/out", Some("out")),
            ("./out/", Some("out")),
            ("./", Some(".")),
            ("../out", None),
            ("a/../b", None),
            ("a//b", Some("a/b")),
            (r"clusters\production", Some("clusters/production")),
            ("a b", None),
        ];
        for (text, meant) in cases {
            assert_eq!(folder(text).unwrap_err().suggestion.as_deref(), meant, "{text}");
        }
    }
}
