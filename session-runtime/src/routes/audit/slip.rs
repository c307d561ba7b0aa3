//! Names of keys that one slip of the finger tells apart.

/// Whether `a` and `b` are one name but for a letter more, less or changed, two that are swapped, or how words are joined.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    // Of two letters one is no slip but another name.
    let is_long_enough = a.chars().count().min(b.chars().count()) > 2;
    a != b && (plain(a) == plain(b) || is_long_enough && is_one_edit(a, b))
}

/// `userId` and `user-id` as `userid`.
fn plain(name: &str) -> String {
    let letters = name
        .chars()
        .filter(|letter| !matches!(letter, '_' | '-' | '.'));
    letters.flat_map(char::to_lowercase).collect()
}

fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = |(a, b): &(&char, &char)| a == b;
    let start = a.iter().zip(&b).take_while(same).count();
    let (a, b) = (a.split_at(start).1, b.split_at(start).1);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    match (a.split_at(a.len() - end).0, b.split_at(b.len() - end).0) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([a, other_a], [b, other_b]) => a == other_b && other_a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_two_swapped_or_another_way_to_join_words_is_a_slip() {
        for (a, b) in [
            ("visits", "vists"),
            ("visit", "visits"),
            ("visits", "visita"),
            ("visits", "viists"),
            ("user_id", "userId"),
            ("user_id", "user-id"),
        ] {
            assert!(is_slip(a, b) && is_slip(b, a), "{a} {b}");
        }
    }

    #[test]
    fn other_names_and_short_ones_are_none() {
        for (a, b) in [
            ("cart", "cart"),
            ("cart", "card_id"),
            ("a", "b"),
            ("id", "ix"),
            ("", "a"),
        ] {
            assert!(!is_slip(a, b), "{a} {b}");
        }
    }
}
