//! `properties.xml`: the stamps that say which FME Flow wrote an archive.

use std::io::Read;

use super::xml::{Reader, Tag};
use super::{Document, PackageError};
use crate::edit::Span;
use crate::flow::{Build, Schema};
use crate::limits;

/// What `properties.xml` says, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamps {
    /// `CONFIG_SERVER_VERSION`.
    pub build: Build,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Schema,
    /// The value of `CONFIG_SERVER_VERSION`.
    pub build_span: Span,
    /// The value of `CONFIG_SCHEMA_VERSION`.
    pub schema_span: Span,
    /// `CONFIG_EXCLUDE_SENSITIVE_INFO`; absent before build 24612 (seen).
    pub excludes_sensitive: Option<bool>,
}

const FORMAT: &str = "CONFIG_FORMAT_VERSION";
const SCHEMA: &str = "CONFIG_SCHEMA_VERSION";
const BUILD: &str = "CONFIG_SERVER_VERSION";
const SENSITIVE: &str = "CONFIG_EXCLUDE_SENSITIVE_INFO";
/// The names whose values are kept; the key stamp is a secret and is not among them.
const KEPT: [&str; 4] = [FORMAT, SCHEMA, BUILD, SENSITIVE];

/// Reads `properties.xml`.
///
/// # Errors
/// [`PackageError`] when it is not well-formed, a stamp is missing, given twice or odd, or build
/// and schema contradict each other.
pub fn read(document: impl Read) -> Result<Stamps, PackageError> {
    let properties = values(document)?;
    let find = |name: &'static str| match &properties
        .iter()
        .filter(|p| p.name == name)
        .collect::<Vec<_>>()[..]
    {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => unclear(format!("{name} is there more than once")),
    };
    let require = |name| find(name)?.ok_or(PackageError::StampMissing(name));
    let odd = |property: &Property, expected| PackageError::StampOdd {
        name: property.name,
        found: property.value.clone(),
        expected,
    };
    let format = require(FORMAT)?;
    if format.value != "1.0" {
        return Err(odd(format, "1.0, the only format this tool knows"));
    }
    let (build, schema) = (require(BUILD)?, require(SCHEMA)?);
    let stamps = Stamps {
        build: build
            .value
            .parse()
            .map_err(|_| odd(build, "a build number"))?,
        schema: schema
            .value
            .parse()
            .map_err(|_| odd(schema, "a version such as 2.99"))?,
        build_span: build.span,
        schema_span: schema.span,
        excludes_sensitive: find(SENSITIVE)?.and_then(|property| property.value.parse().ok()),
    };
    let old_schema = stamps.schema < Schema::first_without_tokens();
    if stamps.build.has_app_tokens() != old_schema {
        let Stamps { build, schema, .. } = stamps;
        return Err(PackageError::Contradiction { build, schema });
    }
    Ok(stamps)
}

struct Property {
    name: &'static str,
    value: String,
    span: Span,
}

/// The properties that are kept, in document order.
fn values(document: impl Read) -> Result<Vec<Property>, PackageError> {
    let in_xml = PackageError::in_xml(Document::Properties);
    let mut xml = Reader::new(document);
    let mut properties = Vec::new();
    let (mut name, mut value) = (None, None);
    // How many elements are open: the root, and a property.
    let mut depth = 0_usize;
    while let Some(tag) = xml.next_tag().map_err(&in_xml)? {
        match tag {
            Tag::Start(part) if depth == 2 => {
                let (is_name, is_value) = (part == b"name", part == b"value");
                let text = xml.text(limits::STAMP_BYTES).map_err(&in_xml)?;
                if !text.is_whole {
                    return unclear(format!(
                        "byte {}: a value is longer than {} bytes",
                        text.span.start,
                        limits::STAMP_BYTES
                    ));
                }
                if is_name {
                    name = KEPT.into_iter().find(|kept| *kept == text.kept);
                } else if is_value {
                    value = Some((text.kept.to_owned(), text.span));
                }
            }
            Tag::Start(_) => {
                depth += 1;
                (name, value) = (None, None);
            }
            Tag::End => {
                if let (2, Some(name)) = (depth, name.take()) {
                    let (value, span) = value.take().unwrap_or((String::new(), Span::at(0)));
                    properties.push(Property { name, value, span });
                }
                depth -= 1;
            }
        }
    }
    Ok(properties)
}

fn unclear<T>(what: String) -> Result<T, PackageError> {
    Err(PackageError::Unclear {
        document: Document::Properties,
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(stamps: &[(&str, &str)]) -> String {
        let properties: String = stamps
            .iter()
            .map(|(name, value)| {
                format!(
                    "  <property>\n    <category>CONFIG_MIGRATION</category>\n    \
                     <name>{name}</name>\n    <value>{value}</value>\n  </property>\n"
                )
            })
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<properties>\n{properties}</properties>\n"
        )
    }

    fn error(stamps: &[(&str, &str)]) -> String {
        read(document(stamps).as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_stamps_are_read_in_any_order_with_their_places() {
        let text = document(&[
            (BUILD, "25609"),
            ("CONFIG_SERVER_ENCRYPT", "secret"),
            (SCHEMA, "2.99"),
            (FORMAT, "1.0"),
            (SENSITIVE, "false"),
        ]);
        let stamps = read(text.as_bytes()).unwrap();
        assert_eq!(
            (stamps.build, stamps.schema),
            (Build(25609), Schema::new(2, 99))
        );
        assert_eq!(stamps.excludes_sensitive, Some(false));
        let byte = |at: u64| usize::try_from(at).unwrap();
        let at = |span: Span| &text[byte(span.start)..byte(span.end)];
        assert_eq!(
            (at(stamps.build_span), at(stamps.schema_span)),
            ("25609", "2.99")
        );
    }

    #[test]
    fn a_missing_stamp_is_named() {
        assert_eq!(
            error(&[(FORMAT, "1.0"), (SCHEMA, "2.99")]),
            "properties.xml has no CONFIG_SERVER_VERSION"
        );
        assert_eq!(error(&[]), "properties.xml has no CONFIG_FORMAT_VERSION");
    }

    #[test]
    fn an_odd_stamp_is_quoted() {
        assert_eq!(
            error(&[(FORMAT, "2.0"), (SCHEMA, "2.99"), (BUILD, "25609")]),
            "CONFIG_FORMAT_VERSION is \"2.0\", not 1.0, the only format this tool knows"
        );
        assert_eq!(
            error(&[(FORMAT, "1.0"), (SCHEMA, "new"), (BUILD, "25609")]),
            "CONFIG_SCHEMA_VERSION is \"new\", not a version such as 2.99"
        );
    }

    #[test]
    fn stamps_that_contradict_each_other_are_refused() {
        let contradiction = "build 25609 with schema 2.111: one of the two stamps is wrong";
        assert_eq!(
            error(&[(FORMAT, "1.0"), (SCHEMA, "2.111"), (BUILD, "25609")]),
            contradiction
        );
        let contradiction = "build 26121 with schema 2.99: one of the two stamps is wrong";
        assert_eq!(
            error(&[(FORMAT, "1.0"), (SCHEMA, "2.99"), (BUILD, "26121")]),
            contradiction
        );
    }

    #[test]
    fn a_stamp_given_twice_is_refused() {
        let twice = [
            (FORMAT, "1.0"),
            (SCHEMA, "2.99"),
            (BUILD, "25609"),
            (BUILD, "25610"),
        ];
        assert_eq!(
            error(&twice),
            "properties.xml: CONFIG_SERVER_VERSION is there more than once"
        );
    }
}
