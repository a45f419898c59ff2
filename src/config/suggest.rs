//! What somebody may have meant by a word that is not one of ours.

/// The candidate that begins with `word`, or that differs least from it and is near enough to have been meant.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = normal(word);
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let begins = |candidate: &&&str| wanted.len() >= 3 && normal(candidate).starts_with(&wanted);
    if let Some(candidate) = candidates.iter().find(begins) {
        return Some(candidate);
    }
    let distance = |candidate: &&str| strsim::osa_distance(&normal(candidate), &wanted);
    let nearest = candidates.into_iter().min_by_key(distance)?;
    let allowed = (wanted.chars().count() / 3).max(1);
    (word.len() <= 64 && distance(&nearest) <= allowed).then_some(nearest)
}

/// The candidate that was meant, and what the choice is.
pub(super) fn did_you_mean(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`? The choice is {}", alternatives(candidates)),
        None => format!("use {}", alternatives(candidates)),
    }
}

/// `a`, `b` or `c`.
fn alternatives(candidates: &[&str]) -> String {
    let quoted: Vec<String> = candidates.iter().map(|candidate| format!("`{candidate}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn normal(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let keys = ["schedule", "subject", "time_zone", "tags"];
        for (word, expected) in [
            ("shedule", Some("schedule")),
            ("Time-Zone", Some("time_zone")),
            ("timezone", Some("time_zone")),
            ("tag", Some("tags")),
            ("sub", Some("subject")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
        assert_eq!(did_you_mean("colour", &["next", "drop"]), "use `next` or `drop`");
    }
}
