use std::rc::Rc;

use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(default)] visits: &mut u32) -> String {
    let step = Rc::new(1);
    std::future::ready(()).await;
    *visits += *step;
    visits.to_string()
}

fn main() {
    let _: Routes<()> = routes![index];
}
