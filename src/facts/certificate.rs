//! Certificates as people keep them: PEM, one block behind the other, with whatever other programs write between them.
//!
//! An authority's certificate is public and may lie in the workspace; its key may not, and a file that has one is
//! refused as a whole. Of a certificate only what can be wrong in a copy is looked at: that its bytes are one whole
//! structure, and until when it holds. Who signed it is for those to prove who rely on it.

use jiff::civil::Date;
use x509_cert::Certificate as Certificate509;
use x509_cert::der::Decode;

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

/// The day a certificate ends; `None` where its bytes are not one whole certificate.
fn last_day(bytes: &[u8]) -> Option<Date> {
    let certificate = Certificate509::from_der(bytes).ok()?;
    let end = certificate.tbs_certificate().validity().not_after.to_date_time();
    Date::new(end.year().try_into().ok()?, end.month().try_into().ok()?, end.day().try_into().ok()?).ok()
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
