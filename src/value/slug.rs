//! From a title to a name: `Stadt Hünxe` to `stadt-huenxe`.
//!
//! Offered where a DNS label is wanted and something else was written. Umlauts become two letters, as German does
//! where it has no umlauts; other accents fall away.

use crate::value::words::is_unseen;

/// The DNS label nearest to a text; empty where nothing of it can stand in one.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in compose(text).chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'œ' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à'..='å' => out.push('a'),
            'ç' => out.push('c'),
            'è'..='ë' => out.push('e'),
            'ì'..='ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò'..='õ' => out.push('o'),
            'ù'..='û' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            '\u{300}'..='\u{36f}' | '\'' | '’' => {}
            unseen if is_unseen(unseen) => {}
            // A letter of another script: what is left without it is another word.
            letter if letter.is_alphabetic() => return String::new(),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    out.truncate(63);
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Umlauts as one character each: files from a Mac write them as a letter and two dots.
pub(crate) fn compose(text: &str) -> String {
    if !text.contains('\u{308}') {
        return text.to_owned();
    }
    [('a', 'ä'), ('o', 'ö'), ('u', 'ü'), ('A', 'Ä'), ('O', 'Ö'), ('U', 'Ü')]
        .iter()
        .fold(text.to_owned(), |text, (letter, umlaut)| {
            text.replace(&format!("{letter}\u{308}"), umlaut.encode_utf8(&mut [0; 4]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names() {
        let cases = [
            ("Kreis Kleve", "kreis-kleve"),
            ("Hünxe", "huenxe"),
            ("Hu\u{308}nxe", "huenxe"),
            ("Voerde (Niederrhein)", "voerde-niederrhein"),
            ("Straße", "strasse"),
            ("Café", "cafe"),
            ("GG_K8S", "gg-k8s"),
            ("--a--b--", "a-b"),
            ("???", ""),
            ("東京", ""),
        ];
        for (title, name) in cases {
            assert_eq!(slug(title), name, "{title}");
        }
    }

    #[test]
    fn a_long_title_is_cut_to_a_label() {
        let name = slug(&format!("{} b", "a".repeat(62)));
        assert_eq!(name, "a".repeat(62));
    }
}
