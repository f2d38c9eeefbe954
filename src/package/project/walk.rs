//! Goes through `project.yml` event by event, and notes what may have to be edited.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::text::{YamlText, content};
use super::{Item, List, MinimumBuild, ProjectYml, Unclear, malformed};
use crate::edit::Span;
use crate::limits::YAML_DEPTH;
use crate::package::PackageError;

/// Reads a whole document.
pub(super) fn read(text: &str) -> Result<ProjectYml, PackageError> {
    let mut walk = Walk {
        text: YamlText::new(text),
        open: Vec::new(),
        found: ProjectYml::default(),
    };
    for (number, event) in Parser::new_from_str(content(text)).enumerate() {
        let (event, span) = event.or_else(|error| malformed(error.to_string()))?;
        let at = At {
            number,
            line: span.start.line() as u64,
            span: walk.text.bytes(span.start.index(), span.end.index()),
        };
        walk.event(&event, at);
        if walk.open.len() > YAML_DEPTH {
            return malformed(format!("more than {YAML_DEPTH} nested lists"));
        }
    }
    Ok(walk.found)
}

/// Where an event is.
#[derive(Debug, Clone, Copy)]
struct At {
    number: usize,
    line: u64,
    span: Span,
}

impl At {
    const fn unclear(self, what: &'static str) -> Unclear {
        Unclear {
            line: self.line,
            what,
        }
    }
}

/// A collection that is open while the document is walked.
#[derive(Debug)]
struct OpenNode {
    kind: Collection,
    /// Whether an alias elsewhere may mean it, too.
    anchored: bool,
}

#[derive(Debug)]
enum Collection {
    Sequence {
        block: bool,
    },
    /// With the key whose value comes next; a key that is a collection itself has no name.
    Mapping {
        key: Option<(Option<String>, At)>,
    },
}

/// A value that matters.
enum Part {
    Content,
    Minimum,
    Encryption,
    Roles,
    Tokens,
    Role,
    Token,
}

