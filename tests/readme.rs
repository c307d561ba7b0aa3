//! What the README shows is what the repository has.

use std::fs;
use std::path::Path;

#[test]
fn the_readme_has_the_quickstart_in_full() {
    let readme = read("README.md");
    let program = read("examples/quickstart.rs");
    assert!(
        readme.contains(program.trim_end()),
        "copy examples/quickstart.rs into README.md"
    );
}

#[test]
fn every_example_is_in_the_list_of_examples_and_every_one_there_exists() {
    let list = read("examples/README.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = name == "README.md" || list.contains(&format!("[{name}]({name})"));
        assert!(known, "{name} is not in examples/README.md");
    }
    for linked in list
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        read(&format!("examples/{linked}"));
    }
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
