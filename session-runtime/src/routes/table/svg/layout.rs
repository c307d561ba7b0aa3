//! Where everything stands in the picture: rows of routes on the left, keys on the right, and between them a line for
//! each access. Knows the table, and no SVG.

use super::super::type_name::short;
use super::super::{Route, RouteTable};
use super::order::{by_crossings, spread};
use crate::gate::Access;

/// Pixels. The text is 12 high and set in a fixed width.
pub(super) const CHARACTER: f64 = 7.25;
pub(super) const MARGIN: f64 = 24.0;
pub(super) const HEADER: f64 = 104.0;
/// The signs before a guard and what is between two columns.
pub(super) const SIGN: f64 = 20.0;
const COLUMN_GAP: f64 = 18.0;
const ROW: f64 = 26.0;
const KEY: f64 = 30.0;
const KEY_GAP: f64 = 14.0;
/// Between the ends of two lines at one route or key: an arrow head and a hair.
const PORT: f64 = 8.0;
const KEY_PADDING: f64 = 12.0;
const LONGEST: [usize; 5] = [7, 56, 30, 44, 34];
const LONGEST_KEY: usize = 34;
/// So that the legend fits, without and with the line of what may use any key.
const NARROWEST: [f64; 2] = [620.0, 790.0];

pub(super) struct Layout {
    pub(super) rows: Vec<Row>,
    pub(super) keys: Vec<KeyBox>,
    /// Where the columns of a row begin: method, path, handler, options, guards.
    pub(super) columns: [f64; 5],
    /// The right end of the rows, where lines begin.
    pub(super) rows_end: f64,
    /// The left side of the keys.
    pub(super) keys_start: f64,
    pub(super) key_width: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) struct Row {
    pub(super) route: Route,
    pub(super) cells: [String; 5],
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
}

pub(super) struct Line {
    /// None for a `Session` parameter, which may do anything.
    pub(super) access: Option<Access>,
    pub(super) key: usize,
    /// Where it ends at the route and at the key.
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A key with its type, on which all routes agree.
pub(super) struct KeyBox {
    pub(super) name: String,
    pub(super) value: String,
    /// It stands for all keys.
    pub(super) any: bool,
    pub(super) top: f64,
    pub(super) height: f64,
}

impl Layout {
    pub(super) fn of(table: &RouteTable) -> Self {
        let mut keys: Vec<KeyBox> = Vec::new();
        let mut bottom = HEADER;
        let mut rows: Vec<Row> = Vec::new();
        for route in table.routes() {
            let declared = route.keys().iter().map(|key| {
                let value = clipped(&short(key.type_name()), LONGEST_KEY);
                (Some(key.access()), clipped(key.name(), LONGEST_KEY), value)
            });
            let whole = route
                .takes_session()
                .then(|| (None, "any key".to_owned(), "Session".to_owned()));
            let mut lines = Vec::new();
            for (access, name, value) in declared.chain(whole) {
                let known = keys.iter().position(|other| {
                    (&other.name, &other.value, other.any) == (&name, &value, access.is_none())
                });
                let key = known.unwrap_or_else(|| {
                    keys.push(KeyBox {
                        name,
                        value,
                        any: access.is_none(),
                        top: 0.0,
                        height: 0.0,
                    });
                    keys.len() - 1
                });
                lines.push(Line {
                    access,
                    key,
                    from: 0.0,
                    to: 0.0,
                });
            }
            let height = ROW.max(ports(lines.len()) + PORT);
            let cells = cells(&route);
            rows.push(Row {
                route,
                cells,
                top: bottom,
                height,
                lines,
            });
            bottom += height;
        }
        let (columns, rows_end) = columns(&rows);
        let tall = rows.iter().flat_map(|row| &row.lines).count();
        let between = (150.0 + 2.5 * wide(tall)).min(360.0);
        let longest = keys
            .iter()
            .map(|key| key.name.chars().count() + key.value.chars().count() + 2)
            .max()
            .unwrap_or(0);
        let key_width = chars(longest) + 2.0 * KEY_PADDING;
        let keys_start = rows_end + between;
        let mut layout = Self {
            rows,
            keys,
            columns,
            rows_end,
            keys_start,
            key_width,
            width: 0.0,
            height: bottom + MARGIN,
        };
        layout.place_keys(bottom);
        let end = if layout.keys.is_empty() {
            rows_end
        } else {
            keys_start + key_width
        };
        let narrowest = NARROWEST[usize::from(layout.keys.iter().any(|key| key.any))];
        layout.width = end.max(narrowest) + MARGIN;
        layout
    }

