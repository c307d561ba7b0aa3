//! Installing packages where the machine is one to do that on: Debian, as root,
//! as in a container of a build.

use std::fs;
use std::process::Command;

use crate::{Error, command};

/// Installs Debian's `packages`, or says in half a sentence why not, so that
/// the caller can go on with what the user may do.
pub(crate) fn install(packages: &[&str]) -> Result<(), Error> {
    if !fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text)) {
        return Err("this is not Debian, where it would be installed for you".into());
    }
    if command::output(Command::new("id").arg("--user"))? != "0" {
        return Err("only root can install it for you".into());
    }
    println!("installing Debian's {}", packages.join(" and "));
    command::run(apt_get().args(["--quiet", "update"]))?;
    let mut install = apt_get();
    install.args(["--quiet", "--yes", "--no-install-recommends", "install"]);
    command::run(install.args(packages))
}

fn apt_get() -> Command {
    let mut apt_get = Command::new("apt-get");
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    apt_get
}

/// Debian itself: what derives from it may have a placeholder under the same
/// name (Ubuntu's `chromium` is one for a snap).
fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .any(|line| matches!(line, "ID=debian" | "ID=\"debian\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_known_by_its_own_id() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_debian("VERSION_ID=debian\n"));
        assert!(!is_debian(""));
    }
}
