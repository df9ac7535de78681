//! Did you mean: the nearest name of a closed list.

/// The known name that was probably meant, where one is near enough to be worth saying.
pub fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold(written);
    let limit = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&folded, &fold(name)), name))
        .filter(|(distance, name)| {
            *distance <= limit || (folded.len() >= 3 && fold(name).starts_with(&folded))
        })
        .min()
        .map(|(_, name)| name)
}

/// The help line for an unknown name: the nearest known one, else the whole list where it is short.
pub fn did_you_mean<'n>(written: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> Option<String> {
    if let Some(name) = nearest(written, known.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    match names.len() {
        0 => None,
        1..=16 => Some(format!("known here: {}", super::quoted(names))),
        _ => None,
    }
}

/// Case and the separators people mix up do not count as a difference.
fn fold(name: &str) -> String {
    name.to_lowercase().replace(['_', ' '], "-")
}
