//! "Did you mean …?" for names that clap knows nothing of.

/// How alike two names have to be; what clap asks of its own words.
const ALIKE: f64 = 0.7;

/// The name most like `word`, if any is like it at all.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let scored = names.map(|name| (strsim::jaro_winkler(&word, &name.to_lowercase()), name));
    let alike = scored.filter(|(score, _)| *score > ALIKE);
    alike
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_stranger_is_not() {
        let names = ["users", "user_tokens", "roles"];
        assert_eq!(
            nearest("user_tokenz", names.into_iter()),
            Some("user_tokens")
        );
        assert_eq!(nearest("ROLE", names.into_iter()), Some("roles"));
        assert_eq!(nearest("xyz", names.into_iter()), None);
    }
}
