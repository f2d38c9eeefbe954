//! Every JSON document is what its schema in `docs/schema/` says, and has no field that it does not
//! name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jsonschema::{Registry, Validator};
use serde_json::Value;

use super::help::folder;
use super::support::run::run;

/// Where the schemas find each other; nothing is fetched from there.
const BASE: &str = "https://flowlift.invalid/";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The schemas by name, each told to allow no other fields.
fn schemas() -> BTreeMap<String, Value> {
    let files = fs_err::read_dir(root().join("docs/schema")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|path| {
            let mut schema = serde_json::from_slice(&fs_err::read(&path).unwrap()).unwrap();
            close(&mut schema);
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            schema["$id"] = format!("{BASE}{name}.json").into();
            (name, schema)
        })
        .collect()
}

fn close(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") {
            let fields = object.entry("additionalProperties");
            fields.or_insert(false.into());
        }
        object.values_mut().for_each(close);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(close);
    }
}

/// Calls `test` with a validator for each schema.
fn with_validators(test: impl FnOnce(&BTreeMap<String, Validator>)) {
    let schemas = schemas();
    let mut registry = Registry::new();
    for (name, schema) in &schemas {
        registry = registry
            .add(format!("{BASE}{name}.json"), schema.clone())
            .unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validators = schemas.iter().map(|(name, schema)| {
        let options = jsonschema::options().with_registry(&registry);
        (name.clone(), options.build(schema).unwrap())
    });
    test(&validators.collect());
}

fn check(validator: &Validator, document: &Value, name: &str) {
    let errors = validator.iter_errors(document);
    let errors: Vec<_> = errors
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

/// Commands that print a document, and its schema; an archive is refused, one has nothing to do.
const COMMANDS: [(&str, &str); 18] = [
    (
        "plan parks.fsproject harbour.fsproject backup.fsconfig",
        "archives",
    ),
    (
        "migrate backup.fsconfig parks.fsproject bad.fsproject",
        "archives",
    ),
    ("migrate --dry-run --form final parks.fsproject", "archives"),
    (
        "migrate --history laptop.sqlite harbour.fsproject",
        "archives",
    ),
    ("audit .", "archives"),
    ("audit --from-history", "archives"),
    ("audit --readiness backup.fsconfig", "archives"),
    (
        "inspect backup.fsconfig parks.fsproject bad.fsproject",
        "inspection",
    ),
    ("inspect --entries backup.fsconfig", "inspection"),
    ("inspect --tree server_app backup.fsconfig", "inspection"),
    ("verify backup.fsconfig backup-2026.1.fsconfig", "verdict"),
    ("verify parks.fsproject parks.fsproject", "verdict"),
    ("compare before.fsproject after.fsproject", "comparison"),
    ("history list", "tasks"),
    ("history show backup.fsconfig", "task"),
    ("history show bad.fsproject", "task"),
    ("history log last", "log"),
    ("history lost", "lost"),
];

#[test]
fn every_document_is_what_its_schema_says() {
    let folder = folder();
    fs_err::write(folder.path().join("bad.fsproject"), "no ZIP").unwrap();
    with_validators(|validators| {
        let mut used = BTreeSet::new();
        for (command, schema) in COMMANDS {
            let words: Vec<&str> = command.split(' ').collect();
            let outcome = run(folder.path(), &[&words[..], &["--format", "json"]].concat());
            let document = serde_json::from_str(&outcome.stdout)
                .unwrap_or_else(|error| panic!("{command}: {error}: {}", outcome.stderr));
            check(&validators[schema], &document, command);
            used.insert(schema);
        }
        let export = run(folder.path(), &["history", "export", "--format", "jsonl"]);
        assert!(export.stdout.lines().count() > 10, "{}", export.stderr);
        for line in export.stdout.lines() {
            check(
                &validators["grant"],
                &serde_json::from_str(line).unwrap(),
                "export",
            );
        }
        used.insert("grant");
        let log = ["plan", "--log-file", "events.jsonl", "backup.fsconfig"];
        assert_eq!(run(folder.path(), &log).code, 0);
        let events = fs_err::read_to_string(folder.path().join("events.jsonl")).unwrap();
        assert!(events.lines().count() > 10);
        for line in events.lines() {
            let event = serde_json::from_str(line).unwrap();
            check(&validators["event"], &event, "--log-file");
        }
        used.insert("event");
        let merge = ["history", "merge", "laptop.sqlite", "--format", "json"];
        let merged = run(folder.path(), &merge);
        let document = serde_json::from_str(&merged.stdout).unwrap();
        check(&validators["merged"], &document, "merge");
        used.insert("merged");
        let all: BTreeSet<&str> = validators.keys().map(String::as_str).collect();
        assert_eq!(used, all);
    });
}

#[test]
fn every_snapshot_of_json_is_what_a_schema_says() {
    let files = fs_err::read_dir(root().join("tests/it/snapshots")).unwrap();
    let mut found = 0;
    with_validators(|validators| {
        for file in files {
            let path = file.unwrap().path();
            let text = fs_err::read_to_string(&path).unwrap();
            let Some(start) = text.find("{\n  \"") else {
                continue;
            };
            let mut documents = serde_json::Deserializer::from_str(&text[start..]).into_iter();
            let Some(Ok(document)) = documents.next() else {
                continue;
            };
            let document: Value = document;
            let fits = validators
                .values()
                .any(|validator| validator.is_valid(&document));
            assert!(fits, "{}", path.display());
            found += 1;
        }
    });
    assert!(found >= 4, "only {found} snapshots of JSON");
}

#[test]
fn a_document_with_a_field_too_many_or_too_few_is_none() {
    with_validators(|validators| {
        let good = serde_json::json!({"schema_version": 1, "lost": []});
        check(&validators["lost"], &good, "lost");
        for bad in [
            serde_json::json!({"schema_version": 1}),
            serde_json::json!({"schema_version": 1, "lost": [], "more": 1}),
            serde_json::json!({"schema_version": 2, "lost": []}),
        ] {
            assert!(!validators["lost"].is_valid(&bad), "{bad}");
        }
    });
}
