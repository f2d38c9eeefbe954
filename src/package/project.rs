//! `project.yml`: a project's table of contents, read for the lines that name tokens.
//!
//! Only whole lines are ever taken out and only one number is ever replaced, so every other byte
//! of the document stays. FME Flow writes block lists (seen); whatever would have to be cut in
//! another way is refused when, and only when, it has to be cut.

use std::io::Read;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Document, PackageError};
use crate::edit::Span;
use crate::limits::{Limit, Limits, YAML_DEPTH};

/// What `project.yml` says, and where.
#[derive(Debug, Clone, Default)]
pub struct ProjectYml {
    /// `minimum_fme_build`, in the oldest archives `minimum_fme_server_build` (both seen).
    pub minimum_build: Option<MinimumBuild>,
    /// `fme_server_encryption_mode`: `SECURE` or `RESTRICTED` (seen).
    pub encryption: Option<String>,
    /// `roles` in the project's content.
    pub roles: List,
    /// `tokens` in the project's content.
    pub tokens: List,
}

/// The oldest FME that may import the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimumBuild {
    /// As written, without quotes.
    pub value: String,
    /// Where the value stands, without quotes.
    pub span: Span,
}

/// A list of names.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Its key's line, together with its items the whole list.
    key_line: Option<Span>,
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
struct Item {
    value: String,
    line: u64,
    /// Its lines, when it can be taken out by whole lines.
    lines: Option<Span>,
}

impl List {
    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| &*item.value)
    }

    /// The lines to take out so that the names for which `goes` holds are gone, and the list's key
    /// with them when no name is left.
    ///
    /// # Errors
    /// [`PackageError::Unclear`] when such a name does not have lines of its own.
    pub fn without(&self, goes: impl Fn(&str) -> bool) -> Result<Vec<Span>, PackageError> {
        let mut spans = Vec::new();
        for item in self.items.iter().filter(|item| goes(&item.value)) {
            let Some(lines) = item.lines else {
                return unclear(
                    item.line,
                    "the name of a token does not have lines of its own",
                );
            };
            spans.push(lines);
        }
        if !spans.is_empty() && spans.len() == self.items.len() {
            spans.extend(self.key_line);
        }
        spans.sort();
        Ok(spans)
    }
}

