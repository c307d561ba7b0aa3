//! In which order the keys stand, so that few lines cross, and how far down each of them. Knows numbers only.

/// Sorts `keys`, each given by the heights at which its lines begin, so that their lines cross little.
///
/// Each begins at the mean of its lines; then neighbours change places as long as that saves a crossing.
pub(super) fn by_crossings(keys: &[Vec<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| mean(&keys[*a]).total_cmp(&mean(&keys[*b])));
    // Each change saves a crossing, so this ends; the bound is for the time it takes.
    for _ in 0..keys.len() {
        let mut changed = false;
        for at in 1..order.len() {
            let (above, below) = (&keys[order[at - 1]], &keys[order[at]]);
            if crossings(below, above) < crossings(above, below) {
                order.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    order
}

/// Where boxes begin that stand below each other in this order, each as near as can be to where it wants its middle:
/// `(wanted middle, height)`. Between two is `gap`, and all are within `top..=bottom` if that is high enough.
///
/// It is an isotonic regression: boxes that push each other form one block, at the mean of what its boxes want.
pub(super) fn spread(boxes: &[(f64, f64)], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut above = 0.0;
    // Blocks of (sum of what is wanted, boxes).
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut offsets = Vec::with_capacity(boxes.len());
    for (middle, height) in boxes {
        offsets.push(above);
        blocks.push((middle - height / 2.0 - above, 1));
        above += height + gap;
        while let [.., (sum, count), (next_sum, next_count)] = blocks.as_mut_slice()
            && at(*sum, *count) > at(*next_sum, *next_count)
        {
            *sum += *next_sum;
            *count += *next_count;
            blocks.pop();
        }
    }
    let lowest = (bottom - (above - gap)).max(top);
    blocks
        .into_iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(at(sum, count).clamp(top, lowest), count))
        .zip(offsets)
        .map(|(start, offset)| start + offset)
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a picture has no 2^52 lines")]
fn at(sum: f64, count: usize) -> f64 {
    sum / count as f64
}

fn mean(heights: &[f64]) -> f64 {
    if heights.is_empty() {
        return 0.0;
    }
    at(heights.iter().sum(), heights.len())
}

/// How many lines of two keys cross if the first stands above the second.
fn crossings(above: &[f64], below: &[f64]) -> usize {
    above
        .iter()
        .map(|from| below.iter().filter(|to| *to < from).count())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_where_their_lines_cross_least() {
        let keys = [vec![9.0], vec![1.0, 2.0], vec![5.0]];
        assert_eq!(by_crossings(&keys), [1, 2, 0]);
        // By the mean alone the first would stand below the second, and two crossings be one more.
        let keys = [vec![1.0, 2.0, 30.0], vec![4.0, 5.0]];
        assert_eq!(by_crossings(&keys), [0, 1]);
    }

    #[test]
    fn boxes_stand_where_they_want_unless_they_push_each_other() {
        assert_eq!(
            spread(&[(10.0, 10.0), (50.0, 10.0)], 5.0, 0.0, 100.0),
            [5.0, 45.0]
        );
        assert_eq!(
            spread(&[(50.0, 10.0), (50.0, 10.0)], 10.0, 0.0, 100.0),
            [35.0, 55.0]
        );
    }

    #[test]
    fn boxes_stay_within_the_picture() {
        assert_eq!(spread(&[(0.0, 10.0)], 5.0, 0.0, 100.0), [0.0]);
        assert_eq!(
            spread(&[(99.0, 10.0), (100.0, 10.0)], 5.0, 0.0, 100.0),
            [75.0, 90.0]
        );
        assert!(spread(&[], 5.0, 0.0, 100.0).is_empty());
    }
}
