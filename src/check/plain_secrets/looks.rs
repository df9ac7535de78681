//! What gives a secret away: the name it is given, the form that its maker chose, and that no person would write it.
//!
//! All patterns are in here. They are meant to miss some rather than to cry about a class name, a digest or the name of a
//! Secret: a check that is often wrong is switched off, and then finds nothing.

/// Tokens of well-known makers: how they begin, and how many letters and digits follow at least.
const TOKENS: [(&str, usize, &str); 16] = [
    ("-----BEGIN ", 0, "a private key"),
    ("ghp_", 30, "a token of GitHub"),
    ("gho_", 30, "a token of GitHub"),
    ("ghs_", 30, "a token of GitHub"),
    ("github_pat_", 30, "a token of GitHub"),
    ("glpat-", 16, "a token of GitLab"),
    ("gldt-", 16, "a token of GitLab"),
    ("AKIA", 16, "an access key of AWS"),
    ("ASIA", 16, "an access key of AWS"),
    ("xoxb-", 10, "a token of Slack"),
    ("xoxp-", 10, "a token of Slack"),
    ("hvs.", 20, "a token of Vault"),
    ("npm_", 30, "a token of npm"),
    ("AIza", 30, "a key of Google"),
    ("sk_live_", 16, "a key of Stripe"),
    ("eyJhbGciOi", 30, "a signed token"),
];

/// Last words of names whose values are secrets, also as the end of a longer word: `PGPASSWORD`.
const ENDINGS: [&str; 6] = ["password", "passwort", "kennwort", "passwd", "passphrase", "token"];

/// Last words that are secrets only as a word of their own: `bypass` is none.
const WORDS: [&str; 4] = ["pass", "dbpass", "pwd", "psk"];

/// What makes a `key` a secret one: `API_KEY`, but not `primary-key`.
const KEYS: [&str; 9] = ["api", "private", "access", "secret", "signing", "encryption", "master", "auth", "session"];

/// Said where nothing is: no password is worth a finding that is one of these.
const NO_VALUES: [&str; 16] = [
    "true", "false", "yes", "no", "on", "off", "none", "null", "optional", "required", "disabled", "enabled", "always",
    "never", "auto", "default",
];

/// Beginnings of a value that says where the secret is.
const REFERENCES: [&str; 8] = ["$", "/", "./", "vault:", "file:", "env:", "ref+", "<"];

/// The shortest of the tokens above.
const SHORTEST: usize = 15;

const ADDRESS: &str = "an address with its password";

/// A random text is at least so long.
const RANDOM: usize = 20;

/// What stands in a text whatever it is called, in words; `None` where it looks harmless.
pub(super) fn secret_in(text: &str) -> Option<&'static str> {
    // Most texts of a fleet are short words, and no token is one.
    if text.len() < SHORTEST {
        return has_password_in_address(text).then_some(ADDRESS);
    }
    TOKENS
        .iter()
        .find(|(start, length, _)| {
            text.match_indices(start).any(|(at, _)| {
                let rest = &text[at + start.len()..];
                let fresh = text[..at].bytes().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
                fresh && if *length == 0 { is_private_key(rest) } else { token_length(rest) >= *length }
            })
        })
        .map(|(.., what)| *what)
        .or_else(|| has_password_in_address(text).then_some(ADDRESS))
        .or_else(|| is_random(text).then_some("what looks like a key"))
}

fn is_private_key(rest: &str) -> bool {
    rest.split_once("-----").is_some_and(|(title, _)| title.ends_with("PRIVATE KEY") || title.ends_with("KEY BLOCK"))
}

fn token_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')).count()
}

/// `postgres://app:geheim@db/app`, but not `postgres://app:$(PASSWORD)@db/app`.
fn has_password_in_address(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = &text[at + 3..];
        let end = rest.find(|sign: char| sign.is_whitespace() || matches!(sign, '/' | '"' | '\'' | '?' | '#'));
        let authority = &rest[..end.unwrap_or(rest.len())];
        let password = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, word)| word);
        password.is_some_and(|word| !word.is_empty() && !word.contains(['$', '{', '}', '%', '<', '*']))
    })
}

