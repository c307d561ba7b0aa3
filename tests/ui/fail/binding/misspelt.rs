use session_runtime::prelude::*;

#[get("/")]
async fn index(#[sesion(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

fn main() {
    let _: Routes<()> = routes![index];
}
