//! What fuzzing has found worth keeping, checked without a fuzzer: the files under `fuzz/corpus/`, a folder for each target.

#[path = "../fuzz/checks/mod.rs"]
mod checks;

use std::fs;
use std::path::Path;

#[test]
fn what_must_hold_of_a_token_holds_of_the_corpus() {
    check("token", checks::token::check);
}

#[test]
fn what_must_hold_of_tagged_json_holds_of_the_corpus() {
    check("tagged_json", checks::tagged_json::check);
}

#[test]
fn what_must_hold_of_a_cookie_header_holds_of_the_corpus() {
    check("cookie_header", checks::cookie_header::check);
}

#[cfg(feature = "encrypted")]
#[test]
fn what_must_hold_of_a_sealed_token_holds_of_the_corpus() {
    check("sealed", checks::sealed::check);
}

fn check(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 10, "the corpus of {target} is there");
    for file in files {
        // Shown where the check fails.
        println!("{}", file.display());
        check(&fs::read(&file).unwrap());
    }
}
