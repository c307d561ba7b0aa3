//! `--json-lines`: a JSON object a line in, one a line out, in the same order. Knows how lines come and go, and not what is
//! asked of them.

use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};

use serde::Serialize;

use crate::failure::Failure;
use crate::line::Line;

/// Why a line has no answer.
pub(crate) type Error = Box<dyn std::error::Error>;

/// How much is read at once.
const BUFFER: usize = 1 << 16;

/// Answers every line of standard input. `answer` appends the answer to what it is given; its error becomes one.
pub(crate) fn run(
    mut answer: impl FnMut(Line<'_>, &mut Vec<u8>) -> Result<(), Error>,
) -> Result<(), Failure> {
    let mut input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let (mut line, mut text) = (Vec::new(), Vec::new());
    loop {
        // Who asks line by line gets the answer before the next question.
        if !input.buffer().contains(&b'\n') {
            output.flush().map_err(Failure::Output)?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(Failure::Input)? == 0 {
            return output.flush().map_err(Failure::Output);
        }
        text.clear();
        let answered = Line::parse(line.trim_ascii_end())
            .map_err(Error::from)
            .and_then(|line| answer(line, &mut text));
        if let Err(error) = answered {
            text.clear();
            append(
                &Unanswered {
                    error: error.to_string(),
                },
                &mut text,
            );
        }
        text.push(b'\n');
        output.write_all(&text).map_err(Failure::Output)?;
    }
}

/// Appends the value to the answer.
pub(crate) fn append(value: &impl Serialize, answer: &mut Vec<u8>) {
    // Neither a `Vec` nor the types of our answers can fail.
    let _ = serde_json::to_writer(answer, value);
}

#[derive(Serialize)]
struct Unanswered {
    error: String,
}
