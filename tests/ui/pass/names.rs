//! No name of the application's clashes with what the attributes make.
#![deny(warnings)]

use session_runtime::prelude::*;

mod core {}
mod std {}
mod serde {}
#[allow(non_camel_case_types)]
type String = u8;
#[allow(dead_code)]
struct Option;
#[allow(dead_code)]
struct Ok;

#[get("/a")]
#[login_required]
async fn gate(#[session(default)] config: &mut u32, #[session(default)] state: u32, session: Session) -> &'static str {
    *config += state;
    let (s, p, out, b0) = (1, 2, 3, 4);
    let _ = (session, s, p, out, b0);
    "gate"
}

#[get("/b")]
async fn session(#[session(default)] session: &mut u32) -> &'static str {
    *session += 1;
    "session"
}

#[get("/c")]
async fn r#match(#[session(default)] r#type: u32) -> &'static str {
    if r#type == 0 { "none" } else { "some" }
}

fn main() {
    let _: Routes<()> = routes![gate, session, r#match];
}
