//! From bytes to text, the one place where an encoding is looked at.

use crate::diagnostic::Fault;

/// Decodes the bytes of a file: UTF-8, with or without a byte order mark, which is dropped.
pub fn decode(bytes: Vec<u8>) -> Result<String, Fault> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes.as_slice() {
        return Err(Fault::new("the file is UTF-16, a spec is read as UTF-8").help("save the file as UTF-8"));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..valid].split(|byte| *byte == b'\n').count();
        let byte = bytes.get(valid).copied().unwrap_or_default();
        let fault = Fault::new(format!("the file is not UTF-8: byte 0x{byte:02X} in line {line}")).at(valid..valid + 1);
        match latin_letter(byte) {
            Some(letter) => {
                fault.help(format!("in Latin-1 and Windows-1252 this byte is `{letter}`; save the file as UTF-8"))
            }
            None => fault.help("save the file as UTF-8"),
        }
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The letter that most likely was meant: Latin-1 agrees with Unicode from 0xC0 on.
fn latin_letter(byte: u8) -> Option<char> {
    (byte >= 0xc0).then(|| char::from(byte))
}
