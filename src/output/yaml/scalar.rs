//! How a string is written in YAML: plain, in double quotes or as a literal block.
//!
//! The reader that counts is Kubernetes' own, Go's `sigs.k8s.io/yaml`, which speaks YAML 1.1: `no`, `on`, `y`, `1_000`
//! and `0x1f` are not strings to it, and it turns the key `y` into `true`. A string is therefore plain only where it
//! is certainly a string to every reader, YAML 1.1 or 1.2; all else is quoted. What cannot be seen on the page (control
//! characters, blanks other than a space, marks that turn the direction of text) is escaped.
//!
//! One pass over the bytes gathers what classes of bytes a string holds; almost every string of a manifest is decided
//! by that one byte of flags.

/// A space: decides only at an end of the text, or beside `:` and `#`.
const SPACE: u8 = 1 << 0;
/// `:`, which ends a key where a blank or the end follows.
const COLON: u8 = 1 << 1;
/// `#`, which starts a comment after a blank.
const HASH: u8 = 1 << 2;
/// A line feed.
const BREAK: u8 = 1 << 3;
/// A tab or another control character.
const CONTROL: u8 = 1 << 4;
/// A byte of a character beyond ASCII.
const BEYOND_ASCII: u8 = 1 << 5;
/// A byte that stands in no number, date, time or digest of hexadecimal digits, in any version of YAML.
const NEVER_IN_NUMBER: u8 = 1 << 6;
/// `"` or `\`, which double quotes have to escape.
const ESCAPED: u8 = 1 << 7;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let byte = at as u8;
        table[at] = match byte {
            b' ' => SPACE,
            b':' => COLON,
            b'#' => HASH | NEVER_IN_NUMBER,
            b'\n' => BREAK,
            0..=0x1f | 0x7f => CONTROL,
            0x80.. => BEYOND_ASCII,
            b'"' | b'\\' => ESCAPED | NEVER_IN_NUMBER,
            b'0'..=b'9' | b'_' | b'.' | b',' | b'+' | b'-'
            // Hexadecimal digits and exponents, the marks of a base, and those of a date.
            | b'a'..=b'f' | b'A'..=b'F' | b'x' | b'X' | b'o' | b'O' | b'p' | b'P' | b't' | b'T' | b'z' | b'Z' => 0,
            _ => NEVER_IN_NUMBER,
        };
        at += 1;
    }
    table
}

/// What the words are that some reader takes for a boolean or for null.
const WORDS: [&str; 9] = ["y", "n", "no", "on", "yes", "off", "true", "null", "false"];

/// Writes a string on the line it stands in: plain or in double quotes.
pub(super) fn write_inline(text: &str, out: &mut Vec<u8>) {
    if is_plain(text, survey(text)) {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_quoted(text, out);
    }
}

/// Writes a string as a value: as [`write_inline`], or as a literal block where it has several lines. `pad` writes
/// the indentation of the block's lines.
pub(super) fn write_value(text: &str, out: &mut Vec<u8>, pad: impl Fn(&mut Vec<u8>)) {
    let survey = survey(text);
    if is_plain(text, survey) {
        out.extend_from_slice(text.as_bytes());
    } else if survey & BREAK != 0 && is_literal(text, survey) {
        write_literal(text, out, pad);
    } else {
        write_quoted(text, out);
    }
}

/// The classes of bytes a text holds, all in one.
fn survey(text: &str) -> u8 {
    text.bytes().fold(0, |classes, byte| classes | CLASS[usize::from(byte)])
}

