//! Dated facts: what only a live system knows and a workspace keeps as a file.
//!
//! The groups of the directory come as an LDIF export, rows of things as tables in CSV, certificates as PEM. They are written by other
//! programs and edited by hand, so their readers point at the line that is wrong, and go on. Which file a spec names,
//! and whether it is too old, is decided by those who use them.

mod csv;
mod ldif;

pub mod certificate;
pub mod directory;
pub mod table;

use crate::diagnostic::Fault;

/// The text of a file that some other program wrote: UTF-8 or UTF-16, with or without a byte order mark.
pub fn decode(bytes: &[u8]) -> Result<String, Fault> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Err(Fault::new("the file is a spreadsheet or another archive, not a text")
            .help("save it as \"CSV UTF-8\", and name that file")),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => narrow(rest),
        // ASCII in UTF-16 has a zero in every other byte.
        [first, 0, ..] if *first != 0 => wide(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => wide(bytes, u16::from_be_bytes),
        _ => narrow(bytes),
    }
}

fn narrow(bytes: &[u8]) -> Result<String, Fault> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let at = error.valid_up_to();
        let line = bytes[..at].split(|byte| *byte == b'\n').count();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let fault = Fault::new(format!("the file is not UTF-8: byte 0x{byte:02X} in line {line}"))
            .at(at..at + char::REPLACEMENT_CHARACTER.len_utf8());
        match char::from(byte) {
            // Where the old Windows code page and Latin-1 agree on a letter, that is what was written.
            letter @ 'À'..='ÿ' => fault.help(format!(
                "that is `{letter}` in Windows-1252, as spreadsheets save it; save the file again as \"CSV UTF-8\" or UTF-8"
            )),
            _ => fault.help("save the file again as UTF-8"),
        }
    })
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(
            Fault::new("the file is UTF-16 and ends in the middle of a character").help("save the file again as UTF-8")
        );
    }
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    text.map_err(|_| {
        Fault::new("the file is UTF-16 and has half a character in it").help("save the file again as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_understood_and_left_out() {
        for bytes in [
            &b"\xef\xbb\xbfa\xc3\xbc"[..],
            b"a\xc3\xbc",
            b"\xff\xfea\0\xfc\0",
            b"\xfe\xff\0a\0\xfc",
            b"a\0\xfc\0",
            b"\0a\0\xfc",
        ] {
            assert_eq!(decode(bytes).unwrap(), "aü");
        }
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn other_encodings_are_refused_with_their_line() {
        let fault = decode(b"id;name\n1;M\xfcller\n").unwrap_err();
        assert_eq!(fault.message, "the file is not UTF-8: byte 0xFC in line 2");
        assert!(fault.help.unwrap().starts_with("that is `ü` in Windows-1252"));
        assert!(decode(b"PK\x03\x04\x14\0").unwrap_err().message.contains("spreadsheet"));
        assert!(decode(b"\xff\xfea").is_err() && decode(b"\xff\xfe\0\xd8").is_err());
    }
}
