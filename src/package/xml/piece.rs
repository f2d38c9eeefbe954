//! A chunk of a document, taken apart by quick-xml.

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use super::text::{declaration_fault, is_name, replacement};

/// A piece of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    /// Where it begins and ends in the chunk.
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What a piece is. Comments and instructions are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// A start tag whose name has so many bytes.
    Start(u32),
    /// An end tag whose name has so many bytes.
    End(u32),
    /// The end of an element written `<name/>`, which is a start tag too.
    EmptyEnd,
    /// Text as it stands there.
    Text,
    /// A reference, and what it stands for.
    Reference(char),
    /// A CDATA section.
    Literal,
}

/// Where a chunk cannot be taken apart, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) at: usize,
    pub(super) fault: Fault,
}

/// Why not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The chunk ends within a piece.
    Unfinished,
    /// The document breaks a rule.
    Broken(String),
}

/// Takes `text` apart. It may begin and end anywhere, so tags are not held against each other here.
///
/// # Errors
/// [`Stop`] with the first piece that is none; those before it are in `pieces`.
pub(super) fn take_apart(text: &str, pieces: &mut Vec<Piece>) -> Result<(), Stop> {
    let mut xml = Reader::from_str(text);
    let config = xml.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.trim_markup_names_in_closing_tags = false;
    // The parser would take it for a byte order mark, and not count it.
    let before = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut push = |kind, start: usize, end: usize| {
        let at = |place| u32::try_from(place).unwrap_or(u32::MAX);
        let (start, end) = (at(start), at(end));
        pieces.push(Piece { kind, start, end });
    };
    if before > 0 {
        push(PieceKind::Text, 0, before);
    }
    let length = |name: &[u8]| u32::try_from(name.len()).unwrap_or(u32::MAX);
    let mut end = before;
    loop {
        let start = end;
        let event = xml.read_event();
        end = before + usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
        let fault = match event {
            Ok(Event::Start(tag)) if is_name(tag.name().0) => {
                push(PieceKind::Start(length(tag.name().0)), start, end);
                continue;
            }
            Ok(Event::Empty(tag)) if is_name(tag.name().0) => {
                push(PieceKind::Start(length(tag.name().0)), start, end);
                push(PieceKind::EmptyEnd, start, end);
                continue;
            }
            Ok(Event::End(tag)) => {
                let name = tag.name().0.trim_ascii_end();
                push(PieceKind::End(length(name)), start, end);
                continue;
            }
            Ok(Event::Text(_)) => {
                push(PieceKind::Text, start, end);
                continue;
            }
            Ok(Event::CData(_)) => {
                push(PieceKind::Literal, start, end);
                continue;
            }
            Ok(Event::GeneralRef(reference)) => match replacement(&reference) {
                Some(character) => {
                    push(PieceKind::Reference(character), start, end);
                    continue;
                }
                None => Fault::Broken(NO_ENTITY.to_owned()),
            },
            Ok(Event::Decl(declaration)) => match declaration_fault(&declaration) {
                Some(what) => Fault::Broken(what),
                None => continue,
            },
            Ok(Event::Comment(_) | Event::PI(_)) => continue,
            Ok(Event::Eof) => return Ok(()),
            Ok(Event::Start(_) | Event::Empty(_)) => {
                Fault::Broken("a tag without a proper name".to_owned())
            }
            Ok(Event::DocType(_)) => Fault::Broken(DOCTYPE.to_owned()),
            Err(error) => fault(&error),
        };
        return Err(Stop { at: start, fault });
    }
}

/// What the parser found, without the names it quotes.
fn fault(error: &Error) -> Fault {
    match error {
        Error::IllFormed(IllFormedError::UnclosedReference) => Fault::Broken(NO_ENTITY.to_owned()),
        Error::IllFormed(_) | Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            Fault::Broken(DOCTYPE.to_owned())
        }
        _ => Fault::Unfinished,
    }
}

const NO_ENTITY: &str = "an & that begins no known entity";
const DOCTYPE: &str = "a DOCTYPE or other declaration, which FME Flow never writes";