/// Whether every reader takes the text, without quotes, for the same string.
fn is_plain(text: &str, survey: u8) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    if survey & (BREAK | CONTROL) != 0 || last == b' ' {
        return false;
    }
    let starts_plain = match first {
        b'a'..=b'z' | b'A'..=b'Z' => bytes.len() > 5 || !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)),
        b'/' | b'_' | b'$' | b'(' | b'^' | 0x80.. => true,
        b'0'..=b'9' => survey & NEVER_IN_NUMBER != 0,
        // The arguments of a command, `-c` and `--port=80`; a sign with a digit, a dot or another dash is quoted.
        b'-' => match bytes {
            [_, second, ..] if second.is_ascii_alphabetic() => true,
            [_, b'-', third, ..] => third.is_ascii_alphabetic(),
            _ => false,
        },
        // A path or a suffix; never `.5`, `.inf`, `.nan` or the end of a document.
        b'.' => match bytes {
            [_, b'/', ..] => true,
            [_, second, ..] => second.is_ascii_alphabetic() && !matches!(second, b'i' | b'I' | b'n' | b'N'),
            [_] | [] => false,
        },
        _ => false,
    };
    starts_plain
        && (survey & COLON == 0 || (last != b':' && !bytes.windows(2).any(|pair| pair[0] == b':' && pair[1] == b' ')))
        && (survey & HASH == 0 || survey & SPACE == 0 || !bytes.windows(2).any(|pair| pair == b" #"))
        && (survey & BEYOND_ASCII == 0 || text.chars().all(is_visible))
}

/// Whether a text of several lines comes back as it is from a literal block. The first line sets the indentation, so
/// it must neither be empty nor start with a blank; a line of nothing but blanks would be lost on the eye.
fn is_literal(text: &str, survey: u8) -> bool {
    if text.starts_with(['\n', ' ', '\t'])
        || (survey & CONTROL != 0 && text.bytes().any(|byte| byte != b'\t' && CLASS[usize::from(byte)] & CONTROL != 0))
        || (survey & BEYOND_ASCII != 0 && !text.chars().all(|char| char.is_ascii() || is_visible(char)))
    {
        return false;
    }
    text.split('\n').all(|line| {
        !line.starts_with('\t') && (line.is_empty() || !line.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
    })
}

/// Writes a literal block; its last line feeds are kept, cut or added to as the header says.
fn write_literal(text: &str, out: &mut Vec<u8>, pad: impl Fn(&mut Vec<u8>)) {
    let body = text.trim_end_matches('\n');
    out.extend_from_slice(match text.len() - body.len() {
        0 => b"|-",
        1 => b"|",
        _ => b"|+",
    });
    for line in body.split('\n') {
        out.push(b'\n');
        if !line.is_empty() {
            pad(out);
            out.extend_from_slice(line.as_bytes());
        }
    }
    // The line feed of the last line is the caller's, as after every value.
    for _ in 1..text.len() - body.len() {
        out.push(b'\n');
    }
}

/// Writes a string in double quotes, on one line, with the escapes that JSON has too where there is one.
fn write_quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    while let Some(at) =
        rest.bytes().position(|byte| CLASS[usize::from(byte)] & (ESCAPED | CONTROL | BREAK | BEYOND_ASCII) != 0)
    {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let mut chars = rest[at..].chars();
        if let Some(char) = chars.next() {
            write_escaped(char, out);
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

/// Writes one character inside double quotes.
fn write_escaped(char: char, out: &mut Vec<u8>) {
    match char {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\r' => out.extend_from_slice(b"\\r"),
        _ if is_visible(char) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {
            let code = u32::from(char);
            let digits = if code > 0xffff { 8 } else { 4 };
            out.extend_from_slice(if digits == 8 { b"\\U" } else { b"\\u" });
            for at in (0..digits).rev() {
                out.push(b"0123456789abcdef"[(code >> (4 * at)) as usize & 15]);
            }
        }
    }
}

/// Whether a character shows on the page as what it is. Excluded are controls, blanks that are not a space, line
/// breaks of YAML 1.1 (NEL, LS, PS), byte order marks, joiners, marks of direction, tags, and what no font has.
fn is_visible(char: char) -> bool {
    match char {
        ' '..='~' => true,
        '\0'..='\u{a0}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{1680}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}'
        | '\u{3000}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{e0000}'..='\u{10ffff}' => false,
        _ => true,
    }
}
