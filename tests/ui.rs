//! What compiles and what does not. Each failing program has one fault, and its `.stderr` is what its author reads.
//! `TRYBUILD=overwrite cargo test --test ui` accepts what the compiler says now.

#[test]
fn programs_with_a_fault_are_refused_with_the_mend() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*/*.rs");
}

#[test]
fn programs_without_a_fault_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
}
