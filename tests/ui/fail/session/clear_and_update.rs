//! A value that is written back into a session which was cleared.

use session_runtime::prelude::*;

#[post("/logout")]
#[session(clear)]
async fn logout(#[session(default)] visits: &mut u32) {
    *visits += 1;
}

fn main() {}