/// One word of letters and digits in which the kind of sign changes more often than in any word that people make up.
fn is_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < RANDOM || bytes.len() > 512 {
        return false;
    }
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        _ => None,
    };
    let (mut counts, mut changes, mut last) = ([0_usize; 3], 0_usize, None);
    for byte in bytes.iter().copied() {
        let Some(kind) = kind(byte) else {
            if matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-') {
                continue;
            }
            return false;
        };
        counts[kind] += 1;
        changes += usize::from(last.is_some_and(|last| last != kind));
        last = Some(kind);
    }
    let all: usize = counts.iter().sum();
    // Letters and digits at random change in six of ten steps; words in a row do in two or three.
    counts.iter().all(|count| *count >= 2) && all >= RANDOM && changes * 100 >= (all - 1) * 45
}

/// Whether a text that should be a description is none: one long word of letters and digits.
pub(super) fn is_value(text: &str) -> bool {
    let is_one_word =
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_'));
    let has = |of: fn(&u8) -> bool| text.as_bytes().iter().any(of);
    text.len() >= SHORTEST && is_one_word && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// Whether a value of this name is a secret.
pub(super) fn names_a_secret(name: &str, value: &str) -> bool {
    let words = words_of(name);
    let Some(last) = words.last().map(String::as_str) else { return false };
    let before = words.len().checked_sub(2).map_or("", |at| words[at].as_str());
    let is_constant = !name.contains(|sign: char| sign.is_ascii_lowercase());
    let named = ENDINGS.iter().any(|ending| last.ends_with(ending))
        || WORDS.contains(&last)
        // `secretKey` names a key of a Secret; `SECRET_KEY` is one.
        || last == "key" && KEYS.contains(&before) && (before != "secret" || is_constant)
        || last == "base" && before == "key"
        // A `secret` is as often the name of one.
        || last.ends_with("secret") && !is_name_of_one(value);
    named && may_be_secret(value)
}

/// Whether a value says something itself, and not where it is or that there is none.
fn may_be_secret(value: &str) -> bool {
    let value = value.trim();
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let is_class = value.split('.').count() > 2 && !value.bytes().any(|byte| byte.is_ascii_digit());
    let says_nothing = value.is_empty()
        || value.contains(char::is_whitespace)
        || NO_VALUES.iter().any(|word| value.eq_ignore_ascii_case(word))
        || is_number && value.len() < 6;
    let says_where = ["{{", "$(", "${", "://"].iter().any(|sign| value.contains(sign))
        || REFERENCES.iter().any(|start| value.starts_with(start))
        || is_class;
    !says_nothing && !says_where
}

/// `greenlight-tls`: how objects are named, and nobody's password.
fn is_name_of_one(value: &str) -> bool {
    value.contains('-') && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// `adminPassword`, `ADMIN_PASSWORD` and `admin-password` are two words.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for sign in name.chars() {
        let begins = !before.is_alphanumeric() || before.is_lowercase() && sign.is_uppercase();
        if sign.is_alphanumeric() {
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(sign.to_lowercase());
            }
        }
        before = sign;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_values() {
        for (name, value) in [
            ("PASSWORD", "hunter2"),
            ("PGPASSWORD", "postgres"),
            ("MOODLE_DATABASE_PASSWORD", "changeme"),
            ("adminPassword", "Winter2024!"),
            ("admin-password", "geheim"),
            ("password", "geheim"),
            ("SMTP_PASS", "geheim"),
            ("CLIENT_SECRET", "changeme"),
            ("client-secret", "a1b2c3"),
            ("API_KEY", "12345678"),
            ("api-key", "abcdefgh"),
            ("SECRET_KEY", "abc"),
            ("SECRET_KEY_BASE", "abc"),
            ("GITLAB_TOKEN", "abc"),
            ("datenbank-kennwort", "geheim"),
        ] {
            assert!(names_a_secret(name, value), "{name}={value} is a secret");
        }
        for (name, value) in [
            ("PASSWORD", ""),
            ("PASSWORD", "$(DB_PASSWORD)"),
            ("PASSWORD", "${DB_PASSWORD}"),
            ("PASSWORD", "{{ password }}"),
            ("PASSWORD_FILE", "/run/secrets/password"),
            ("PASSWORD", "/run/secrets/password"),
            ("PASSWORD_MIN_LENGTH", "12"),
            ("TOKEN", "3600"),
            ("RESET_PASSWORD", "true"),
            ("tokenEndpoint", "https://login.krzn.example/token"),
            ("TOKEN", "https://login.krzn.example/token"),
            ("secretName", "moodle-tls"),
            ("secretKey", "SMTP_PASSWORD"),
            ("existingSecret", "keycloak-db-app"),
            ("existingSecretPasswordKey", "password"),
            ("passwordKey", "password"),
            ("IMAGE_PULL_SECRET", "registry-login"),
            ("primary-key", "id"),
            ("key", "password"),
            ("name", "db-password"),
            ("bypass", "nothing"),
            ("compass", "north"),
            ("PASSWORD_ENCODER", "BCryptPasswordEncoder"),
            ("TOKEN", "org.keycloak.protocol.oidc.TokenEndpoint"),
            ("PASSWORD_HINT", "the name of your first school"),
            ("password", "<fill in>"),
        ] {
            assert!(!names_a_secret(name, value), "{name}={value} is none");
        }
    }

    #[test]
    fn texts_that_give_themselves_away() {
        // Put together here, so that no scanner takes this file for the place of a leak.
        let joined = |parts: [&str; 2]| parts.concat();
        for text in [
            joined(["ghp", "_16C7e42F292c6912E7710c838347Ae178B4a"]),
            joined(["glp", "at-9sNxTh4_qL3uPzRw7vKe"]),
            joined(["AKI", "AIOSFODNN7EXAMPLE"]),
            joined(["xo", "xb-2345678901-abcdefghij"]),
            joined(["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE"]),
            joined(["-----BEGIN ", "PRIVATE KEY-----\nMIIE"]),
            joined(["postgres://app:geh", "eim@db:5432/app"]),
            joined(["amqp://app:geh", "eim@mq"]),
            joined(["q7Zr2LmX9vT4", "bK8nW3pY"]),
            joined(["x9Kq+Zr2LmX9vT4bK8n", "W3pY6sD1fG5hJ0aQ=="]),
        ] {
            assert!(secret_in(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn texts_that_only_look_unusual() {
        for text in [
            "",
            "short",
            "https://moodle.goch.krzn.example/login/index.php",
            "postgres://app:$(DB_PASSWORD)@db:5432/app",
            "postgresql://{{ database }}:{{ '{{ .password }}' }}@db/app",
            "s3://krzn-longhorn@de-nrw/",
            "mailto://user@example.org",
            "ssh://git@git.krzn.example:22/mandanten.git",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "123e4567-e89b-12d3-a456-426614174000",
            "docker.io/erseco/alpine-moodle:v5.2.2",
            "org.keycloak.models.sessions.infinispan.InfinispanUserSessionProvider",
            "BigBlueButtonRecordingReadyNotificationController2",
            "GG_K8S_KREIS_KLEVE_Entwickler_2024",
            "CN=GG_K8S_GOCH_Admins,OU=Mandanten,DC=krzn,DC=example",
            "konferenz.kreis-kleve.krzn.example",
            "-----BEGIN CERTIFICATE-----\nMIID",
            "a token of GitHub begins with ghp_",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "node-role.kubernetes.io/control-plane",
            "MOODLE_502_STABLE_BRANCH_UPGRADE",
            "0 30 1 * * *",
        ] {
            assert_eq!(secret_in(text), None, "{text}");
        }
    }
}
