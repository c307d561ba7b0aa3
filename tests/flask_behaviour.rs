//! What real Flask does: 112 recorded cases (`tests/data/flask/README.md`), replayed by a handler that does to our session
//! what each case's view did to Flask's. Status, `Set-Cookie`, `Vary` and what the session answered are the same, except
//! where `differences` says why they are not, and what they are instead.

#[path = "flask_behaviour/application.rs"]
mod application;
#[path = "flask_behaviour/differences.rs"]
mod differences;
#[path = "flask_behaviour/expected.rs"]
mod expected;
#[path = "flask_behaviour/operation.rs"]
mod operation;
#[path = "flask_behaviour/recording.rs"]
mod recording;
#[path = "flask_behaviour/replay.rs"]
mod replay;
mod tagged;

use std::collections::BTreeSet;

use application::configured;
use differences::{DIFFERENCES, Difference, Ours};
use recording::{Case, cases};
use replay::{Cookies, replay};

#[tokio::test]
async fn every_recorded_case_is_the_same_here_or_differs_as_the_table_says() {
    let mut wrong = Vec::new();
    for case in &cases() {
        // Once with the cookies that we set ourselves, and once with those that Flask set.
        for cookies in [Cookies::Ours, Cookies::Flasks] {
            if let Err(difference) = check(case, cookies).await {
                wrong.push(format!("{} ({cookies:?} cookies)\n{difference}", case.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn every_line_of_the_table_is_about_a_case_and_has_a_reason() {
    let recorded: BTreeSet<_> = cases().into_iter().map(|case| case.name).collect();
    let mut seen = BTreeSet::new();
    for difference in DIFFERENCES {
        assert!(recorded.contains(difference.case), "{}", difference.case);
        assert!(seen.insert(difference.case), "{}", difference.case);
        assert!(!difference.reason.is_empty(), "{}", difference.case);
    }
}

async fn check(case: &Case, cookies: Cookies) -> Result<(), String> {
    let difference = DIFFERENCES.iter().find(|known| known.case == case.name);
    let config = match (configured(&case.config), difference) {
        (
            Err(error),
            Some(Difference {
                ours: Ours::Refused(sentence),
                ..
            }),
        ) => {
            return if error.contains(sentence) {
                Ok(())
            } else {
                Err(error)
            };
        }
        (Err(error), _) => return Err(error),
        (Ok(config), _) => config,
    };
    let steps = match difference.map(|known| &known.ours) {
        Some(Ours::Refused(_)) => {
            return Err("the configuration is accepted, which the table denies".to_owned());
        }
        Some(Ours::Steps(steps)) => *steps,
        None => &[],
    };
    replay(case, &config, steps, cookies).await
}
