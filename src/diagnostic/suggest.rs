//! Did you mean: the nearest name of a closed list.
//!
//! A suggestion that is wrong costs more than none, so a name has to be near: one edit for each three letters, a
//! swapped pair counting once, or the beginning of a longer name.

/// The longest list of names that a help line still spells out.
const LONGEST_LIST: usize = 16;

/// The known name that was probably meant, where one is near enough to be worth saying.
pub fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold(written);
    let length = folded.chars().count();
    let limit = (length / 3).max(1);
    let mut near: Vec<_> = known
        .into_iter()
        .filter_map(|name| {
            let other = fold(name);
            let is_beginning = length >= 3 && other.starts_with(&folded);
            // The distance takes as much memory as the product of the lengths: a pasted page is near to no name.
            let is_hopeless = other.chars().count().abs_diff(length) > limit && !is_beginning;
            let distance = |one: &str, other: &str| strsim::damerau_levenshtein(one, other);
            // A hyphen that was left out is a smaller slip than another letter or number.
            (!is_hopeless).then(|| {
                (
                    distance(&folded, &other),
                    is_beginning,
                    distance(&without_hyphens(&folded), &without_hyphens(&other)),
                    name,
                )
            })
        })
        // Half as many edits as letters would make any short name near any other.
        .filter(|(distance, is_beginning, ..)| (*distance <= limit && *distance * 2 < length) || *is_beginning)
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        // Two as near as each other: a guess would be wrong half of the time, and nobody reads a guess twice.
        [(one, false, bare, _), (other, false, like, _), ..] if (one, bare) == (other, like) => None,
        [first, ..] => Some(first.3),
        [] => None,
    }
}

/// The help line for an unknown name: the nearest known one, else the whole list where it is short.
pub fn did_you_mean<'n>(written: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> Option<String> {
    if let Some(name) = nearest(written, known.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    (1..=LONGEST_LIST).contains(&names.len()).then(|| format!("known here: {}", super::quoted(names)))
}

/// Whether two names differ in nothing but case and separators.
pub fn is_respelt(written: &str, name: &str) -> bool {
    without_hyphens(&fold(written)) == without_hyphens(&fold(name))
}

fn without_hyphens(folded: &str) -> String {
    folded.replace('-', "")
}

/// Case and the separators people mix up do not count as a difference.
fn fold(name: &str) -> String {
    name.to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [&str; 6] = ["cluster", "customer", "dev-cluster", "municipality", "quota", "title"];

    #[test]
    fn a_slip_of_the_fingers_finds_its_name() {
        for (written, meant) in [
            ("municipalty", "municipality"),
            ("titel", "title"),
            ("Cluster", "cluster"),
            ("dev_cluster", "dev-cluster"),
            ("muni", "municipality"),
            ("qouta", "quota"),
        ] {
            assert_eq!(nearest(written, NODES), Some(meant), "{written}");
        }
    }

    #[test]
    fn what_is_far_from_everything_finds_nothing() {
        for written in ["", "q", "tenant", "kreis", "clouds"] {
            assert_eq!(nearest(written, NODES), None, "{written}");
        }
        assert_eq!(nearest("a", ["b"]), None);
    }

    #[test]
    fn another_spelling_is_the_same_name() {
        assert!(is_respelt("For_Each", "for-each") && is_respelt("foreach", "for-each"));
        assert!(!is_respelt("for-eahc", "for-each"));
    }

    #[test]
    fn a_page_instead_of_a_name_is_not_measured() {
        assert_eq!(nearest(&"municipality ".repeat(100_000), NODES), None);
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(nearest("memori", ["memory", "memories"]), Some("memory"));
    }

    #[test]
    fn between_two_as_near_nothing_is_guessed() {
        assert_eq!(nearest("niederrhein3", ["niederrhein1", "niederrhein2"]), None);
        assert_eq!(nearest("niederrhein1", ["niederrhein-1", "niederrhein-2"]), Some("niederrhein-1"));
        for day in ["so", "do", "mi"] {
            assert_eq!(nearest(day, ["mo", "tu", "we", "th", "fr", "sa", "su"]), None, "{day}");
        }
    }

    #[test]
    fn a_short_list_is_spelt_out_and_a_long_one_is_not() {
        assert_eq!(did_you_mean("large", ["small", "medium"]).as_deref(), Some("known here: `medium` and `small`"));
        let many: Vec<String> = (0..30).map(|number| format!("name-{number}")).collect();
        assert_eq!(did_you_mean("elephant", many.iter().map(String::as_str)), None);
        assert_eq!(did_you_mean("elephant", []), None);
    }
}
