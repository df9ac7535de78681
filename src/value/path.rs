//! Absolute paths, of folders in a container and of pages on a host, and time zones, which look like them.
//!
//! A path begins with `/`, so that it means the same wherever a template puts it: behind a host, or as a mount. What
//! Kubernetes refuses in a mount (`..`, `:`) is refused in all of them.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{first_bad, is_not, is_not_because, is_unseen, mend, shown_char};

const WHAT: &str = "an absolute path";

/// Reads a path: `/data`, `/health/ready`.
pub(crate) fn parse(text: &str) -> Result<CompactString, Fault> {
    mend(text, read, meant)
}

fn read(text: &str) -> Result<CompactString, Fault> {
    let is_fine = |character: char| !character.is_whitespace() && !is_unseen(character) && !r"\:#".contains(character);
    let fault = if text.is_empty() {
        is_not(text, WHAT)
    } else if let Some((character, at)) = first_bad(text, is_fine) {
        is_not_because(text, WHAT, format!("there is {} in it", shown_char(character))).at(at)
    } else if !text.starts_with('/') {
        is_not_because(text, WHAT, "it does not begin with `/`")
    } else if text.split('/').any(|part| matches!(part, "." | "..")) {
        is_not_because(text, WHAT, "one of its parts is `.` or `..`")
    } else if text.contains("//") {
        is_not_because(text, WHAT, "one of its parts is empty")
    } else {
        return Ok(text.into());
    };
    Err(fault)
}

/// `healthz`, `/app//cache`: the slash in front, and one of each.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('~') {
        return None;
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let last = if text.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    Some(format!("/{}{last}", parts.join("/")))
}

const FOLDER: &str = "a folder that a volume can take the place of";

/// Where the kernel shows itself; nothing can be put there, but for the memory that processes share.
const OF_THE_KERNEL: [&str; 3] = ["/dev", "/proc", "/sys"];

/// Where an image has its programs: what is put in their place is empty.
const OF_PROGRAMS: [&str; 9] = ["/bin", "/boot", "/etc", "/lib", "/lib64", "/run", "/sbin", "/usr", "/var"];

/// Reads a folder of a container in whose place a volume can be put.
pub(crate) fn folder(text: &str) -> Result<CompactString, Fault> {
    let path = parse(text).map_err(|mut fault| {
        fault.suggestion = fault.suggestion.take().filter(|meant| folder(meant).is_ok());
        fault
    })?;
    let bare = path.trim_end_matches('/');
    let is_below = |top: &&&str| bare.strip_prefix(**top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let fault = if bare.is_empty() {
        is_not_because(text, FOLDER, "it is the whole file system of the container")
    } else if let Some(top) = OF_THE_KERNEL.iter().find(is_below).filter(|_| bare != "/dev/shm") {
        is_not_because(text, FOLDER, format!("`{top}` belongs to the kernel"))
    } else if OF_PROGRAMS.contains(&bare) {
        is_not_because(text, FOLDER, "what the image has there would be gone")
    } else {
        return Ok(path);
    };
    Err(fault.help("name the folder that the program writes into, such as `/app/cache`"))
}

/// Reads an IANA time zone by its shape: `Europe/Berlin`, `UTC`.
pub(crate) fn time_zone(text: &str) -> Result<CompactString, Fault> {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_uppercase())
            && part.len() <= 30
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte))
    };
    let known = text == "UTC" || text.contains('/') && text.split('/').count() <= 3 && text.split('/').all(part);
    if known {
        return Ok(text.into());
    }
    let fault = is_not(text, "a time zone")
        .help("a name of the IANA list with its continent, such as `Europe/Berlin`, or `UTC`");
    match text.to_uppercase().as_str() {
        "CET" | "CEST" | "MEZ" | "MESZ" | "BERLIN" | "EUROPE/BERLIN" => Err(fault.suggest("Europe/Berlin")),
        "GMT" | "Z" | "UTC" => Err(fault.suggest("UTC")),
        _ => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_the_root_are_read() {
        for text in ["/", "/data", "/health/ready", "/app/", "/status?full=1", "/a/..b", "/größe"] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_paths_are_refused() {
        for text in
            ["", "data", "../a", "/a/../b", "C:\\a", "~/a", "/a//b", "/./a", "/a b", "/a:b", "/a\0b", "https://a/b"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        let cases = [("healthz", "/healthz"), ("./a", "/a"), ("/a//b/", "/a/b/"), (" /data ", "/data")];
        for (text, meant) in cases {
            assert_eq!(parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
        assert_eq!(parse("~/a").unwrap_err().suggestion, None);
    }

    #[test]
    fn a_folder_hides_nothing_that_is_needed() {
        for text in ["/data", "/app/cache/", "/etc/nginx/conf.d", "/var/www", "/dev/shm", "/developer"] {
            assert!(folder(text).is_ok(), "{text}");
        }
        for text in ["/", "data", "/etc", "/usr/", "/proc", "/proc/self", "/dev/sda", "/sys/fs"] {
            assert!(folder(text).is_err(), "{text}");
        }
    }

    #[test]
    fn time_zones_have_their_continent() {
        assert!(
            time_zone("Europe/Berlin").is_ok()
                && time_zone("UTC").is_ok()
                && time_zone("America/Argentina/Ushuaia").is_ok()
        );
        assert_eq!(time_zone("MEZ").unwrap_err().suggestion.as_deref(), Some("Europe/Berlin"));
        assert!(time_zone("Berlin").is_err() && time_zone("europe/berlin").is_err() && time_zone("").is_err());
    }
}
