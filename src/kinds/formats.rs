//! The grammars of strings that schemas name.
//!
//! One line each in [`FORMATS`]; the functions below are Kubernetes' own rules, written out. They look at bytes, since
//! every object of every tenant passes through some of them.

use super::rules::Format;

macro_rules! formats {
    ($($name:literal, $expected:literal, $holds:expr;)*) => {
        /// All of them, sorted by name.
        pub(crate) static FORMATS: &[Format] =
            &[$(Format { name: $name, expected: $expected, holds: $holds }),*];
    };
}

formats! {
    "absolute-path", "a path that starts with `/`", |text| text.starts_with('/') && !text.contains('\0');
    "base64", "base64", is_base64;
    "byte-size", "a size such as `2MB`", is_byte_size;
    "cidr", "an address range such as `10.0.0.0/8`", is_cidr;
    "config-key", "a key of letters, digits, `-`, `_` and `.`, at most 253 characters", is_config_key;
    "cron", "a cron schedule of five fields or a macro such as `@daily`", is_cron;
    "cron-seconds", "a cron schedule of six fields, seconds first", |text| fields(text) == 6;
    "database-name", "a name of lower-case letters, digits and `_`, at most 63, that PostgreSQL or its operator does not keep for itself", is_database_name;
    "dns-label", "a DNS label: `a`-`z`, `0`-`9` and `-`, at most 63 characters", is_dns_label;
    "dns-name", "a DNS name: labels of `a`-`z`, `0`-`9` and `-`, joined by `.`, at most 253 characters", is_dns_name;
    "duration", "a duration such as `5m` or `1h30m`", is_duration;
    "env-name", "a name of an environment variable", is_env_name;
    "host-or-wildcard", "a lower-case host name, its first label may be `*`", is_host_or_wildcard;
    "integer-text", "an integer as a string", |text| text.parse::<i64>().is_ok();
    "ip", "an IP address", |text| text.parse::<std::net::IpAddr>().is_ok();
    "label-key", "a label key: an optional DNS name and `/`, then at most 63 letters, digits, `-`, `_` and `.`", is_label_key;
    "label-value", "a label value: at most 63 letters, digits, `-`, `_` and `.`, letters or digits at both ends", is_label_value;
    "path-name", "a name without `/` and `%`", is_path_name;
    "percent", "a percentage such as `25%`", is_percent;
    "port-name", "a port name: at most 15 of `a`-`z`, `0`-`9` and `-`, with a letter", is_port_name;
    "principal", "a principal such as `activedirectory_group://CN=…`", is_principal;
    "project-id", "a cluster's and a project's id, `<cluster>:<project>`", is_project_id;
    "prometheus-duration", "a duration such as `30s` or `1h30m`", is_prometheus_duration;
    "quantity", "a quantity such as `500m`, `2` or `16Gi`", is_quantity;
    "relative-path", "a path below the volume, without `..`", is_relative_path;
    "retention", "a retention such as `30d`, `4w` or `6m`", is_retention;
    "service-name", "a DNS label that starts with a letter, at most 63 characters", is_service_name;
    "time", "a time such as `2026-01-31T12:00:00Z`", is_time;
    "url", "a URL such as `https://host/path`", is_url;
}

fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

pub(crate) fn is_dns_label(text: &str) -> bool {
    text.len() <= 63 && is_dns_part(text)
}

fn is_dns_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            is_lower_alphanumeric(*first)
                && is_lower_alphanumeric(*last)
                && bytes.iter().all(|byte| is_lower_alphanumeric(*byte) || *byte == b'-')
        }
        _ => false,
    }
}

pub(crate) fn is_dns_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_dns_part)
}

fn is_service_name(text: &str) -> bool {
    is_dns_label(text) && text.as_bytes()[0].is_ascii_lowercase()
}

fn is_host_or_wildcard(text: &str) -> bool {
    is_dns_name(text.strip_prefix("*.").unwrap_or(text))
}

fn is_label_name(text: &str) -> bool {
    !text.is_empty() && is_label_value(text)
}

fn is_label_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [first, .., last] = bytes else {
        return bytes.iter().all(u8::is_ascii_alphanumeric);
    };
    bytes.len() <= 63
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_dns_name(prefix) && is_label_name(name),
        None => is_label_name(text),
    }
}

