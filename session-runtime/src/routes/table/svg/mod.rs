//! The table as a picture, in SVG that needs nothing else: no script, no font, no library.
//!
//! What a colour says is also said by a dash pattern, an arrow head or a word, so that it reads in print. The colours are
//! those of the page's scheme, light or dark, and the page is painted, as a reader may put it on another.

mod layout;
mod order;

use std::fmt::{self, Write as _};

use self::layout::{KeyBox, Layout, Line, MARGIN, Row, SIGN, chars};
use super::RouteTable;
use crate::gate::Access;

impl RouteTable {
    /// Draws the table: routes with their guards on the left, session keys on the right, and a line for each access.
    ///
    /// A route that is neither guarded nor `#[public]` is framed and says `open`. The picture is an SVG file of its own: it
    /// can stand in a page, light or dark, and shows more of a route where the mouse rests on it.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[post("/visit")]
    /// async fn visit(#[session(default)] visits: &mut u32) {
    ///     *visits += 1;
    /// }
    ///
    /// let routes: Routes = routes![visit];
    /// let picture = routes.table().to_svg();
    /// assert!(picture.starts_with("<svg") && picture.contains("/visit") && picture.contains("visits"));
    /// ```
    #[must_use]
    pub fn to_svg(&self) -> String {
        let layout = Layout::of(self);
        let mut svg = String::new();
        // A string takes everything.
        _ = draw(&mut svg, &layout);
        svg
    }
}

