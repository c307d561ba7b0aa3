use session_runtime::prelude::*;

#[get("/")]
async fn show(#[session] cart: Option<Vec<String>>, #[session] user_id: Option<u64>) -> String {
    format!("{cart:?} {user_id:?}")
}

#[post("/count")]
async fn count(#[session(default)] cart: &mut u32) -> String {
    *cart += 1;
    cart.to_string()
}

#[post("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<()> {
    user_id.set(1)
}

fn main() {
    let _: Routes<()> = routes![show, login, count];
}
