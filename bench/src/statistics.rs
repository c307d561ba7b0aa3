//! Numbers that a few interrupted rounds cannot bend.

/// The number in the middle.
///
/// # Panics
///
/// Without numbers there is none.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    quantile(numbers, 0.5)
}

/// How far the middle half of the numbers reaches.
///
/// # Panics
///
/// Without numbers it reaches nowhere.
pub(crate) fn interquartile_range(numbers: &[f64]) -> f64 {
    quantile(numbers, 0.75) - quantile(numbers, 0.25)
}

/// The number that this part of them is not above; between two numbers, on the line from one to the other.
fn quantile(numbers: &[f64], part: f64) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable_by(f64::total_cmp);
    let place = part * (numbers.len() - 1) as f64;
    let (low, high) = (
        numbers[place.floor() as usize],
        numbers[place.ceil() as usize],
    );
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_how_far_out_the_outliers_are() {
        assert_eq!(median(&[1_000.0, 2.0, 1.0, 3.0, 0.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[7.0]), 7.0);
    }

    #[test]
    fn half_of_the_numbers_are_within_the_interquartile_range() {
        assert_eq!(interquartile_range(&[1.0, 2.0, 3.0, 4.0, 500.0]), 2.0);
    }
}
