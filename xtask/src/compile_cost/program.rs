//! The source of the two programs. They do the same, route by route: a page
//! without a session, one that reads it, one behind a login, one that changes a
//! value, and one that takes a message.

use std::fmt::Write as _;
use std::path::Path;

/// How a program's handlers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// With the attributes, in `routes![]`.
    Annotated,
    /// As axum has them, with the `Session` extractor and a router by hand.
    Plain,
}

/// As many handlers as a large module has.
const MODULE: usize = 50;

/// Each with a route's own path, so that both programs serve the same.
const KINDS: [Kind; 5] = [
    Kind {
        method: "get",
        annotated: r#"#[get("/page{n}/{id}")]
pub async fn page{n}(Path(id): Path<u64>, State(app): State<App>) -> String {
    format!("{} {id}", app.name)
}
"#,
        plain: r#"pub async fn page{n}(Path(id): Path<u64>, State(app): State<App>) -> String {
    format!("{} {id}", app.name)
}
"#,
        route: "/page{n}/{id}",
        name: "page",
    },
    Kind {
        method: "get",
        annotated: r#"#[get("/read{n}")]
pub async fn read{n}(State(app): State<App>, #[session] user_id: Option<u64>) -> String {
    format!("{} {user_id:?}", app.name)
}
"#,
        plain: r#"pub async fn read{n}(State(app): State<App>, session: Session) -> String {
    let user_id: Option<u64> = session.get("user_id").unwrap_or_default();
    format!("{} {user_id:?}", app.name)
}
"#,
        route: "/read{n}",
        name: "read",
    },
    Kind {
        method: "get",
        annotated: r#"#[get("/account{n}/{id}")]
#[login_required]
pub async fn account{n}(
    Path(id): Path<u64>,
    State(app): State<App>,
    #[session] user_id: u64,
) -> Json<(String, u64, u64)> {
    Json((app.name, user_id, id))
}
"#,
        plain: r#"pub async fn account{n}(
    Path(id): Path<u64>,
    State(app): State<App>,
    session: Session,
) -> Result<Json<(String, u64, u64)>, StatusCode> {
    let user_id: Option<u64> = session.get("user_id").unwrap_or_default();
    let user_id = user_id.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Json((app.name, user_id, id)))
}
"#,
        route: "/account{n}/{id}",
        name: "account",
    },
    Kind {
        method: "post",
        annotated: r#"#[post("/visit{n}")]
pub async fn visit{n}(#[session(default)] visits: &mut u32, Json(by): Json<u32>) -> String {
    *visits += by;
    visits.to_string()
}
"#,
        plain: r#"pub async fn visit{n}(session: Session, Json(by): Json<u32>) -> Result<String> {
    let mut visits: u32 = session.get("visits")?.unwrap_or_default();
    visits += by;
    session.set("visits", visits)?;
    Ok(visits.to_string())
}
"#,
        route: "/visit{n}",
        name: "visit",
    },
    Kind {
        method: "post",
        annotated: r#"#[post("/notice{n}")]
pub async fn notice{n}(#[session(pop)] notice: Option<String>) -> Redirect {
    Redirect::to(notice.as_deref().unwrap_or("/"))
}
"#,
        plain: r#"pub async fn notice{n}(session: Session) -> Result<Redirect> {
    let notice: Option<String> = session.pop("notice")?;
    Ok(Redirect::to(notice.as_deref().unwrap_or("/")))
}
"#,
        route: "/notice{n}",
        name: "notice",
    },
];

/// A handler in both styles. `{n}` in it is its number.
struct Kind {
    method: &'static str,
    annotated: &'static str,
    plain: &'static str,
    route: &'static str,
    name: &'static str,
}

impl Style {
    pub(super) const BOTH: [Self; 2] = [Self::Annotated, Self::Plain];

