//! The fields of every JSON document in one table, from the schemas in `docs/schema/`.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every schema, by the name of its file.
const SCHEMAS: [(&str, &str); 10] = [
    ("archives", include_str!("../../docs/schema/archives.json")),
    (
        "inspection",
        include_str!("../../docs/schema/inspection.json"),
    ),
    ("verdict", include_str!("../../docs/schema/verdict.json")),
    (
        "comparison",
        include_str!("../../docs/schema/comparison.json"),
    ),
    ("tasks", include_str!("../../docs/schema/tasks.json")),
    ("task", include_str!("../../docs/schema/task.json")),
    ("log", include_str!("../../docs/schema/log.json")),
    ("lost", include_str!("../../docs/schema/lost.json")),
    ("grant", include_str!("../../docs/schema/grant.json")),
    ("merged", include_str!("../../docs/schema/merged.json")),
];

/// A table of all fields. What a document has from another is told there once.
pub(super) fn fields() -> String {
    let mut text = "| document | field | type | what it is |\n|---|---|---|---|\n".to_owned();
    for (name, schema) in SCHEMAS {
        // A test reads every schema.
        let Ok(schema) = serde_json::from_str::<Value>(schema) else {
            continue;
        };
        let mut table = Table {
            document: format!("[{}](schema/{name}.json)", text_of(&schema, "title")),
            schema: &schema,
            within: BTreeSet::new(),
            text: &mut text,
        };
        table.object("", &schema);
    }
    text
}

struct Table<'a> {
    document: String,
    schema: &'a Value,
    /// Definitions that are being told, which may hold themselves.
    within: BTreeSet<&'a str>,
    text: &'a mut String,
}

impl<'a> Table<'a> {
    fn object(&mut self, path: &str, schema: &'a Value) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, field) in properties.into_iter().flatten() {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            self.field(path, field);
        }
    }

    fn field(&mut self, mut path: String, field: &'a Value) {
        let said = text_of(field, "description");
        let (mut inner, mut maybe) = alternative(field);
        let mut kind = String::new();
        if let Some(items) = inner.get("items") {
            path += "[]";
            kind.push_str("list of ");
            (inner, _) = alternative(items);
        }
        let reference = inner.get("$ref").and_then(Value::as_str);
        let elsewhere = reference.filter(|reference| !reference.starts_with('#'));
        let known =
            reference.and_then(|reference| self.schema.pointer(reference.strip_prefix('#')?));
        let inner = known.unwrap_or(inner);
        let (word, null) = type_of(inner);
        maybe |= null;
        kind += &elsewhere.map_or(word, |reference| {
            let (file, name) = reference.split_once("#/$defs/").unwrap_or((reference, ""));
            format!("[{name}](schema/{file})")
        });
        if maybe {
            kind += " or null";
        }
        *self.text += &format!("| {} | `{path}` | {kind} | {said} |\n", self.document);
        match reference {
            Some(reference) if !self.within.insert(reference) => {}
            reference => {
                self.object(&path, inner);
                if let Some(reference) = reference {
                    self.within.remove(reference);
                }
            }
        }
    }
}

/// What a field is where it is not null, and whether it may be.
fn alternative(field: &Value) -> (&Value, bool) {
    match field.get("anyOf").and_then(Value::as_array) {
        Some(choices) => (choices.first().unwrap_or(field), true),
        None => (field, false),
    }
}

/// A type in words, and whether null is one of its values.
fn type_of(schema: &Value) -> (String, bool) {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let shown: Vec<_> = words.iter().filter_map(Value::as_str).collect();
        let words = shown.iter().map(|word| format!("`{word}`"));
        return (
            words.collect::<Vec<_>>().join(" "),
            shown.len() < words_len(schema),
        );
    }
    if let Some(only) = schema.get("const") {
        return (format!("`{only}`"), false);
    }
    match schema.get("type") {
        Some(Value::String(word)) => (word.clone(), false),
        Some(Value::Array(words)) => {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
            let word = words.first().copied().unwrap_or_default();
            (word.to_owned(), words.contains(&"null"))
        }
        _ => (String::new(), false),
    }
}

fn words_len(schema: &Value) -> usize {
    schema
        .get("enum")
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

fn text_of<'a>(schema: &'a Value, name: &str) -> &'a str {
    schema.get(name).and_then(Value::as_str).unwrap_or_default()
}
