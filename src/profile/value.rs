//! Frames below an attribute, put together to its value again.

use serde_json::{Map, Number, Value};

use super::additions::Addition;
use super::frames::{Attribute, separated};

impl Addition {
    /// The attributes that are made of what is below: one for each list that is a part of a value.
    pub(super) fn values(&self) -> Vec<Attribute> {
        let mut lists: Vec<&str> = Vec::new();
        for below in self.below.iter().filter(|it| it.list.starts_with('@')) {
            if !lists.contains(&&*below.list) {
                lists.push(&below.list);
            }
        }
        let made = lists.into_iter().map(|list| {
            let parts: Vec<&Self> = self.below.iter().filter(|it| it.list == list).collect();
            let Some((name, separators)) = separated(list) else {
                let name = list
                    .trim_start_matches('@')
                    .trim_end_matches(['[', ']', '*']);
                return attribute(name, json(list, &parts).to_string());
            };
            let texts = parts.iter().map(|part| {
                let rest = part.attributes.iter().find(|it| it.name.is_empty());
                match (separators.inner, rest) {
                    (Some(inner), Some(rest)) => format!("{}{inner}{}", part.name, rest.value),
                    _ => part.name.clone(),
                }
            });
            let outer = separators.outer.to_string();
            attribute(&name, texts.collect::<Vec<_>>().join(&outer))
        });
        made.collect()
    }
}

fn attribute(name: &str, value: String) -> Attribute {
    Attribute {
        name: name.to_owned(),
        kind: "string".to_owned(),
        value,
    }
}

/// The parts of a list in JSON.
fn json(list: &str, parts: &[&Addition]) -> Value {
    if list.ends_with("[]") {
        return parts.iter().map(|part| element(part)).collect();
    }
    if list.ends_with('*') {
        let members = parts.iter().map(|part| (part.name.clone(), member(part)));
        return Value::Object(members.collect());
    }
    parts.first().map_or(Value::Null, |part| object(part))
}

fn element(part: &Addition) -> Value {
    let is_text = part.attributes.is_empty() && part.below.is_empty();
    if is_text {
        Value::String(part.name.clone())
    } else {
        member(part)
    }
}

/// What is said of a key, or an element that is no text.
fn member(part: &Addition) -> Value {
    if let Some(only) = part.attributes.iter().find(|it| it.name.is_empty()) {
        return scalar(only);
    }
    let unnamed: Vec<&Addition> = part
        .below
        .iter()
        .filter(|it| matches!(&*it.list, "[]" | "*" | ""))
        .collect();
    match unnamed.first() {
        Some(first) => json(&first.list, &unnamed),
        None => object(part),
    }
}

fn object(part: &Addition) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for attribute in &part.attributes {
        let value = scalar(attribute);
        match attribute.name.split_once('/') {
            None => drop(members.insert(key(&attribute.name), value)),
            Some((outer, inner)) => {
                let object = members.entry(key(outer));
                let object = object.or_insert_with(|| Value::Object(Map::new()));
                if let Some(object) = object.as_object_mut() {
                    object.insert(key(inner), value);
                }
            }
        }
    }
    for below in &part.below {
        let name = below.list.trim_end_matches(['[', ']', '*']);
        if !members.contains_key(name) {
            let parts: Vec<&Addition> = part
                .below
                .iter()
                .filter(|it| it.list == below.list)
                .collect();
            members.insert(name.to_owned(), json(&below.list, &parts));
        }
    }
    Value::Object(members)
}

/// A key that is written as JSON pointers have it.
fn key(pointer: &str) -> String {
    pointer.replace("~1", "/").replace("~0", "~")
}

fn scalar(attribute: &Attribute) -> Value {
    match &*attribute.kind {
        "array" => Value::Array(Vec::new()),
        "object" => Value::Object(Map::new()),
        "json" => match &*attribute.value {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            text => {
                let number: Option<Number> = text.parse().ok();
                number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
            }
        },
        _ => Value::String(attribute.value.clone()),
    }
}
