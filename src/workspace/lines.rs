//! The lines of a header, one held at a time, so that a workspace of gigabytes costs no more
//! memory than its longest header line.

use std::io::{BufRead, BufReader, Read};

use super::WorkspaceError;

/// What every line of a header begins with (seen, 25 of 25).
const PREFIX: &[u8] = b"#!";

/// A byte order mark; none is seen, but editors put one in.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a text line by line and gives those of the header.
pub(super) struct HeaderLines<R> {
    text: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    /// The longest line that is read, in bytes.
    limit: u64,
}

impl<R: Read> HeaderLines<R> {
    pub(super) fn new(text: R, limit: u64) -> Self {
        Self {
            text: BufReader::new(text),
            line: Vec::new(),
            number: 0,
            limit,
        }
    }

    /// Number of the line last read, from 1.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The next line of the header: its number and what follows the prefix. Other lines are passed
    /// over, except that the first line has to be the header's.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &[u8])>, WorkspaceError> {
        while self.read()? {
            if self.line.starts_with(PREFIX) {
                break;
            }
            if self.number == 1 {
                return Err(foreign(&self.line));
            }
        }
        Ok(self
            .line
            .strip_prefix(PREFIX)
            .map(|rest| (self.number, rest)))
    }

    /// Replaces the line by the next one; false, and an empty line, at the end of the text.
    fn read(&mut self) -> Result<bool, WorkspaceError> {
        self.line.clear();
        let mut bounded = self.text.by_ref().take(self.limit.saturating_add(1));
        if bounded.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(false);
        }
        self.number += 1;
        if self.number == 1 && self.line.starts_with(BOM) {
            self.line.drain(..BOM.len());
        }
        // A long first line may be no text at all; then that is the better evidence.
        if bounded.limit() == 0 && (self.number > 1 || self.line.starts_with(PREFIX)) {
            return Err(WorkspaceError::LineTooLong {
                line: self.number,
                limit: self.limit,
            });
        }
        Ok(true)
    }
}

/// The first line is not a header's.
fn foreign(line: &[u8]) -> WorkspaceError {
    // Few enough to tell a file's kind and too few to tell its secrets.
    let start = line.get(..4).unwrap_or(line).escape_ascii();
    WorkspaceError::NotAWorkspace {
        evidence: format!("it begins with \"{start}\", not with \"#!\""),
    }
}
