//! Addresses: `https://...`, Longhorn's backup targets, chart and Git repositories.
//!
//! An address keeps its spelling, since Longhorn and Fleet compare it byte for byte. One with a password in it is
//! refused: secrets never pass through a spec.

use crate::diagnostic::{Fault, quoted};
use crate::value::HostName;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown, shown_char, text_type};

text_type! {
    /// An address with its scheme.
    Url
}

const SCHEMES: [&str; 11] = ["https", "http", "s3", "nfs", "cifs", "azblob", "oci", "ssh", "ldaps", "ldap", "smtp"];
const WHAT: &str = "a URL";

impl Url {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    /// Reads an address that paths are put behind, of one of these schemes.
    pub fn parse_address(text: &str, schemes: &[&str]) -> Result<Self, Fault> {
        if let Some((scheme, _)) = text.split_once("://").filter(|(scheme, _)| !schemes.contains(scheme)) {
            let known = quoted(schemes.iter().copied());
            let lower = text.to_lowercase();
            let fault = is_not_because(text, "a URL for this", format!("its scheme is {}", shown(scheme)))
                .at(0..scheme.len())
                .help(format!("possible here: {known}"));
            let is_loud = lower != text && Url::parse_address(&lower, schemes).is_ok();
            return Err(if is_loud { fault.suggest(lower) } else { fault });
        }
        let url = Url::parse(text)?;
        // What is mounted takes its options there; of anything else a query would end up in the middle.
        let takes_options = matches!(url.scheme(), "nfs" | "cifs");
        if let Some(at) = text.find(['?', '#']).filter(|_| !takes_options) {
            let fault =
                is_not_because(text, "an address that paths are put behind", "it ends in a query or a fragment");
            return Err(fault.at(at..text.len()).suggest(&text[..at]));
        }
        Ok(url)
    }

    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(scheme, _)| scheme)
    }

    /// What stands before an `@`: the bucket of `s3://bucket@region/`, the user of `ssh://git@host/`.
    pub fn user(&self) -> Option<&str> {
        self.authority().split_once('@').map(|(user, _)| user)
    }

    /// The host, or the region of `s3://bucket@region/`, without a port.
    pub fn host(&self) -> &str {
        let host = self.authority();
        let host = host.split_once('@').map_or(host, |(_, host)| host);
        if let Some(end) = host.find(']') {
            return &host[..=end];
        }
        host.split_once(':').map_or(host, |(host, _)| host)
    }

    /// The path with its leading `/`, a query included; empty where there is none.
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// Its port, given or meant by a scheme that has only one.
    pub fn port(&self) -> Option<u16> {
        url::Url::parse(&self.0).ok()?.port_or_known_default()
    }

    fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

fn read(text: &str) -> Result<Url, Fault> {
    if text.is_empty() {
        return Err(is_not(text, WHAT));
    }
    if let Some((character, at)) = first_bad(text, |character| {
        !character.is_whitespace() && !character.is_control() && !"<>\"`{}|\\^".contains(character)
    }) {
        return Err(is_not_because(text, WHAT, format!("there is {} in it", shown_char(character))).at(at));
    }
    if text.strip_suffix(':').is_some_and(|scheme| SCHEMES.contains(&scheme)) {
        let fault = is_not_because(text, WHAT, "it ends behind its scheme");
        return Err(fault.help("put the whole URL in quotes: outside of them `//` begins a comment"));
    }
    let Some((scheme, _)) = text.split_once("://") else {
        return Err(is_not_because(text, WHAT, "the scheme is missing")
            .help("write for instance `https://git.example/repository.git`"));
    };
    if !SCHEMES.contains(&scheme) {
        let fault = is_not_because(text, WHAT, format!("there is no scheme {}", shown(scheme))).at(0..scheme.len());
        return Err(fault.help(format!("known here: {}", quoted(SCHEMES))));
    }
    let url = Url(text.into());
    if url.user().is_some_and(|user| user.contains(':')) {
        let hidden = format!("{scheme}://…@{}{}", url.host(), url.path());
        return Err(is_not_because(&hidden, "a URL for a spec", "there is a password in it")
            .help("name a secret instead; a spec lies in Git"));
    }
    if scheme == "s3" {
        let bucket = url.user().filter(|bucket| !bucket.is_empty());
        if bucket.is_none() || url.host().is_empty() || url.path().is_empty() {
            return Err(is_not_because(text, "a backup target", "an S3 target is `s3://bucket@region/path/`")
                .help("bucket, region and the slash behind them are needed"));
        }
        return Ok(url);
    }
    if url.host().is_empty() {
        return Err(is_not_because(text, WHAT, "there is no host in it"));
    }
    // An IPv6 address in brackets and an IPv4 address are hosts too; all else is a name.
    let is_address = url.host().trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    if !is_address && let Err(fault) = HostName::parse(url.host()) {
        return Err(is_not_because(text, WHAT, fault.message));
    }
    if let Err(error) = url::Url::parse(text) {
        let reason = match error {
            url::ParseError::InvalidPort => "its port is no number up to 65535",
            _ => "its host or path cannot be read",
        };
        return Err(is_not_because(text, WHAT, reason));
    }
    Ok(url)
}

fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        // `git@host:path` is how Git writes a secure shell.
        if let Some((user, rest)) = text.split_once('@')
            && let Some((host, path)) = rest.split_once(':')
        {
            return Some(format!("ssh://{user}@{host}/{}", path.trim_start_matches('/')));
        }
        // One of the three signs behind the scheme was left out, or the whole scheme.
        let cut = SCHEMES.iter().find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?)));
        return match cut.filter(|(_, rest)| rest.starts_with([':', '/'])) {
            Some((scheme, rest)) => Some(format!("{scheme}://{}", rest.trim_start_matches([':', '/']))),
            None => Some(format!("https://{text}")),
        };
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if authority.contains(['@', ':']) {
        return Some(format!("{}://{rest}", scheme.to_lowercase()));
    }
    let host = idna::domain_to_ascii(authority).ok()?;
    Some(format!("{}://{host}{path}", scheme.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_spelling() {
        let addresses = [
            "https://git.krzn.example/mandanten.git",
            "https://a.example",
            "https://[fd00::1]:8443/x",
            "http://10.1.2.3:9200",
            "s3://krzn-longhorn@de-nrw/",
            "nfs://backup.krzn.example:/opt/longhorn",
            "nfs://10.1.2.3:/opt?nfsOptions=soft",
            "cifs://files.krzn.example/longhorn",
            "azblob://container@core.windows.net/",
            "oci://ghcr.io/charts/x",
            "ssh://git@git.krzn.example/a.git",
        ];
        for text in addresses {
            assert_eq!(Url::parse(text).unwrap_or_else(|fault| panic!("{}", fault.message)).as_str(), text);
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let url = Url::parse("s3://krzn-longhorn@de-nrw/a/").unwrap();
        assert_eq!((url.scheme(), url.user(), url.host(), url.path()), ("s3", Some("krzn-longhorn"), "de-nrw", "/a/"));
        let url = Url::parse("https://[fd00::1]:8443/x?y=1").unwrap();
        assert_eq!((url.host(), url.path()), ("[fd00::1]", "/x?y=1"));
    }

    #[test]
    fn the_usual_mistakes_are_mended() {
        let cases = [
            ("git.krzn.example/a.git", "https://git.krzn.example/a.git"),
            ("HTTPS://a.example/x", "https://a.example/x"),
            ("https:/a.example/x", "https://a.example/x"),
            ("https//a.example", "https://a.example"),
            ("https://www.hünxe.de/x", "https://www.xn--hnxe-0ra.de/x"),
            ("git@git.krzn.example:a/b.git", "ssh://git@git.krzn.example/a/b.git"),
        ];
        for (text, meant) in cases {
            assert_eq!(Url::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn an_address_has_a_scheme_of_its_place_and_nothing_behind_its_path() {
        let web = ["https", "http"];
        assert!(Url::parse_address("https://a.example/charts/", &web).is_ok());
        assert!(Url::parse_address("nfs://a.example:/x?nfsOptions=soft", &["nfs"]).is_ok());
        assert!(Url::parse_address("ldap://a.example", &web).unwrap_err().help.unwrap().contains("`https`"));
        let fault = Url::parse_address("https://a.example/x?token=1", &web).unwrap_err();
        assert_eq!(fault.suggestion.as_deref(), Some("https://a.example/x"));
    }

    #[test]
    fn ports_are_given_or_meant() {
        let ports = ["https://a.example", "https://a.example:8443/x", "smtp://a.example", "smtp://a.example:587"];
        assert_eq!(ports.map(|text| Url::parse(text).unwrap().port()), [Some(443), Some(8443), None, Some(587)]);
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let fault = Url::parse("https://user:geheim@a.example/x").unwrap_err();
        assert!(fault.message.contains("password") && !fault.message.contains("geheim"), "{}", fault.message);
        assert_eq!(fault.suggestion, None);
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!(Url::parse("https:").unwrap_err().suggestion, None, "the rest is a comment");
        for text in [
            "",
            "https://",
            "https:///x",
            "ftp://a.example",
            "s3://bucket/",
            "s3://bucket@region",
            "https://a b",
            "https://a_b.example",
            "https://a.example:99999/",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
