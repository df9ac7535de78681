//! Secrets among the words of a command: `--password geheim`, `--token=abc` and `PGPASSWORD=geheim`.
//!
//! A command is one text, so the name of the parameter says nothing of what its words are.

use super::looks::names_a_secret;

/// The first word that is a secret, and the name it is given by.
pub(super) fn secret_argument(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let name = word.trim_start_matches('-');
        let pair = match name.split_once('=') {
            Some(pair) => Some(pair),
            None if name.len() < word.len() => {
                words.peek().filter(|next| !next.starts_with('-')).map(|next| (name, *next))
            }
            None => None,
        };
        let pair = pair.map(|(name, value)| (name, value.trim_matches(['"', '\''])));
        if let Some((name, value)) = pair.filter(|(name, value)| names_a_secret(name, value)) {
            return Some((name, value));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_and_variables_with_a_secret() {
        for text in
            ["--password Sommer2026", "-v --token=abcdef123456", "PGPASSWORD=geheim psql", "run --api-key '12345678'"]
        {
            assert!(secret_argument(text).is_some(), "{text}");
        }
        for text in
            ["--password $(DB_PASSWORD)", "--password --verbose", "--password-file /run/x", "a word on the password"]
        {
            assert_eq!(secret_argument(text), None, "{text}");
        }
    }
}