fn is_config_key(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
        && text.len() <= 253
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn is_env_name(text: &str) -> bool {
    // Since Kubernetes 1.34 every printable ASCII character but `=`.
    !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=')
}

fn is_path_name(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains(['/', '%'])
}

fn is_relative_path(text: &str) -> bool {
    !text.starts_with('/') && text.split('/').all(|part| part != "..")
}

fn is_port_name(text: &str) -> bool {
    text.len() <= 15 && is_dns_part(text) && !text.contains("--") && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `<sign><digits>[.<digits>]<suffix>`: binary, decimal or an exponent.
fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = unsigned.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, suffix) = unsigned.split_at(number);
    let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
    let points = number.bytes().filter(|byte| *byte == b'.').count();
    let suffixed = match suffix {
        "" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" => true,
        _ => suffix
            .strip_prefix(['e', 'E'])
            .is_some_and(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
    };
    has_digit && points <= 1 && suffixed
}

/// Go's durations.
fn is_duration(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned == "0" || is_units(unsigned, &["ns", "us", "µs", "μs", "ms", "s", "m", "h"], true)
}

/// Prometheus' durations: whole numbers, with days, weeks and years, and each unit smaller than the one before it.
fn is_prometheus_duration(text: &str) -> bool {
    let units = ["y", "w", "d", "h", "m", "s", "ms"];
    let mut rest = text;
    let mut floor = 0;
    if text == "0" {
        return true;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let unit = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at(unit);
        match units.iter().position(|known| *known == unit) {
            Some(at) if !number.is_empty() && at >= floor => floor = at + 1,
            _ => return false,
        }
        rest = after;
    }
    !text.is_empty()
}

/// One or more numbers, each with its unit.
fn is_units(text: &str, units: &[&str], fractions: bool) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.bytes().take_while(|byte| byte.is_ascii_digit() || (fractions && *byte == b'.')).count();
        let (digits, after) = rest.split_at(number);
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        if !digits.bytes().any(|byte| byte.is_ascii_digit())
            || digits.matches('.').count() > 1
            || !units.contains(&unit)
        {
            return false;
        }
        rest = after;
    }
    !text.is_empty()
}

fn is_byte_size(text: &str) -> bool {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, unit) = text.split_at(digits);
    (number == "0" && unit.is_empty())
        || (number.bytes().any(|byte| byte.is_ascii_digit())
            && matches!(
                unit,
                "B" | "KB" | "KiB" | "MB" | "MiB" | "GB" | "GiB" | "TB" | "TiB" | "PB" | "PiB" | "EB" | "EiB"
            ))
}

fn fields(text: &str) -> usize {
    text.split_ascii_whitespace().count()
}

/// Only the outline: schedules are read in full where the spec gives them.
fn is_cron(text: &str) -> bool {
    match text.strip_prefix('@') {
        Some(word) => {
            matches!(word, "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly")
                || word.strip_prefix("every ").is_some_and(is_duration)
        }
        None => {
            fields(text) == 5
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'*' | b'/' | b',' | b'-' | b'?'))
        }
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, prefix)) = text.split_once('/') else { return false };
    let widest = match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => 32,
        Ok(std::net::IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    is_digits(prefix) && prefix.parse::<u32>().is_ok_and(|bits| bits <= widest)
}

fn is_base64(text: &str) -> bool {
    // Go's reader skips line breaks.
    let mut length = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        length += 1;
        match byte {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'+' | b'/' => {}
            _ if byte.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    length.is_multiple_of(4) && padding <= 2
}

/// RFC 3339, by its outline.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let outline = b"dddd-dd-ddTdd:dd:dd";
    if bytes.len() <= outline.len() {
        return false;
    }
    let (head, zone) = bytes.split_at(outline.len());
    let fits = |bytes: &[u8], outline: &[u8]| {
        bytes.len() == outline.len()
            && bytes
                .iter()
                .zip(outline)
                .all(|(byte, sign)| if *sign == b'd' { byte.is_ascii_digit() } else { byte == sign })
    };
    let fraction = match zone {
        [b'.', rest @ ..] => 1 + rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let zone = &zone[fraction..];
    fits(head, outline) && fraction != 1 && (zone == b"Z" || fits(zone, b"+dd:dd") || fits(zone, b"-dd:dd"))
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && !rest.contains(char::is_whitespace)
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

fn is_principal(text: &str) -> bool {
    text.split_once("://").is_some_and(|(provider, name)| !provider.is_empty() && !name.trim().is_empty())
}

fn is_project_id(text: &str) -> bool {
    text.split_once(':').is_some_and(|(cluster, project)| is_dns_label(cluster) && is_dns_label(project))
}

fn is_retention(text: &str) -> bool {
    let number = text.strip_suffix(['d', 'w', 'm']);
    number.is_some_and(|number| is_digits(number) && !number.starts_with('0'))
}

fn is_database_name(text: &str) -> bool {
    let kept = ["postgres", "template0", "template1", "streaming_replica", "public", "none"];
    !text.is_empty()
        && text.len() <= 63
        && !kept.contains(&text)
        && !text.starts_with("pg_")
        && !text.starts_with("cnpg_")
        && text.bytes().all(|byte| is_lower_alphanumeric(byte) || byte == b'_')
}
