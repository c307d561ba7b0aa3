use session_runtime::prelude::*;

struct Cart;

#[get("/")]
#[login_required]
async fn index(cart: Cart) {
    drop(cart);
}

fn main() {
    let _: Routes<()> = routes![index];
}
