//! `assert_contract!`: a file in the repository says what the routes do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(unused_variables, reason = "the handlers are declarations only")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use session_runtime::{assert_contract, prelude::*};

#[get("/account")]
#[login_required]
async fn account(
    #[session] user_id: u64,
    #[session(pop)] notice: Option<String>,
    #[session(default)] basket: &mut Vec<String>,
) {
}

#[post("/login")]
#[public]
#[csrf_exempt]
#[session(renew, lifetime = "15m")]
async fn login(#[session(set)] user_id: Slot<u64>) {}

fn routes() -> Routes {
    Routes::new()
        .merge(routes![login])
        .nest("/my", routes![account])
}

#[test]
fn a_file_that_says_what_the_routes_do_holds_in_whatever_order_they_are_put_together() {
    assert_contract!("tests/contract/session-contract.json", routes());
    let turned = Routes::<()>::new()
        .nest("/my", routes![account])
        .merge(routes![login]);
    assert_contract!("tests/contract/session-contract.json", turned.table());
}

#[test]
fn a_difference_is_said_for_a_reviewer_with_the_command_that_accepts_it() {
    let routes: Routes = routes![login];
    assert_eq!(
        refusal(Path::new("tests/contract/session-contract.json"), &routes),
        "tests/contract/session-contract.json no longer says what the routes do:\n\n  \
         GET /my/account is gone\n\n\
         If this is meant, accept it: SESSION_CONTRACT=accept cargo test -p session-runtime \
         a_difference_is_said_for_a_reviewer_with_the_command_that_accepts_it"
    );
}

#[test]
fn a_missing_file_is_said_with_the_command_that_makes_it() {
    let said = refusal(&scratch("missing.json"), &routes());
    assert!(said.contains("missing.json does not exist yet"), "{said}");
    assert!(
        said.contains("SESSION_CONTRACT=accept cargo test -p session-runtime a_missing"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_no_contract_is_said_with_the_place() {
    let file = scratch("conflict.json");
    fs::write(&file, "{\n<<<<<<< HEAD\n").unwrap();
    let said = refusal(&file, &routes());
    fs::remove_file(&file).unwrap();
    assert!(
        said.contains("cannot be read as a contract") && said.contains("line 2"),
        "{said}"
    );
}

#[test]
fn accepting_writes_the_file_that_then_holds() {
    let file = scratch("accepted.json");
    assert!(run_accepting(&file, "accept").success());
    assert_contract!(&file, routes());
    let written = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/session-contract.json");
    assert_eq!(written, fs::read_to_string(kept).unwrap());
}

#[test]
fn what_cannot_be_accepted_fails() {
    assert!(!run_accepting(&scratch("no/such/folder.json"), "accept").success());
    let file = scratch("misspelt.json");
    assert!(!run_accepting(&file, "acept").success());
    assert!(!file.exists());
}

/// Runs `contract_of_another_process` with the variable set, which must not be set here: tests share a process.
fn run_accepting(file: &Path, value: &str) -> std::process::ExitStatus {
    let test = ["--exact", "contract_of_another_process", "--ignored"];
    Command::new(env::current_exe().unwrap())
        .args(test)
        .env("SESSION_CONTRACT", value)
        .env("CONTRACT_FILE", file)
        .output()
        .unwrap()
        .status
}

#[test]
#[ignore = "the tests of accepting run it"]
fn contract_of_another_process() {
    assert_contract!(
        PathBuf::from(env::var_os("CONTRACT_FILE").unwrap()),
        routes()
    );
}

fn refusal(file: &Path, routes: &Routes) -> String {
    let refused = catch_unwind(AssertUnwindSafe(|| assert_contract!(file, routes)));
    *refused.unwrap_err().downcast().unwrap()
}

fn scratch(name: &str) -> PathBuf {
    env::temp_dir().join(format!("contract-{}-{name}", std::process::id()))
}
