//! What a contender must show before it is measured: that it stores and reads what it says, refuses what was altered, and
//! sets a cookie that it reads again. Its cookies of the proof are those of the measurement.

use crate::app::App;
use crate::contenders::Contender;
use crate::data::{LOGGED_IN, NOBODY, USER, VISITS, small, text};
use crate::visit::{Answer, COOKIE, Visit};
use crate::work::Work;
use crate::{Error, data};

const UNTOUCHED: Visit = Visit::get("/untouched");
const READ: Visit = Visit::get("/read");
const CHANGE: Visit = Visit::post("/change");
const LOGIN: Visit = Visit::post("/login");
const FILL_SMALL: Visit = Visit::post("/fill/small");
const FILL_BIG: Visit = Visit::post("/fill/big");

/// The attributes that a session's cookie must have.
const ATTRIBUTES: [&str; 4] = ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"];

/// The requests of a contender that has proved its work.
pub(crate) struct Visits {
    small: String,
    big: String,
    tampered: String,
}

impl Visits {
    /// The request of a column.
    pub(crate) fn of(&self, work: Work) -> Visit {
        match work {
            Work::Untouched => UNTOUCHED.with(&self.small),
            Work::ReadSmall => READ.with(&self.small),
            Work::ChangeSmall => CHANGE.with(&self.small),
            Work::Tampered => READ.with(&self.tampered),
            Work::Login => LOGIN,
            Work::ReadBig => READ.with(&self.big),
            Work::ChangeBig => CHANGE.with(&self.big),
        }
    }
}

/// Lets `app` do all the work once, and looks at what it says.
///
/// # Errors
///
/// Says which contender did what wrong.
pub(crate) fn prove(contender: &Contender, app: &mut dyn App) -> Result<Visits, Error> {
    let mut proof = Proof { app };
    let visits = match contender.role {
        role if role.has_duties() => proof.with_duties(),
        role if role.has_sessions() => proof.with_sessions(),
        _ => proof.without_sessions(),
    };
    visits.map_err(|error| format!("{} does not do its work: {error}", contender.id).into())
}

struct Proof<'a> {
    app: &'a mut dyn App,
}

impl Proof<'_> {
    fn with_sessions(&mut self) -> Result<Visits, Error> {
        let small = self.stored(&FILL_SMALL)?;
        let big = self.stored(&FILL_BIG)?;
        let login = self.stored(&LOGIN)?;
        self.keeps_quiet(&UNTOUCHED.with(&small), "untouched")?;
        self.keeps_quiet(&READ, NOBODY)?;
        self.keeps_quiet(&READ.with(&login), &LOGGED_IN.to_string())?;
        for session in [&small, &big] {
            self.keeps_quiet(&READ.with(session), &USER.to_string())?;
            self.refuses(&altered(session)?)?;
            self.counts(session)?;
        }
        // What was counted on the way may be on the server.
        let small = self.stored(&FILL_SMALL)?;
        let big = self.stored(&FILL_BIG)?;
        let tampered = altered(&small)?;
        Ok(Visits {
            small,
            big,
            tampered,
        })
    }

    /// What a library promises of every answer, besides.
    fn with_duties(mut self) -> Result<Visits, Error> {
        let visits = self.with_sessions()?;
        let (small, tampered) = (visits.small.as_str(), visits.tampered.as_str());
        self.says(&UNTOUCHED.with(small), [&[], &[], &[]])?;
        for read in [READ, READ.with(small), READ.with(tampered)] {
            self.says(&read, [&["Cookie"], &[], &[]])?;
        }
        let change = CHANGE.with(small);
        self.says(&change, [&["Cookie"], &["no-store"], &[]])?;
        let forget: &[&str] = &[r#""prefetchCache", "prerenderCache""#];
        self.says(&LOGIN, [&["Cookie"], &["no-store"], forget])?;
        self.says(&LOGIN.with(small), [&["Cookie"], &["no-store"], forget])?;

        let user = USER.to_string();
        for lines in [
            &[&[tampered, small][..]][..],
            &[&[small, tampered]],
            &[&[tampered], &[small]],
            &[&[small], &[tampered]],
            &[&[], &[small]],
        ] {
            self.keeps_quiet(&READ.with_lines(lines), &user)?;
        }
        Ok(visits)
    }

    /// What the headers `Vary`, `Cache-Control` and `Clear-Site-Data` are.
    fn says(&mut self, visit: &Visit, expected: [&[&str]; 3]) -> Result<(), Error> {
        const NAMES: [&str; 3] = ["vary", "cache-control", "clear-site-data"];
        let answer = self.page(visit)?;
        for (name, expected) in NAMES.into_iter().zip(expected) {
            let said = answer.header(name);
            if said != expected {
                let path = visit.path;
                return Err(format!("{path} says {name} {said:?} instead of {expected:?}").into());
            }
        }
        Ok(())
    }

    /// Answers that are the same for everybody, to cookies as long as those of the others.
    fn without_sessions(mut self) -> Result<Visits, Error> {
        let [small, big] = [small(), data::big()].map(|data| "x".repeat(text(&data).len() * 4 / 3));
        self.keeps_quiet(&UNTOUCHED.with(&small), "untouched")?;
        self.keeps_quiet(&READ.with(&small), &USER.to_string())?;
        self.keeps_quiet(&CHANGE.with(&big), &(VISITS + 1).to_string())?;
        self.keeps_quiet(&LOGIN, "welcome")?;
        let tampered = small.clone();
        Ok(Visits {
            small,
            big,
            tampered,
        })
    }

    /// The page is this one, and the session is not sent again.
    fn keeps_quiet(&mut self, visit: &Visit, body: &str) -> Result<(), Error> {
        let answer = self.page(visit)?;
        is(visit, &answer, body)?;
        if !answer.set_cookies().is_empty() {
            return Err(format!("{} sets a cookie without need", visit.path).into());
        }
        Ok(())
    }

    fn refuses(&mut self, tampered: &str) -> Result<(), Error> {
        let visit = READ.with(tampered);
        let answer = self.page(&visit)?;
        is(&visit, &answer, NOBODY).map_err(|error| format!("an altered cookie: {error}").into())
    }

    /// Each change starts from what the last one stored, and leaves the other keys as they were.
    fn counts(&mut self, session: &str) -> Result<(), Error> {
        let mut session = session.to_owned();
        for count in 1..=2 {
            let visit = CHANGE.with(&session);
            let answer = self.page(&visit)?;
            is(&visit, &answer, &(VISITS + count).to_string())?;
            session = cookie(&visit, &answer)?;
        }
        self.keeps_quiet(&READ.with(&session), &USER.to_string())
    }

    /// The session's cookie that a request sets.
    fn stored(&mut self, visit: &Visit) -> Result<String, Error> {
        let answer = self.page(visit)?;
        cookie(visit, &answer)
    }

    fn page(&mut self, visit: &Visit) -> Result<Answer, Error> {
        let answer = self.app.answer(visit);
        match answer.status {
            200 => Ok(answer),
            status => Err(format!("{} answers {status}", visit.path).into()),
        }
    }
}

