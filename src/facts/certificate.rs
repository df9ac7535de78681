//! Certificates as people keep them: PEM, one block behind the other, with whatever other programs write between them.
//!
//! An authority's certificate is public and may lie in the workspace; its key may not, and a file that has one is
//! refused as a whole. Of a certificate only what can be wrong in a copy is looked at: that its bytes are one whole
//! structure, and until when it holds. Who signed it is for those to prove who rely on it.

use jiff::civil::Date;

use super::ldif::base64;

/// A certificate of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// As PEM in its usual form, so that the same certificate is the same text wherever it came from.
    pub pem: String,
    /// The last day it holds.
    pub until: Date,
}

/// Why a file is no list of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It has the key of an authority or a server.
    PrivateKey,
    NoCertificate,
    /// The certificate of this place in the file, from 1, was cut off or changed.
    Broken(usize),
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// How many letters of base64 stand in a line of PEM.
const WIDTH: usize = 64;

/// Reads all certificates of a file; it has to have one at least.
pub fn read_certificates(text: &str) -> Result<Vec<Certificate>, Flaw> {
    let mut certificates = Vec::new();
    // A key is told by its title alone, whether or not the block behind it is whole.
    let titles = text.split(BEGIN).skip(1).filter_map(|rest| Some(rest.split_once(DASHES)?.0));
    if titles.into_iter().any(|title| title.ends_with("PRIVATE KEY")) {
        return Err(Flaw::PrivateKey);
    }
    for block in text.split(BEGIN).skip(1) {
        let Some((title, rest)) = block.split_once(DASHES) else { continue };
        // What OpenSSL calls trusted has more behind the certificate, which others do not read.
        if !matches!(title, "CERTIFICATE" | "X509 CERTIFICATE") {
            continue;
        }
        let broken = Flaw::Broken(certificates.len() + 1);
        let (body, _) = rest.split_once(DASHES).ok_or(broken)?;
        let letters: String = body.split_whitespace().collect();
        let bytes = base64(&letters).ok_or(broken)?;
        let until = last_day(&bytes).ok_or(broken)?;
        certificates.push(Certificate { pem: to_pem(&letters), until });
    }
    if certificates.is_empty() { Err(Flaw::NoCertificate) } else { Ok(certificates) }
}

fn to_pem(letters: &str) -> String {
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in letters.as_bytes().chunks(WIDTH) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const SHORT_TIME: u8 = 0x17;
const LONG_TIME: u8 = 0x18;

/// The day a certificate ends; `None` where its bytes are not one whole certificate.
fn last_day(bytes: &[u8]) -> Option<Date> {
    let (whole, rest) = element(bytes, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    let (to_sign, signature) = element(whole, SEQUENCE)?;
    element(signature, SEQUENCE)?;
    // The version is left out where it is the first one.
    let to_sign = element(to_sign, VERSION).map_or(to_sign, |(_, rest)| rest);
    let (_serial, rest) = element(to_sign, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (_issuer, rest) = element(rest, SEQUENCE)?;
    let (validity, _) = element(rest, SEQUENCE)?;
    let (_from, until) = time(validity)?;
    time(until)?.0
}

/// What an element of this kind holds, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [kind, first, rest @ ..] = bytes else { return None };
    if *kind != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // So many bytes of length follow; no certificate is longer than three of them say.
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The day of a time, if it is one of the calendar, and what follows it.
fn time(bytes: &[u8]) -> Option<(Option<Date>, &[u8])> {
    let (text, rest) = element(bytes, SHORT_TIME).or_else(|| element(bytes, LONG_TIME))?;
    let text = std::str::from_utf8(text).ok()?;
    let (year, days) = match text.len() {
        // Two digits are of the years 1950 to 2049.
        13 => {
            let (year, days) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, days)
        }
        15 => {
            let (year, days) = text.split_at_checked(4)?;
            (year.parse().ok()?, days)
        }
        _ => return None,
    };
    let number = |range| days.get(range).and_then(|digits: &str| digits.parse().ok());
    Some((Date::new(year, number(0..2)?, number(2..4)?).ok(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: &str = include_str!("../../examples/every-node/ca/house.pem");

    #[test]
    fn certificates_are_found_among_other_words() {
        let read = read_certificates(HOUSE).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].pem, HOUSE);
        assert_eq!(read[0].until.to_string(), "2056-11-15");
        let noisy = format!("Subject: House\r\n{}\nBag Attributes\n{HOUSE}", HOUSE.replace('\n', "\r\n"));
        assert_eq!(read_certificates(&noisy).unwrap(), [read[0].clone(), read[0].clone()]);
    }

    #[test]
    fn what_is_no_certificate_is_told_apart() {
        assert_eq!(read_certificates(""), Err(Flaw::NoCertificate));
        assert_eq!(read_certificates("-----BEGIN CERTIFICATE"), Err(Flaw::NoCertificate));
        assert_eq!(read_certificates("-----BEGIN CERTIFICATE-----\nMIIB"), Err(Flaw::Broken(1)));
        for title in ["PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            assert_eq!(read_certificates(&format!("{HOUSE}-----BEGIN {title}-----\n")), Err(Flaw::PrivateKey));
        }
        assert_eq!(
            read_certificates("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"),
            Err(Flaw::NoCertificate)
        );
    }

    /// Whatever is cut off or changed in the structure, nothing is accepted and nothing panics.
    #[test]
    fn a_certificate_that_was_cut_off_is_none() {
        let body: String = HOUSE.lines().filter(|line| !line.starts_with(DASHES)).collect();
        let bytes = base64(&body).unwrap();
        assert!(last_day(&bytes).is_some());
        for length in 0..bytes.len() {
            assert_eq!(last_day(&bytes[..length]), None, "{length}");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xff;
            last_day(&changed);
        }
    }
}
