//! Every workspace of the corpus is read, and as a second, plainer reading of the same text has it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;

use flowlift::limits::Limits;
use flowlift::workspace::{Header, WorkspaceError, read_header};
use serde_json::{Value, json};

#[test]
fn every_workspace_of_the_corpus_declares_what_a_plain_scan_finds() {
    let Some(texts) = corpus(".fmw") else { return };
    for (name, text) in &texts {
        let header = read_header(text.as_bytes(), Limits::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(
            header.build.unwrap().to_string(),
            scan_build(text),
            "{name}"
        );
        assert_eq!(
            json!(header.connections),
            json!(scan_connections(text)),
            "{name}"
        );
        assert_eq!(header.file_parameters, scan_file_parameters(text), "{name}");
    }
    // Both forms, and something to find in each, or the comparison would show nothing.
    let count = |test: &dyn Fn(&str) -> bool| texts.iter().filter(|(_, text)| test(text)).count();
    let (formed, older) = (
        count(&|t| t.contains("FORM=\"")),
        count(&|t| !t.contains("FORM=\"")),
    );
    assert!(
        formed >= 17 && older >= 8,
        "{formed} with a form, {older} without"
    );
    assert!(count(&|t| !scan_connections(t).is_empty()) >= 3);
    assert!(count(&|t| t.contains("FORM=\"") && !scan_file_parameters(t).is_empty()) >= 10);
    assert!(count(&|t| !t.contains("FORM=\"") && !scan_file_parameters(t).is_empty()) >= 5);
}

#[test]
fn the_two_forms_of_parameters_agree_on_every_workspace_that_has_both() {
    let Some(texts) = corpus(".fmw") else { return };
    let mut compared = 0;
    for (name, text) in texts.iter().filter(|(_, text)| text.contains("FORM=\"")) {
        let without = text.replace("FORM=\"", "FORMER=\"");
        let read =
            |text: &str| -> Header { read_header(text.as_bytes(), Limits::default()).unwrap() };
        assert_eq!(read(text), read(&without), "{name}");
        compared += 1;
    }
    assert!(compared >= 17, "{compared} compared");
}

#[test]
fn every_custom_transformer_of_the_corpus_is_told_from_a_workspace() {
    let Some(texts) = corpus(".fmx") else { return };
    assert!(texts.len() >= 11, "{} found", texts.len());
    for (name, text) in texts {
        let error = read_header(text.as_bytes(), Limits::default()).unwrap_err();
        assert!(
            matches!(error, WorkspaceError::NotAWorkspace { .. }),
            "{name}: {error}"
        );
    }
}

/// The texts of all files of the archives with the extension `kind`, each once and named.
fn corpus(kind: &str) -> Option<Vec<(String, String)>> {
    let archives = super::support::corpus::archives()?;
    let (mut seen, mut texts) = (BTreeSet::new(), Vec::new());
    for path in archives {
        let mut archive = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let name = format!("{} {}", path.display(), entry.name().unwrap());
            if !entry.is_file() || !name.ends_with(kind) {
                continue;
            }
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            if seen.insert(text.clone()) {
                texts.push((name, text));
            }
        }
    }
    Some(texts)
}

/// The header without the custom transformers embedded in it.
fn outer(text: &str) -> String {
    let (header, _) = text.split_once("#! </WORKSPACE>").unwrap();
    match header.split_once("#! <SUBDOCUMENTS>") {
        Some((before, rest)) => before.to_owned() + rest.split_once("</SUBDOCUMENTS>").unwrap().1,
        None => header.to_owned(),
    }
}

/// All values of an attribute, wherever it stands.
fn values(text: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    let parts = text.split(&start).skip(1);
    let entities = [
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .map(|value| {
            entities
                .iter()
                .fold(value, |value, (from, to)| value.replace(from, to))
        })
        .collect()
}

fn scan_build(text: &str) -> String {
    values(text, "FME_BUILD_NUM")[0].clone()
}

fn scan_connections(text: &str) -> Vec<Value> {
    let text = outer(text);
    let Some((_, section)) = text.split_once("<CONNECTIONS>") else {
        return Vec::new();
    };
    let section = section.split("</CONNECTIONS>").next().unwrap();
    let column = |attribute| values(section, attribute);
    let (names, types, families, usages) = (
        column("NAME"),
        column("TYPE"),
        column("FAMILY"),
        column("USAGE"),
    );
    (0..names.len())
        .map(|i| {
            json!({"name": names[i], "type": types[i], "family": families[i], "usage": usages[i]})
        })
        .collect()
}

fn scan_file_parameters(text: &str) -> Vec<String> {
    let text = outer(text);
    if let [form] = &values(&text, "FORM")[..] {
        let form: Value = serde_json::from_slice(&decode(form)).unwrap();
        let parameters = form["parameters"].as_array().unwrap();
        // No form of the corpus has groups.
        assert!(
            parameters
                .iter()
                .all(|parameter| parameter.get("parameters").is_none())
        );
        let files = parameters
            .iter()
            .filter(|parameter| parameter["type"] == "file");
        return files
            .map(|file| file["name"].as_str().unwrap().to_owned())
            .collect();
    }
    let mut names = Vec::new();
    for declaration in text
        .split("<GLOBAL_PARAMETER\n")
        .chain(text.split("<GLOBAL_PARAMETER\r\n"))
    {
        let line = declaration.lines().next().unwrap();
        let Some((_, line)) = line.split_once("GUI_LINE=\"GUI ") else {
            continue;
        };
        let line = line.strip_prefix("OPTIONAL ").unwrap_or(line);
        let words: Vec<_> = line.split(' ').collect();
        if [
            "FILENAME",
            "MULTIFILE",
            "DIRNAME",
            "FILE_OR_URL",
            "DEST_GEODATABASE",
        ]
        .contains(&words[0])
        {
            names.push(words[1].to_owned());
        }
    }
    names
}

/// Base64, a character at a time.
fn decode(text: &str) -> Vec<u8> {
    let digits = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['+', '/'])
        .collect::<String>();
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for character in text.trim_end_matches('=').chars() {
        bits = bits << 6 | u32::try_from(digits.find(character).unwrap()).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}
