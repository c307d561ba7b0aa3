use session_runtime::prelude::*;

const BASKET: Key<Vec<u32>> = Key::new("basket");

#[get("/")]
async fn index(
    #[session(default)] basket: &mut Vec<u32>,
    #[session(default, key = BASKET)] before: Vec<u32>,
) -> String {
    basket.push(1);
    format!("{before:?}")
}

fn main() {
    let _: Routes<()> = routes![index];
}