/// Reads `project.yml`.
///
/// # Errors
/// [`PackageError`] when it is not UTF-8, not YAML, longer than [`Limit::ProjectYml`] allows, or
/// gives one of the keys that matter twice.
pub fn read(document: impl Read, limits: Limits) -> Result<ProjectYml, PackageError> {
    let mut bytes = Vec::new();
    document
        .take(limits.project_yml.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.project_yml {
        return Err(PackageError::TooLong {
            document: Document::Project,
            what: "the document",
            limit: Limit::ProjectYml,
            bytes: limits.project_yml,
        });
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return malformed("it is not UTF-8".to_owned());
    };
    let mut walk = Walk {
        text: Text::new(&text),
        open: Vec::new(),
        found: ProjectYml::default(),
    };
    for event in Parser::new_from_str(walk.text.content) {
        let (event, span) = event.or_else(|error| malformed(error.to_string()))?;
        let line = span.start.line() as u64;
        let span = walk.text.bytes(span.start.index(), span.end.index());
        walk.event(&event, span, line)?;
        if walk.open.len() > YAML_DEPTH {
            return malformed(format!("more than {YAML_DEPTH} nested lists"));
        }
    }
    Ok(walk.found)
}

/// A collection that is open while the document is walked.
#[derive(Debug)]
enum Open {
    Sequence { block: bool },
    Mapping { key: Option<String>, key_span: Span },
}

struct Walk<'a> {
    text: Text<'a>,
    open: Vec<Open>,
    found: ProjectYml,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>, span: Span, line: u64) -> Result<(), PackageError> {
        match event {
            Event::SequenceStart(..) => {
                let block = self.text.byte(span.start) != Some(b'[');
                self.open.push(Open::Sequence { block });
            }
            Event::MappingStart(..) => {
                self.open.push(Open::Mapping {
                    key: None,
                    key_span: Span::at(0),
                });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.value_over();
            }
            Event::Alias(_) => self.value_over(),
            Event::Scalar(value, style, anchor, tag) => {
                if let Some(Open::Mapping {
                    key: key @ None,
                    key_span,
                }) = self.open.last_mut()
                {
                    *key = Some(value.to_string());
                    *key_span = span;
                    return Ok(());
                }
                let plain = *anchor == 0 && tag.is_none();
                self.scalar(value, *style, plain, span, line)?;
                self.value_over();
            }
            _ => {}
        }
        Ok(())
    }

    /// After a value comes the next key.
    fn value_over(&mut self) {
        if let Some(Open::Mapping { key, .. }) = self.open.last_mut() {
            *key = None;
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        plain: bool,
        span: Span,
        line: u64,
    ) -> Result<(), PackageError> {
        match &self.open[..] {
            [Open::Mapping { key: Some(key), .. }]
                if matches!(&**key, "minimum_fme_build" | "minimum_fme_server_build") =>
            {
                if self.found.minimum_build.is_some() {
                    return unclear(line, "the minimum build is there twice");
                }
                let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                let inset = u64::from(quoted);
                let span = Span {
                    start: span.start + inset,
                    end: span.start + inset + value.len() as u64,
                };
                let value = value.to_owned();
                self.found.minimum_build = Some(MinimumBuild { value, span });
            }
            [Open::Mapping { key: Some(key), .. }] if key == "fme_server_encryption_mode" => {
                self.found.encryption = Some(value.to_owned());
            }
            [
                Open::Mapping {
                    key: Some(content), ..
                },
                Open::Mapping {
                    key: Some(key),
                    key_span,
                },
                Open::Sequence { block },
            ] if matches!(&**content, "project_content" | "project_contents") => {
                let list = match &**key {
                    "roles" => &mut self.found.roles,
                    "tokens" => &mut self.found.tokens,
                    _ => return Ok(()),
                };
                let key_line = self.text.line(*key_span);
                if list.key_line.is_some_and(|known| known != key_line) {
                    return unclear(line, "a list is there twice");
                }
                list.key_line = Some(key_line);
                let lines = self.text.item_lines(span).filter(|_| *block && plain);
                list.items.push(Item {
                    value: value.to_owned(),
                    line,
                    lines,
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// The document's text, to turn the parser's positions into bytes and lines.
struct Text<'a> {
    whole: &'a str,
    /// The text without a byte order mark, as the parser sees it.
    content: &'a str,
    /// The byte each character starts at, when they are not all one byte long.
    starts: Vec<usize>,
}

impl<'a> Text<'a> {
    fn new(whole: &'a str) -> Self {
        let content = whole.strip_prefix('\u{FEFF}').unwrap_or(whole);
        let starts = if content.is_ascii() {
            Vec::new()
        } else {
            content.char_indices().map(|(start, _)| start).collect()
        };
        Self {
            whole,
            content,
            starts,
        }
    }

    fn bytes(&self, start: usize, end: usize) -> Span {
        let bom = self.whole.len() - self.content.len();
        let byte = |character: usize| {
            let byte = if self.starts.is_empty() {
                character.min(self.content.len())
            } else {
                self.starts
                    .get(character)
                    .copied()
                    .unwrap_or(self.content.len())
            };
            (bom + byte) as u64
        };
        Span {
            start: byte(start),
            end: byte(end),
        }
    }

    fn byte(&self, at: u64) -> Option<u8> {
        usize::try_from(at)
            .ok()
            .and_then(|at| self.whole.as_bytes().get(at).copied())
    }

    fn split(&self, at: u64) -> (&str, &str) {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        self.whole.split_at_checked(at).unwrap_or((self.whole, ""))
    }

    /// The lines that hold `span`, their ends included.
    fn line(&self, span: Span) -> Span {
        let (before, _) = self.split(span.start);
        let (_, after) = self.split(span.end);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = after.find('\n').map_or(after.len(), |newline| newline + 1);
        Span {
            start: start as u64,
            end: span.end + rest as u64,
        }
    }

    /// The lines of the list item whose value is at `span`, when they hold nothing else.
    fn item_lines(&self, span: Span) -> Option<Span> {
        let start = usize::try_from(span.start).ok()?;
        let end = usize::try_from(span.end).ok()?;
        // The end of a plain value may lie behind blanks and line ends that follow it.
        let value = self.whole.get(start..end)?.trim_end();
        let span = Span {
            start: span.start,
            end: span.start + value.len() as u64,
        };
        let lines = self.line(span);
        let lead = self.whole.get(usize::try_from(lines.start).ok()?..start)?;
        (lead.trim() == "-").then_some(lines)
    }
}

fn malformed<T>(what: String) -> Result<T, PackageError> {
    Err(PackageError::Malformed {
        document: Document::Project,
        what,
    })
}

fn unclear<T>(line: u64, what: &str) -> Result<T, PackageError> {
    Err(PackageError::Unclear {
        document: Document::Project,
        what: format!("line {line}: {what}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Edit, Edits};

    const PROJECT: &str = "uid: ''\nminimum_fme_build: 25609\nproject_content:\n  projects:\n  - one\n  \
        roles:\n  - user:admin\n  - token:admin.Workspace App - X\n  tokens:\n  - admin/Workspace App - X\n  \
        users:\n  - admin\nversion: 1.0.0\n";

    /// The document after the names with an X in them are gone.
    fn without_x(text: &str) -> Result<String, PackageError> {
        let project = read(text.as_bytes(), Limits::default())?;
        let mut spans = project.roles.without(|name| name.contains('X'))?;
        spans.extend(project.tokens.without(|name| name.contains('X'))?);
        let edits = spans
            .into_iter()
            .map(|span| Edit {
                span,
                text: "".into(),
            })
            .collect();
        let mut out = Vec::new();
        Edits::new(edits)
            .unwrap()
            .apply(text.as_bytes(), &mut out)
            .unwrap();
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_name_goes_with_its_line_and_the_last_one_with_its_list() {
        let expected = PROJECT
            .replace("  - token:admin.Workspace App - X\n", "")
            .replace("  tokens:\n  - admin/Workspace App - X\n", "");
        assert_eq!(without_x(PROJECT).unwrap(), expected);
    }

    #[test]
    fn quoted_folded_and_foreign_names_are_found() {
        let text = "project_content:\n  tokens:\n  - 'ädmin/it''s X'\n  - \"ädmin/\\\"X\\\"\"\n  \
                    - ädmin/a very long name that\n    is folded X\n  - 世界/+%\n";
        let names: Vec<_> = read(text.as_bytes(), Limits::default())
            .unwrap()
            .tokens
            .names()
            .map(str::to_owned)
            .collect();
        assert_eq!(
            names,
            [
                "ädmin/it's X",
                "ädmin/\"X\"",
                "ädmin/a very long name that is folded X",
                "世界/+%"
            ]
        );
        assert_eq!(
            without_x(text).unwrap(),
            "project_content:\n  tokens:\n  - 世界/+%\n"
        );
    }

    #[test]
    fn windows_line_ends_and_a_missing_last_one_are_kept() {
        let text = "\u{FEFF}project_content:\r\n  tokens:\r\n  - a/X\r\n  - b/Y";
        assert_eq!(
            without_x(text).unwrap(),
            "\u{FEFF}project_content:\r\n  tokens:\r\n  - b/Y"
        );
    }

    #[test]
    fn a_name_without_lines_of_its_own_is_refused_only_when_it_has_to_go() {
        let text = "project_content:\n  tokens: [a/X, b/Y]\n";
        assert!(without_x(text).unwrap_err().to_string().contains("line 2"));
        let text = text.replace('X', "Z");
        assert_eq!(without_x(&text).unwrap(), text);
        let text = "project_content:\n  tokens:\n  - &a b/X\n  - *a\n";
        assert!(without_x(text).unwrap_err().to_string().contains("line 3"));
    }

    #[test]
    fn the_minimum_build_is_found_with_and_without_quotes() {
        for (text, value) in [
            (PROJECT, "25609"),
            ("minimum_fme_server_build: '18310'\n", "18310"),
        ] {
            let found = read(text.as_bytes(), Limits::default())
                .unwrap()
                .minimum_build
                .unwrap();
            let range = usize::try_from(found.span.start).unwrap()..;
            assert!(text[range].starts_with(value));
            assert_eq!(found.span.len(), value.len() as u64);
            assert_eq!(found.value, value);
        }
    }

    #[test]
    fn what_is_no_yaml_is_refused() {
        let error = read(&b"a: [1\nb: 2"[..], Limits::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("project.yml is not well-formed"),
            "{error}"
        );
        assert!(read(&b"\xFF"[..], Limits::default()).is_err());
    }
}