struct Walk<'a> {
    text: YamlText<'a>,
    open: Vec<OpenNode>,
    found: ProjectYml,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>, at: At) {
        match event {
            Event::SequenceStart(anchor, _) => {
                self.value(event, at);
                let block = self.text.byte(at.span.start) != Some(b'[');
                self.start(Collection::Sequence { block }, *anchor);
            }
            Event::MappingStart(anchor, _) => {
                self.value(event, at);
                self.start(Collection::Mapping { key: None }, *anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                if let Some(list) = self.list() {
                    list.events.end = at.number + 1;
                }
                self.over(None, at);
            }
            Event::Alias(_) => {
                self.value(event, at);
                self.over(None, at);
            }
            Event::Scalar(text, ..) => {
                self.value(event, at);
                self.over(Some(text), at);
            }
            _ => {}
        }
    }

    fn start(&mut self, kind: Collection, anchor: usize) {
        let anchored = anchor != 0;
        self.open.push(OpenNode { kind, anchored });
    }

    /// After a key comes its value, and after a value the next key.
    fn over(&mut self, text: Option<&str>, at: At) {
        let brings = text == Some("<<") && self.is_content();
        let Some(Collection::Mapping { key }) = self.open.last_mut().map(|open| &mut open.kind)
        else {
            return;
        };
        if key.is_some() {
            *key = None;
            return;
        }
        *key = Some((text.map(str::to_owned), at));
        if brings {
            let what = "a merge key brings what cannot be edited";
            self.found.unclear.get_or_insert(at.unclear(what));
        }
    }

    /// Whether the innermost collection is the document's own mapping or the project's content.
    fn is_content(&self) -> bool {
        match &self.open[..] {
            [_] => true,
            [outer, _] => {
                matches!(&outer.kind, Collection::Mapping { key: Some((Some(key), _)) } if is_content(key))
            }
            _ => false,
        }
    }

    /// What the value that comes now is, if it matters.
    fn part(&self) -> Option<Part> {
        let mut keys = [None; 2];
        for (open, name) in self.open.iter().zip(&mut keys) {
            let Collection::Mapping {
                key: Some((key, _)),
            } = &open.kind
            else {
                return None;
            };
            *name = key.as_deref();
        }
        let within = is_content(keys[0]?);
        let in_list = matches!(
            self.open.get(2).map(|it| &it.kind),
            Some(Collection::Sequence { .. })
        );
        match (self.open.len(), keys[1]) {
            (1, _) if within => Some(Part::Content),
            (1, _) => match keys[0]? {
                "minimum_fme_build" | "minimum_fme_server_build" => Some(Part::Minimum),
                "fme_server_encryption_mode" => Some(Part::Encryption),
                _ => None,
            },
            (2, Some("roles")) if within => Some(Part::Roles),
            (2, Some("tokens")) if within => Some(Part::Tokens),
            (3, Some("roles")) if within && in_list => Some(Part::Role),
            (3, Some("tokens")) if within && in_list => Some(Part::Token),
            _ => None,
        }
    }

    /// The list whose end has just come.
    fn list(&mut self) -> Option<&mut List> {
        match self.part()? {
            Part::Roles => Some(&mut self.found.roles),
            Part::Tokens => Some(&mut self.found.tokens),
            _ => None,
        }
    }

    fn value(&mut self, event: &Event<'_>, at: At) {
        let Some(part) = self.part() else { return };
        match part {
            Part::Content => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                if !is_mapping && !is_null(event) {
                    let what = "the project's content is not written as a mapping";
                    self.found.unclear.get_or_insert(at.unclear(what));
                }
            }
            Part::Minimum => self.minimum(event, at),
            Part::Encryption => {
                if let Event::Scalar(text, ..) = event {
                    self.found.encryption = Some(text.to_string());
                }
            }
            Part::Roles | Part::Tokens => self.list_start(event, at),
            Part::Role | Part::Token => self.item(event, at),
        }
    }

    fn minimum(&mut self, event: &Event<'_>, at: At) {
        let (value, digits) = match event {
            Event::Scalar(value, style, 0, None) => {
                let digits = self.digits(value, *style, at.span);
                (value.to_string(), digits.map(|span| (span, at.number)))
            }
            Event::Scalar(value, ..) => (value.to_string(), None),
            _ => (String::new(), None),
        };
        let why = if self.found.minimum_build.is_some() {
            Some("the minimum build is there twice")
        } else if self.is_anchored() {
            Some(ANCHORED)
        } else {
            None
        };
        let digits = match (why, digits) {
            (None, Some(digits)) => Ok(digits),
            (Some(why), _) => Err(at.unclear(why)),
            (None, None) => Err(at.unclear("the minimum build is not written in plain digits")),
        };
        self.found.minimum_build = Some(MinimumBuild { value, digits });
    }

    /// Where the digits of a value stand, when it is made of nothing else.
    fn digits(&self, value: &str, style: ScalarStyle, span: Span) -> Option<Span> {
        let quote = match style {
            ScalarStyle::Plain => "",
            ScalarStyle::SingleQuoted => "'",
            ScalarStyle::DoubleQuoted => "\"",
            ScalarStyle::Literal | ScalarStyle::Folded => return None,
        };
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let start = span.start + quote.len() as u64;
        let end = start + value.len() as u64;
        let written = self.text.get(Span {
            start: span.start,
            end: end + quote.len() as u64,
        })?;
        let is_simple = written == format!("{quote}{value}{quote}");
        (is_number && is_simple).then_some(Span { start, end })
    }

    /// A list begins, or what stands in place of one.
    fn list_start(&mut self, event: &Event<'_>, at: At) {
        let Some((key, is_anchored)) = self.key().map(|key| (key, self.is_anchored())) else {
            return;
        };
        let key_line = self.text.line(key.span);
        let Some(list) = self.list() else { return };
        let why = match event {
            _ if is_null(event) => return,
            _ if !list.events.is_empty() => "a list is there twice",
            Event::SequenceStart(anchor, _) if is_anchored || *anchor != 0 => ANCHORED,
            Event::SequenceStart(..) => {
                list.key_line = Some(key_line);
                list.events = key.number..at.number + 1;
                return;
            }
            _ => "this is not written as a list",
        };
        list.events = key.number..at.number + 1;
        list.unclear.get_or_insert(at.unclear(why));
    }

    fn item(&mut self, event: &Event<'_>, at: At) {
        let mut lines = None;
        if let Event::Scalar(_, _, 0, None) = event
            && let Some(Collection::Sequence { block: true }) =
                self.open.last().map(|open| &open.kind)
        {
            lines = self.text.item_lines(at.span);
        }
        let list = match self.part() {
            Some(Part::Role) => &mut self.found.roles,
            Some(Part::Token) => &mut self.found.tokens,
            _ => return,
        };
        list.len += 1;
        match event {
            Event::Scalar(value, ..) => list.items.push(Item {
                value: value.to_string(),
                line: at.line,
                event: at.number,
                lines,
            }),
            Event::Alias(_) => {
                let what = "an alias does not say which token it names";
                list.unclear.get_or_insert(at.unclear(what));
            }
            _ => {}
        }
    }

    /// Where the key is whose value comes now.
    fn key(&self) -> Option<At> {
        match &self.open.last()?.kind {
            Collection::Mapping { key: Some((_, at)) } => Some(*at),
            _ => None,
        }
    }

    fn is_anchored(&self) -> bool {
        self.open.iter().any(|open| open.anchored)
    }
}

const ANCHORED: &str = "what has an anchor may be meant elsewhere, too";

/// Whether a key is that of the project's content (both seen).
fn is_content(key: &str) -> bool {
    matches!(key, "project_content" | "project_contents")
}

/// Whether a value is none.
fn is_null(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, 0, None)
        if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
}
