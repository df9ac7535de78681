//! Reads the certificates of house authorities that endpoints name: files of the workspace, so that every namespace gets
//! what its services trust from the spec alone and nobody copies certificates by hand.

use super::{Context, Top};
use crate::diagnostic::{Diagnostic, codes};
use crate::facts::certificate::{Certificate, Flaw, read_certificates};
use crate::model::Platform;
use crate::source::Spanned;
use crate::value::Date;

const FORM: &str = "the file has to be PEM: `-----BEGIN CERTIFICATE-----`, as `openssl x509 -inform der -in FILE -out FILE.pem` writes it";

/// How the binary form of certificates and keys begins, as Windows writes it to a `.cer` unless told otherwise.
const DER: [u8; 2] = [0x30, 0x82];

/// Gives each endpoint the certificates it says that its own is signed by.
pub(super) fn read(top: &Top, platform: &mut Platform, context: &mut Context<'_>) {
    let Some((form, _)) = top.nodes("platform").next() else { return };
    for endpoint in form.children("endpoint") {
        let (Some(name), Some(path)) = (endpoint.name(), endpoint.text("ca")) else { continue };
        let certificates = read_file(&path, context);
        // Of two endpoints of one name the first one is meant.
        if let Some(known) = platform.endpoints.get_mut(&name.value).filter(|known| known.span == endpoint.head) {
            known.ca = certificates.into_iter().map(|certificate| certificate.pem).collect();
        }
    }
}

fn read_file(path: &Spanned<String>, context: &mut Context<'_>) -> Vec<Certificate> {
    if crate::syntax::read_bytes(context.world, &path.value).is_ok_and(|bytes| bytes.starts_with(&DER)) {
        context.findings.push(
            Diagnostic::new(&codes::MALFORMED_FILE, path.span, format!("`{}` is in DER, a binary form", path.value))
                .here("not text")
                .help(FORM),
        );
        return Vec::new();
    }
    let Some(file) = context.load(&path.value, path.span) else { return Vec::new() };
    let read = read_certificates(&context.sources.file(file).text);
    let certificates = match read {
        Ok(certificates) => certificates,
        Err(flaw) => {
            context.findings.push(refuse(flaw, path));
            return Vec::new();
        }
    };
    let today = context.world.today().and_then(|day| day.parse::<Date>().ok());
    if let Some(today) = today
        && let Some(old) = certificates.iter().find(|certificate| certificate.until < today)
    {
        context.findings.push(
            Diagnostic::new(
                &codes::EXPIRED_CERTIFICATE,
                path.span,
                format!("a certificate in `{}` held until {}", path.value, old.until),
            )
            .here("nothing it signed is trusted any more")
            .help("put the authority's new certificate into the file; the old one may stand beside it until it ends"),
        );
    }
    certificates
}

/// The finding stands where the file is named: what is in it may be a secret, and is not shown.
fn refuse(flaw: Flaw, path: &Spanned<String>) -> Diagnostic {
    let (code, text, label, help) = match flaw {
        Flaw::PrivateKey => (
            &codes::PLAIN_SECRET,
            format!("`{}` has a private key in it", path.value),
            "everybody who can read the workspace has it",
            "leave the certificates alone in the file, and let whoever owns the key make a new one: Git keeps it",
        ),
        Flaw::NoCertificate => {
            (&codes::MALFORMED_FILE, format!("there is no certificate in `{}`", path.value), "trusts nobody", FORM)
        }
        Flaw::Broken(place) => (
            &codes::MALFORMED_FILE,
            format!("certificate {place} of `{}` was cut off or changed", path.value),
            "no whole certificate",
            "copy the whole file again, from the authority or from `openssl s_client -showcerts`",
        ),
    };
    Diagnostic::new(code, path.span, text).here(label).help(help)
}
