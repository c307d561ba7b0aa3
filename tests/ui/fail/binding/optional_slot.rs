use session_runtime::prelude::*;

#[post("/")]
async fn login(#[session(set)] user_id: Option<Slot<u64>>) -> Result<()> {
    match user_id {
        Some(slot) => slot.set(5),
        None => Ok(()),
    }
}

fn main() {}
