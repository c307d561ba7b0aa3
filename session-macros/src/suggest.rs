//! "Did you mean": the known word that is nearest to a wrong one.

/// The known word that `word` is most likely a slip of, if any is near enough.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), *candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()) / 3)
        .map(|(_, candidate)| candidate)
}

/// "unknown option `x`; did you mean `y`?", or the list of what there is.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(candidate) => format!("unknown {what} `{word}`; did you mean `{candidate}`?"),
        None => format!("unknown {what} `{word}`; there is {}", list(known)),
    }
}

/// "`a`, `b` and `c`".
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => "none".to_owned(),
        [one] => format!("only `{one}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", first.join(", "))
        }
    }
}

/// How many letters have to be added, removed, changed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let changed = last[j] + usize::from(from != to);
            let mut best = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &[&str] = &["permanent", "lifetime", "renew", "clear", "read_only"];

    #[test]
    fn a_slip_of_the_finger_finds_the_word() {
        assert_eq!(nearest("permanant", OPTIONS), Some("permanent"));
        assert_eq!(nearest("readonly", OPTIONS), Some("read_only"));
        assert_eq!(nearest("lifetiem", OPTIONS), Some("lifetime"));
        assert_eq!(nearest("get", &["GET", "POST"]), Some("GET"));
    }

    #[test]
    fn another_word_gets_the_list() {
        assert_eq!(nearest("timeout", OPTIONS), None);
        assert_eq!(
            unknown("option", "x", &["pop", "set"]),
            "unknown option `x`; there is `pop` and `set`"
        );
    }
}
