//! A header, read line by line.

use std::io::Read;

use super::lines::HeaderLines;
use super::markup::Lexer;
use super::outline::{Outline, Progress};
use super::{Header, WorkspaceError};
use crate::limits::Limits;

/// Reads the header of a workspace and nothing after it, a line at a time.
///
/// # Errors
/// [`WorkspaceError::NotAWorkspace`] when the text has no workspace header,
/// [`WorkspaceError::Malformed`] and its siblings when it has one that cannot be believed, and
/// [`WorkspaceError::Read`] when `text` cannot be read. No error repeats a value.
pub fn read_header(text: impl Read, limits: Limits) -> Result<Header, WorkspaceError> {
    let mut lines = HeaderLines::new(text, limits.workspace_line);
    let mut lexer = Lexer::default();
    let mut outline = Outline::default();
    while let Some((line, mut rest)) = lines.next()? {
        outline.look_through(rest);
        let malformed = |what| WorkspaceError::Malformed { line, what };
        while let Some(mark) = lexer.next(&mut rest).map_err(malformed)? {
            if let Progress::Complete = outline.take(&mark, line)? {
                return Ok(outline.into_header());
            }
        }
    }
    Err(outline.unfinished(lines.number()))
}
