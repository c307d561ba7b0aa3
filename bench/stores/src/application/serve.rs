//! Serving a router as a program that another has started: it prints where it listens, and ends with the other. Knows no session.
//! The peer's program has this file, too.

use std::io::{Read as _, Write as _};

use axum::Router;
use tokio::net::TcpListener;

/// Serves on a free port, which it prints as the first line. Returns only with an error: the process ends when whoever has started it
/// closes its standard input, or ends.
pub(crate) async fn serve(router: Router) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", listener.local_addr()?)?;
    output.flush()?;
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    axum::serve(listener, router).await
}
