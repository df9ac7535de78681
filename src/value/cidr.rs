//! Networks: `10.42.0.0/16`, `fd00::/48`.
//!
//! Bits below the prefix are refused rather than masked: `10.1.4.7/22` may be a host or a typing error, and a
//! network policy would silently mean the whole net.

use ipnet::IpNet;

use crate::diagnostic::Fault;
use crate::value::words::{is_not, is_not_because};

const WHAT: &str = "a network";

/// Reads a network in CIDR notation.
pub(crate) fn parse(text: &str) -> Result<IpNet, Fault> {
    let Some((address, prefix)) = text.split_once('/') else {
        let fault =
            is_not_because(text, WHAT, "the length of its prefix is missing").help("write for instance `10.42.0.0/16`");
        return Err(match text.parse::<std::net::IpAddr>() {
            Ok(address) => fault.suggest(IpNet::from(address).to_string()),
            Err(_) => fault,
        });
    };
    let Ok(parsed) = address.parse::<std::net::IpAddr>() else {
        return Err(is_not_because(text, WHAT, "before the `/` stands no address").at(0..address.len()));
    };
    let bits = if parsed.is_ipv4() { 32 } else { 128 };
    let length =
        super::words::digits(prefix, 3).and_then(|length| u8::try_from(length).ok()).filter(|length| *length <= bits);
    let Some(network) = length.and_then(|length| IpNet::new(parsed, length).ok()) else {
        let at = address.len() + 1..text.len();
        return Err(is_not_because(text, WHAT, format!("after the `/` stands no number from 0 to {bits}")).at(at));
    };
    if network.trunc() != network {
        let fault = is_not_because(text, WHAT, "its address has bits below the prefix");
        return Err(fault
            .help(format!("the network that holds it is `{}`", network.trunc()))
            .suggest(network.trunc().to_string()));
    }
    if network.to_string() != text {
        return Err(is_not(text, "a network in its shortest spelling").suggest(network.to_string()));
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_both_kinds_are_read() {
        for text in ["10.42.0.0/16", "0.0.0.0/0", "10.1.2.3/32", "fd00::/48", "::/0"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn host_bits_are_refused_and_the_network_offered() {
        let fault = parse("10.1.4.7/22").unwrap_err();
        assert_eq!(fault.message, "`10.1.4.7/22` is not a network: its address has bits below the prefix");
        assert_eq!(fault.suggestion.as_deref(), Some("10.1.4.0/22"));
        assert_eq!(parse("10.1.4.7").unwrap_err().suggestion.as_deref(), Some("10.1.4.7/32"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "/", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "10.0.0.0/+8", "10.0.0.0/08", "a/8"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