fn is(visit: &Visit, answer: &Answer, body: &str) -> Result<(), Error> {
    if answer.body == body {
        Ok(())
    } else {
        let answer = &answer.body;
        Err(format!("{} answers `{answer}` instead of `{body}`", visit.path).into())
    }
}

/// The value of the one cookie that is set, with all attributes that it needs.
fn cookie(visit: &Visit, answer: &Answer) -> Result<String, Error> {
    let [line] = answer.set_cookies()[..] else {
        let count = answer.set_cookies().len();
        return Err(format!("{} sets {count} cookies instead of one", visit.path).into());
    };
    let mut parts = line.split("; ");
    let value = parts
        .next()
        .and_then(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))
        .ok_or_else(|| format!("{} sets another cookie than {COOKIE}", visit.path))?;
    let attributes: Vec<&str> = parts.collect();
    for attribute in ATTRIBUTES {
        if !attributes.contains(&attribute) {
            return Err(format!("the cookie of {} is not {attribute}", visit.path).into());
        }
    }
    Ok(value.to_owned())
}

/// The value with one letter in its middle replaced by another, outside of a `%` escape.
fn altered(value: &str) -> Result<String, Error> {
    let middle = value.len() / 2;
    let is_letter = |&at: &usize| {
        let before = &value.as_bytes()[at.saturating_sub(2)..at];
        value.as_bytes()[at].is_ascii_alphabetic() && !before.contains(&b'%')
    };
    let at = (middle..value.len())
        .find(is_letter)
        .ok_or("a cookie without letters")?;
    let other = if value[at..].starts_with('a') {
        "b"
    } else {
        "a"
    };
    let mut altered = value.to_owned();
    altered.replace_range(at..=at, other);
    Ok(altered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contenders::ALL;

    #[test]
    fn every_contender_does_its_work() {
        for contender in ALL {
            prove(contender, &mut *(contender.app)()).map(drop).unwrap();
        }
    }

    #[test]
    fn an_altered_value_differs_in_one_letter_outside_of_escapes() {
        assert_eq!(altered("abcd").unwrap(), "abad");
        assert_eq!(altered("12ab34").unwrap(), "12ab34".replace('b', "a"));
        assert_eq!(altered("xyz%2Fab%3D").unwrap(), "xyz%2Fbb%3D");
        assert!(altered("1234").is_err());
    }

    /// Says what it is told, whatever was asked.
    struct Parrot(Answer);

    impl App for Parrot {
        fn answer(&mut self, _: &Visit) -> Answer {
            self.0.clone()
        }

        fn nanoseconds(&mut self, _: &Visit, _: usize) -> f64 {
            unreachable!("it proves nothing, so nobody measures it")
        }

        fn allocations(&mut self, _: &Visit, _: usize) -> f64 {
            unreachable!("it proves nothing, so nobody measures it")
        }
    }

    fn refusal(status: u16, set_cookie: &str, body: &str) -> String {
        let mut parrot = Parrot(Answer {
            status,
            headers: vec![("set-cookie".to_owned(), set_cookie.to_owned())],
            body: body.to_owned(),
        });
        let hand_written = ALL.iter().find(|contender| contender.role.has_sessions());
        let proof = prove(hand_written.unwrap(), &mut parrot);
        proof.map(drop).unwrap_err().to_string()
    }

    #[test]
    fn who_only_looks_busy_is_found_out() {
        let good = "__Host-session=a.b.c; HttpOnly; SameSite=Lax; Secure; Path=/";
        assert!(refusal(500, good, "").ends_with("/fill/small answers 500"));
        let sets_always = refusal(200, good, "untouched");
        assert!(
            sets_always.ends_with("/untouched sets a cookie without need"),
            "{sets_always}"
        );
        let says_little = refusal(200, good, "12345");
        assert!(
            says_little.ends_with("/untouched answers `12345` instead of `untouched`"),
            "{says_little}"
        );
        let insecure = refusal(200, &good.replace("; Secure", ""), "");
        assert!(
            insecure.ends_with("the cookie of /fill/small is not Secure"),
            "{insecure}"
        );
    }
}
