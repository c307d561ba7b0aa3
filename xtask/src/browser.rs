//! The browser of the tests that want a real one: Chromium, and the driver
//! that remote-controls it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::{Error, debian};

/// Where the two programs lie.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVER: [&str; 2] = ["chromedriver", "chromium.chromedriver"];

/// The programs that `SESSION_TEST_CHROMIUM` and `SESSION_TEST_CHROMEDRIVER`
/// name, else those on the path, else Debian's, installed now.
pub(crate) fn find_or_install() -> Result<Browser, Error> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    let advice = "install Chromium and its driver (on Debian: `apt-get install chromium \
                  chromium-driver`), set SESSION_TEST_CHROMIUM and SESSION_TEST_CHROMEDRIVER, \
                  or pass `--skip browser`";
    debian::install(&["chromium", "chromium-driver"]).map_err(|reason| {
        format!("Chromium or its driver is not on the path, and {reason}; {advice}")
    })?;
    find()?.ok_or_else(|| format!("Debian's packages brought no Chromium; {advice}").into())
}

fn find() -> Result<Option<Browser>, Error> {
    let chromium = locate("SESSION_TEST_CHROMIUM", &CHROMIUM)?;
    let driver = locate("SESSION_TEST_CHROMEDRIVER", &DRIVER)?;
    Ok(chromium
        .zip(driver)
        .map(|(chromium, driver)| Browser { chromium, driver }))
}

fn locate(variable: &str, names: &[&str]) -> Result<Option<PathBuf>, Error> {
    match env::var_os(variable) {
        Some(given) => named(variable, Path::new(&given)).map(Some),
        None => Ok(on_path(&env::var_os("PATH").unwrap_or_default(), names)),
    }
}

fn named(variable: &str, given: &Path) -> Result<PathBuf, Error> {
    if given.is_file() {
        Ok(given.to_owned())
    } else {
        let given = given.display();
        Err(format!("{variable} is `{given}`, which is not a file; mend or unset it").into())
    }
}

/// The first of `names` that lies in a folder of `path`; the order of the names
/// counts before that of the folders.
fn on_path(path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        env::split_paths(path)
            .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
            .find(|program| program.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path() {
        let this = env::current_exe().unwrap();
        let name = this.file_stem().unwrap().to_str().unwrap();
        let folders = [Path::new("/nowhere"), this.parent().unwrap()];
        let path = env::join_paths(folders).unwrap();
        assert_eq!(on_path(&path, &["no-such-program", name]), Some(this));
        assert_eq!(on_path(&path, &["no-such-program"]), None);
    }

    #[test]
    fn a_variable_that_names_no_file_is_an_error_that_names_it() {
        let error = named("SESSION_TEST_CHROMIUM", Path::new("/nowhere/chromium"));
        assert_eq!(
            error.unwrap_err().to_string(),
            "SESSION_TEST_CHROMIUM is `/nowhere/chromium`, which is not a file; mend or unset it"
        );
    }
}