    /// The package's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Annotated => "annotated",
            Self::Plain => "plain",
        }
    }

    /// A workspace of its own, with the dependencies of the other style.
    pub(super) fn manifest(self, root: &Path) -> String {
        let runtime = root.join("session-runtime");
        format!(
            "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\n\
             axum = {{ version = \"0.8\", default-features = false, features = [\"json\"] }}\n\
             session-runtime = {{ path = {:?} }}\n",
            self.name(),
            runtime.display().to_string(),
        )
    }

    /// The files of the program, by their names.
    pub(super) fn sources(self, handlers: usize) -> Vec<(String, String)> {
        let modules = handlers.div_ceil(MODULE);
        let mut files = vec![("main.rs".to_owned(), self.main(modules))];
        for module in 0..modules {
            let numbers = module * MODULE..((module + 1) * MODULE).min(handlers);
            files.push((format!("part{module}.rs"), self.module(numbers)));
        }
        files
    }

    fn main(self, modules: usize) -> String {
        let mut text = String::new();
        for module in 0..modules {
            let _ = writeln!(text, "mod part{module};");
        }
        let (kind, finish) = match self {
            Self::Annotated => ("session_runtime::Routes<App>", ".with_sessions(sessions)"),
            Self::Plain => ("axum::Router<App>", ".layer(sessions)"),
        };
        let _ = write!(
            text,
            "\n#[derive(Clone, Default)]\npub struct App {{\n    name: String,\n}}\n\n\
             fn main() {{\n    let routes: {kind} = Default::default();\n    let routes = routes\n"
        );
        for module in 0..modules {
            let _ = writeln!(text, "        .merge(part{module}::routes())");
        }
        let _ = write!(
            text,
            "    ;\n    let config = session_runtime::SessionConfig::development().unwrap();\n    \
             let sessions = session_runtime::SessionLayer::new(config);\n    \
             let _: axum::Router = routes{finish}.with_state(App::default());\n}}\n"
        );
        text
    }

    fn module(self, numbers: std::ops::Range<usize>) -> String {
        let mut text = "use axum::extract::{Json, Path, State};\n".to_owned();
        text.push_str(match self {
            Self::Annotated => "use session_runtime::prelude::*;\n",
            Self::Plain => {
                "use axum::Router;\nuse axum::http::StatusCode;\nuse axum::routing::{get, post};\n\
                 use session_runtime::prelude::{Redirect, Result, Session};\n"
            }
        });
        text.push_str("use crate::App;\n\n");
        let handlers: Vec<_> = numbers.map(|n| (n, &KINDS[n % KINDS.len()])).collect();
        for (n, kind) in &handlers {
            let source = match self {
                Self::Annotated => kind.annotated,
                Self::Plain => kind.plain,
            };
            text.push_str(&numbered(source, *n));
            text.push('\n');
        }
        match self {
            Self::Annotated => {
                text.push_str("pub fn routes() -> Routes<App> {\n    routes![\n");
                for (n, kind) in &handlers {
                    let _ = writeln!(text, "        {}{n},", kind.name);
                }
                text.push_str("    ]\n}\n");
            }
            Self::Plain => {
                text.push_str("pub fn routes() -> Router<App> {\n    Router::new()\n");
                for (n, kind) in &handlers {
                    let _ = writeln!(
                        text,
                        "        .route(\"{}\", {}({}{n}))",
                        numbered(kind.route, *n),
                        kind.method,
                        kind.name
                    );
                }
                text.push_str("}\n");
            }
        }
        text
    }
}

fn numbered(source: &str, n: usize) -> String {
    source.replace("{n}", &n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_programs_serve_the_same_paths() {
        for (kind, n) in KINDS.iter().zip(0..) {
            let route = format!("#[{}(\"{}\")]", kind.method, kind.route);
            assert!(kind.annotated.starts_with(&route), "{route}");
            let function = numbered(&format!("fn {}{{n}}(", kind.name), n);
            for style in Style::BOTH {
                let module = style.module(0..KINDS.len());
                assert!(module.contains(&function), "{function}");
            }
        }
    }

    #[test]
    fn every_handler_is_in_one_module() {
        for style in Style::BOTH {
            let files = style.sources(MODULE + 3);
            assert_eq!(files.len(), 3);
            let handlers = files
                .iter()
                .map(|(_, text)| text.matches("async fn").count());
            assert_eq!(handlers.sum::<usize>(), MODULE + 3);
        }
    }
}
