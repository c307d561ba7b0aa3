//! What the README shows is what the repository has.

use std::collections::BTreeSet;
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

/// Whoever copies the program and the list has what compiles.
#[test]
fn the_readme_lists_every_crate_that_its_program_names() {
    let readme = read("README.md");
    let program = block(&readme, "```rust\n");
    let dependencies = block(&readme, "```toml\n");
    let crates: BTreeSet<&str> = program
        .split(|c: char| !(c.is_alphanumeric() || "_:".contains(c)))
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| first.starts_with(char::is_lowercase) && *first != "std")
        .collect();
    assert!(crates.len() > 3, "{crates:?}");
    for name in crates {
        let line = format!("\n{} = ", name.replace('_', "-"));
        assert!(dependencies.contains(&line), "{name}");
    }
}

#[test]
fn every_example_is_in_the_list_of_examples_and_every_one_there_exists() {
    let list = read("examples/README.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = [
            format!("[{name}]({name})"),
            format!("[{name}]({name}/README.md)"),
        ];
        let known = name == "README.md" || known.iter().any(|link| list.contains(link));
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

/// A page shows pieces of programs; each names its file in the line above it, as `// recipes.rs`.
#[test]
fn the_page_about_the_cookbook_shows_what_stands_in_its_files() {
    let page = read("examples/cookbook/README.md");
    let mut shown = 0;
    for (fence, comment) in [("```rust\n", "// "), ("```html\n", "<!-- ")] {
        for block in page.split(fence).skip(1) {
            let block = block.split("```").next().unwrap();
            let (first, code) = block.split_once('\n').unwrap();
            let file = first
                .strip_prefix(comment)
                .map(|name| name.trim_end_matches(" -->"));
            let file = read(&format!("examples/cookbook/{}", file.expect(first)));
            for piece in code.split("\n\n").map(str::trim_end) {
                assert!(file.contains(piece), "{first} has no\n{piece}");
                shown += 1;
            }
        }
    }
    assert!(shown > 5, "{shown}");
}

/// The first block of the page that begins so.
fn block<'a>(page: &'a str, fence: &str) -> &'a str {
    let (_, rest) = page.split_once(fence).unwrap();
    rest.split("```").next().unwrap()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
