//! Sessions in a store, measured over HTTP with servers and applications that are processes of their own: this project beside
//! tower-sessions with its own stores.
//!
//! This file knows the command line and where the tables go. `contender` is who is measured, `application` what each serves,
//! `process` how all of it is started and ended; the modules that `part` names are what is measured.

mod application;
mod asked;
mod client;
mod contender;
mod load;
mod logout;
mod many;
mod options;
mod outage;
mod parallel;
mod part;
mod process;
mod proxy;
mod report;
mod round_trips;
mod running;
#[path = "../../src/statistics.rs"]
#[allow(dead_code, reason = "what this program does not need, the other does")]
mod statistics;
mod work;

use std::process::ExitCode;

use options::Options;
use part::Part;
use report::Section;
use running::Starter;

/// What went wrong and what to do about it, as one text for the person at the terminal.
type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(application::SERVE) {
        return application::serve(arguments);
    }
    let Some(options) = Options::parse(lexopt::Parser::from_env())? else {
        println!("{}", options::USAGE);
        return Ok(());
    };
    if cfg!(debug_assertions) {
        eprintln!("warning: this build is not optimised; add --release");
    }
    eprintln!("seed {}", options.seed);
    let sections = match options.sessions {
        Some(sessions) => {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.enable_all().build()?;
            vec![runtime.block_on(many::measure(&options, sessions))?]
        }
        None => {
            // One thread asks, so that the other cores are left to who is asked.
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build()?;
            runtime.block_on(measure(&options))?
        }
    };
    for section in &sections {
        println!("{}", section.markdown());
    }
    if let Some(file) = &options.write {
        report::write(file, &head(), &sections)?;
        eprintln!("written to {}", file.display());
    }
    Ok(())
}

async fn measure(options: &Options) -> Result<Vec<Section>, Error> {
    let starter = Starter::new(&options.libraries)?;
    let mut sections = Vec::new();
    for part in &options.parts {
        sections.push(match part {
            Part::Load => load::measure(options, &starter).await?,
            Part::Distant => load::measure_distant(options, &starter).await?,
            Part::Parallel => parallel::measure(options, &starter).await?,
            Part::RoundTrips => round_trips::measure(options, &starter).await?,
            Part::Logout => logout::measure(options, &starter).await?,
            Part::Outage => outage::measure(options, &starter).await?,
        });
    }
    Ok(sections)
}

fn head() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let architecture = std::env::consts::ARCH.replace('_', "-");
    format!(
        "# Sessions in a store, beside tower-sessions\n\n\
         Measured on {cores} cores, {architecture}. How, and how to do it again: [README.md](README.md#sessions-in-a-store).",
    )
}