    /// Orders the keys, and gives each line its two ends.
    fn place_keys(&mut self, rows_bottom: f64) {
        let mut ends = vec![Vec::new(); self.keys.len()];
        for row in &self.rows {
            for line in &row.lines {
                ends[line.key].push(row.middle());
            }
        }
        for (key, ends) in self.keys.iter_mut().zip(&ends) {
            key.height = KEY.max(ports(ends.len()) + PORT);
        }
        let order = by_crossings(&ends);
        let wanted: Vec<_> = order
            .iter()
            .map(|key| {
                let sum: f64 = ends[*key].iter().sum();
                (sum / wide(ends[*key].len()), self.keys[*key].height)
            })
            .collect();
        let tops = spread(&wanted, KEY_GAP, HEADER, rows_bottom);
        for (key, top) in order.iter().zip(tops) {
            self.keys[*key].top = top;
        }
        for row in &mut self.rows {
            let (middle, keys) = (row.middle(), &self.keys);
            row.lines
                .sort_by(|a, b| keys[a.key].top.total_cmp(&keys[b.key].top));
            let first = middle - ports(row.lines.len()) / 2.0;
            for (at, line) in row.lines.iter_mut().enumerate() {
                line.from = first + PORT * wide(at);
            }
        }
        // The rows go from top to bottom, so a key's lines come in the order of their other ends.
        let mut used = vec![0; self.keys.len()];
        for line in self.rows.iter_mut().flat_map(|row| &mut row.lines) {
            let key = &self.keys[line.key];
            let first = key.top + (key.height - ports(ends[line.key].len())) / 2.0;
            line.to = first + PORT * wide(used[line.key]);
            used[line.key] += 1;
        }
        let keys_bottom = self.keys.iter().map(|key| key.top + key.height);
        self.height = keys_bottom.fold(rows_bottom, f64::max) + MARGIN;
    }
}

impl Row {
    pub(super) fn middle(&self) -> f64 {
        self.top + self.height / 2.0
    }
}

impl KeyBox {
    pub(super) fn middle(&self) -> f64 {
        self.top + self.height / 2.0
    }
}

/// How wide a text of this many characters is.
pub(super) fn chars(count: usize) -> f64 {
    CHARACTER * wide(count)
}

fn cells(route: &Route) -> [String; 5] {
    // First, so that it is not what is cut off.
    let exempt = route.is_csrf_exempt().then(|| "csrf_exempt".to_owned());
    let options = exempt.into_iter().chain(Some(route.options()));
    let options: Vec<_> = options.filter(|option| !option.is_empty()).collect();
    let mut guards = route.guards().collect::<Vec<_>>().join(", ");
    if route.is_public() {
        guards = "public".to_owned();
    } else if route.is_open() {
        guards = "open".to_owned();
    }
    let cells = [
        route.method().to_owned(),
        route.path().to_owned(),
        route.handler().to_owned(),
        options.join(", "),
        guards,
    ];
    let mut longest = LONGEST.into_iter();
    cells.map(|cell| clipped(&cell, longest.next().unwrap_or(usize::MAX)))
}

fn columns(rows: &[Row]) -> ([f64; 5], f64) {
    let mut start = MARGIN + 10.0;
    let columns = std::array::from_fn(|column| {
        let longest = rows.iter().map(|row| row.cells[column].chars().count());
        let longest = longest.max().unwrap_or(0);
        let here = start;
        if longest > 0 {
            start += chars(longest) + COLUMN_GAP;
        }
        here
    });
    (columns, start + SIGN)
}

/// The height of the ends of this many lines.
fn ports(lines: usize) -> f64 {
    PORT * wide(lines.saturating_sub(1))
}

fn clipped(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest - 1).collect();
    format!("{kept}…")
}

#[expect(clippy::cast_precision_loss, reason = "a picture has no 2^52 lines")]
fn wide(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use proptest::prelude::*;

    use super::super::super::Entry;
    use super::*;
    use crate::gate::{Info, KeyUse, Options, reads};

    /// A table whose routes use these keys, by number.
    fn table(routes: &[Vec<usize>]) -> RouteTable {
        let entry = |keys: &Vec<usize>| Entry {
            guards: Vec::new(),
            prefix: String::new(),
            info: Box::leak(Box::new(Info::made_up(
                "r---handler\0m\0f\x001\0GET /a/path\0",
                keys.iter().map(key_use).collect::<Vec<_>>().leak(),
                Options::new(),
            ))),
            contract: TypeId::of::<()>(),
            takes_session: keys.len() == 3,
        };
        RouteTable::new(routes.iter().map(entry).collect())
    }

    fn key_use(number: &usize) -> KeyUse {
        reads::<u8>(format!("key {number}").leak(), *number as u64)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_overlaps_and_every_line_ends_at_its_route_and_at_its_key(
            routes in prop::collection::vec(prop::collection::vec(0_usize..20, 0..9), 0..80)
        ) {
            let layout = Layout::of(&table(&routes));
            let mut boxes: Vec<_> = layout.keys.iter().map(|key| (key.top, key.top + key.height)).collect();
            boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
            for pair in boxes.windows(2) {
                prop_assert!(pair[0].1 + KEY_GAP <= pair[1].0 + 0.01, "{pair:?}");
            }
            for (top, bottom) in boxes {
                prop_assert!(top >= HEADER && bottom <= layout.height - MARGIN + 0.01);
            }
            let mut ends = Vec::new();
            for row in &layout.rows {
                for line in &row.lines {
                    let key = &layout.keys[line.key];
                    prop_assert!(row.top < line.from && line.from < row.top + row.height);
                    prop_assert!(key.top < line.to && line.to < key.top + key.height);
                    ends.push(line.to);
                }
            }
            ends.sort_by(f64::total_cmp);
            prop_assert!(ends.windows(2).all(|pair| pair[1] - pair[0] > PORT - 0.01), "{ends:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_off_with_a_sign() {
        assert_eq!(clipped("abcdef", 6), "abcdef");
        assert_eq!(clipped("äbcdefg", 6), "äbcde…");
    }
}
