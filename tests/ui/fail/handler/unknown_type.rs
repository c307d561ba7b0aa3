//! Types that do not exist are the compiler's to say, once each.

use session_runtime::prelude::*;

#[post("/")]
#[login_required]
async fn index(a: Jsno<u32>, session: Session, b: Jsnoo<u32>) -> Htlm {
    let _ = (a, session, b);
}

fn main() {
    let _: Routes<()> = routes![index];
}
