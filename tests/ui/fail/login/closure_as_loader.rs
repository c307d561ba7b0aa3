use session_runtime::prelude::*;

fn main() {
    let config = SessionConfig::development().unwrap();
    let _ = SessionLayer::new(config).with_users(|id: u64| async move { Some(id) });
}