fn draw(svg: &mut String, layout: &Layout) -> fmt::Result {
    let Layout { width, height, .. } = layout;
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img">"#
    )?;
    writeln!(svg, "<title>{}</title>", summary(layout))?;
    writeln!(svg, "<style>\n{}</style>", include_str!("style.css"))?;
    writeln!(
        svg,
        r#"<rect class="page" x="0.5" y="0.5" width="{:.0}" height="{:.0}" rx="8"/>"#,
        width - 1.0,
        height - 1.0
    )?;
    heading(svg, layout)?;
    for (number, row) in layout.rows.iter().enumerate() {
        draw_row(svg, layout, row, number % 2 == 0)?;
    }
    for key in &layout.keys {
        draw_key(svg, layout, key)?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

fn summary(layout: &Layout) -> String {
    let open = layout.rows.iter().filter(|row| row.route.is_open()).count();
    let count = |number: usize, what: &str| {
        format!("{number} {what}{}", if number == 1 { "" } else { "s" })
    };
    format!(
        "{}, {}, {open} open",
        count(layout.rows.len(), "route"),
        count(
            layout.keys.iter().filter(|key| !key.any).count(),
            "session key"
        )
    )
}

/// The title and what the lines and signs mean.
fn heading(svg: &mut String, layout: &Layout) -> fmt::Result {
    text(svg, "title", MARGIN + 10.0, 34.0, &summary(layout))?;
    let mut x = MARGIN + 10.0;
    let accesses = [
        (Some(Access::Read), "read"),
        (Some(Access::Update), "update"),
        (Some(Access::Pop), "pop: read and remove"),
        (Some(Access::Set), "set"),
    ];
    let any = layout.keys.iter().any(|key| key.any);
    let accesses = accesses
        .into_iter()
        .chain(any.then_some((None, "at run time")));
    for (access, word) in accesses {
        draw_line(svg, access, (x, 58.0), (x + 54.0, 58.0))?;
        text(svg, "", x + 62.0, 62.0, word)?;
        x += 62.0 + chars(word.len()) + 22.0;
    }
    let mut x = MARGIN + 10.0;
    let signs = [
        (Sign::Guarded, "guarded"),
        (Sign::Public, "public on purpose"),
        (Sign::Open, "open: no guard, and not said to be public"),
    ];
    for (sign, words) in signs {
        draw_sign(svg, sign, x, 82.0)?;
        text(svg, "", x + SIGN, 86.0, words)?;
        x += SIGN + chars(words.len()) + 22.0;
    }
    Ok(())
}

fn draw_row(svg: &mut String, layout: &Layout, row: &Row, even: bool) -> fmt::Result {
    let (left, width) = (MARGIN, layout.rows_end - MARGIN);
    let (top, middle) = (row.top, row.middle());
    writeln!(svg, r#"<g class="route">"#)?;
    title(svg, &description(row))?;
    let class = if even { "even" } else { "row" };
    writeln!(
        svg,
        r#"<rect class="{class}" x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{:.1}" rx="3" pointer-events="all"/>"#,
        row.height
    )?;
    let sign = Sign::of(row);
    if sign == Sign::Open {
        writeln!(
            svg,
            r#"<rect class="warn-row" x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="3"/>"#,
            left + 1.0,
            top + 2.0,
            width - 2.0,
            row.height - 4.0
        )?;
    }
    let [method, path, handler, options, guards] = &row.cells;
    let [method_x, path_x, handler_x, options_x, guards_x] = layout.columns;
    let base = middle + 4.0;
    text(svg, "bold", method_x, base, method)?;
    text(svg, "", path_x, base, path)?;
    text(svg, "muted", handler_x, base, handler)?;
    text(svg, "muted", options_x, base, options)?;
    draw_sign(svg, sign, guards_x, middle)?;
    text(svg, sign.class(), guards_x + SIGN, base, guards)?;
    for line in &row.lines {
        let Line {
            access, from, to, ..
        } = line;
        draw_line(
            svg,
            *access,
            (layout.rows_end + 3.0, *from),
            (layout.keys_start - 3.0, *to),
        )?;
    }
    svg.push_str("</g>\n");
    Ok(())
}

/// What a route does, in full, for whoever rests the mouse on it or has it read out.
fn description(row: &Row) -> String {
    let route = &row.route;
    let (file, line) = route.place();
    let mut text = format!(
        "{} {}: {} ({file}:{line})",
        route.method(),
        route.path(),
        route.qualified_handler()
    );
    for guard in route.guards() {
        _ = write!(text, "\nguarded by {guard}");
    }
    for key in route.keys() {
        _ = write!(text, "\n{key}: {}", key.type_name());
    }
    if route.takes_session() {
        text.push_str("\nany key at run time");
    }
    text
}

fn draw_key(svg: &mut String, layout: &Layout, key: &KeyBox) -> fmt::Result {
    let x = layout.keys_start;
    writeln!(
        svg,
        r#"<rect class="key" x="{x:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="5"/>"#,
        key.top, layout.key_width, key.height
    )?;
    let (x, base) = (x + 12.0, key.middle() + 4.0);
    text(svg, "bold", x, base, &key.name)?;
    let value = x + chars(key.name.chars().count() + 2);
    text(svg, "muted", value, base, &key.value)
}

/// A line with its heads: the value goes where they point. A cross stands where a value is removed.
fn draw_line(
    svg: &mut String,
    access: Option<Access>,
    from: (f64, f64),
    to: (f64, f64),
) -> fmt::Result {
    const HEAD: f64 = 7.0;
    let (to_route, to_key) = match access {
        Some(Access::Read | Access::Pop) => (true, false),
        Some(Access::Update) | None => (true, true),
        Some(Access::Set) => (false, true),
    };
    let class = access.map_or("any".to_owned(), |access| access.to_string());
    let ((x1, y1), (x2, y2)) = (from, to);
    let start = if to_route { x1 + HEAD } else { x1 };
    let end = match access {
        Some(Access::Pop) => x2 - HEAD - 2.0,
        _ if to_key => x2 - HEAD,
        _ => x2,
    };
    let bend = (end - start) * 0.45;
    writeln!(
        svg,
        r#"<path class="line {class}" d="M{start:.1} {y1:.1}C{:.1} {y1:.1} {:.1} {y2:.1} {end:.1} {y2:.1}"/>"#,
        start + bend,
        end - bend
    )?;
    let mut head = |tip: f64, back: f64, y: f64| {
        writeln!(
            svg,
            r#"<path class="head {class}" d="M{tip:.1} {y:.1}L{back:.1} {:.1}V{:.1}Z"/>"#,
            y - 3.5,
            y + 3.5
        )
    };
    if to_route {
        head(x1, x1 + HEAD, y1)?;
    }
    if to_key {
        head(x2, x2 - HEAD, y2)?;
    }
    if access == Some(Access::Pop) {
        let (left, right, up, down) = (x2 - HEAD, x2 - 1.0, y2 - 3.0, y2 + 3.0);
        writeln!(
            svg,
            r#"<path class="cross" d="M{left:.1} {up:.1}L{right:.1} {down:.1}M{left:.1} {down:.1}L{right:.1} {up:.1}"/>"#
        )?;
    }
    Ok(())
}

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Guarded,
    Public,
    Open,
}

impl Sign {
    fn of(row: &Row) -> Self {
        if row.route.is_open() {
            Self::Open
        } else if row.route.is_public() {
            Self::Public
        } else {
            Self::Guarded
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Open => "warn",
            Self::Guarded | Self::Public => "",
        }
    }
}

/// A padlock, a ring, or a triangle with an exclamation mark, around `(x + 6, y)`.
fn draw_sign(svg: &mut String, sign: Sign, x: f64, y: f64) -> fmt::Result {
    match sign {
        Sign::Guarded => writeln!(
            svg,
            r#"<path class="sign" d="M{:.1} {y:.1}v-2.5a3 3 0 0 1 6 0v2.5"/><rect class="full" x="{:.1}" y="{:.1}" width="10" height="7" rx="1.5"/>"#,
            x + 3.0,
            x + 1.0,
            y - 1.0
        ),
        Sign::Public => writeln!(
            svg,
            r#"<circle class="sign" cx="{:.1}" cy="{y:.1}" r="4.5"/>"#,
            x + 6.0
        ),
        Sign::Open => writeln!(
            svg,
            r#"<path class="warn-sign" d="M{:.1} {:.1}l6 11h-12zM{:.1} {:.1}v4M{:.1} {:.1}v1.4"/>"#,
            x + 6.0,
            y - 6.5,
            x + 6.0,
            y - 3.0,
            x + 6.0,
            y + 2.2
        ),
    }
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    write!(svg, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">"#)?;
    escape(svg, text);
    svg.push_str("</text>\n");
    Ok(())
}

fn title(svg: &mut String, text: &str) -> fmt::Result {
    svg.write_str("<title>")?;
    escape(svg, text);
    svg.push_str("</title>\n");
    Ok(())
}

/// Text as XML has it. What XML 1.0 cannot hold, not even escaped, becomes the replacement character.
fn escape(svg: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '"' => svg.push_str("&quot;"),
            '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'.. => svg.push(c),
            _ => svg.push(char::REPLACEMENT_CHARACTER),
        }
    }
}
