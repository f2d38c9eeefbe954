//! Which parameters hold files, in either form in which a workspace declares them.

use base64::DecodeError;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::error::Category;

/// Words before the type on a GUI line: `OPTIONAL IGNORE LITERAL NO_EDIT` are seen, `WHOLE_LINE` is
/// documented.
const FLAGS: [&str; 5] = ["OPTIONAL", "IGNORE", "LITERAL", "NO_EDIT", "WHOLE_LINE"];

/// Words that make a GUI type one of files. Seen are `FILENAME`, `FILENAME_OR_ATTR`, `MULTIFILE`,
/// `MULTIFILE_OR_ATTR`, `DIRNAME`, `DIRNAME_SRC`, `FILE_OR_URL` and `DEST_GEODATABASE`. Types come
/// with suffixes (documented), so that the words are compared and not the types (inferred).
const FILES: [&str; 6] = [
    "FILE",
    "FILENAME",
    "MULTIFILE",
    "DIRNAME",
    "MULTIDIR",
    "GEODATABASE",
];

/// Name, still escaped, of the published file parameter a GUI line declares:
/// `GUI [flags] TYPE NAME …`.
///
/// A line with the flag `IGNORE` declares a private parameter (inferred): the one that is seen,
/// `FME_SHAREDRESOURCE_DATA` of scope `FME_SERVER`, is missing from the form beside it.
pub(super) fn on_gui_line(line: &[u8]) -> Option<&[u8]> {
    let mut words = line
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    if !words.next()?.eq_ignore_ascii_case(b"GUI") {
        return None;
    }
    let mut word = words.next()?;
    while is_one_of(word, &FLAGS) {
        if word.eq_ignore_ascii_case(b"IGNORE") {
            return None;
        }
        word = words.next()?;
    }
    let of_files = word
        .split(|byte| *byte == b'_')
        .any(|part| is_one_of(part, &FILES));
    words.next().filter(|_| of_files)
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words
        .iter()
        .any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
}

/// The JSON of a form, which is base64 of it.
pub(super) fn decoded(form: &[u8]) -> Result<Vec<u8>, String> {
    BASE64_STANDARD.decode(form).map_err(|error| match error {
        DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => {
            format!("its base64 is broken at character {at}")
        }
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => {
            format!("its base64 of {} characters is cut off", form.len())
        }
    })
}

/// Names of the file parameters on a form.
///
/// `itemsToSelect` (`files`, `folders`, `filegeodb` seen; more documented) and `accessMode`
/// (`read`, `write` seen; `readwrite` documented) tell file parameters apart and exclude none.
pub(super) fn on_form(json: &[u8]) -> Result<Vec<String>, String> {
    let form: Form = serde_json::from_slice(json).map_err(|error| {
        // The error's own words may repeat a value.
        let what = match error.classify() {
            Category::Eof => "its JSON is cut off",
            Category::Data => "its JSON is of another shape than expected",
            Category::Syntax | Category::Io => "its JSON is broken",
        };
        format!("{what} at line {}, column {}", error.line(), error.column())
    })?;
    let mut names = Vec::new();
    collect(form.parameters, &mut names)?;
    Ok(names)
}

/// Recurses as deep as `serde_json` allows JSON to nest.
fn collect(parameters: Vec<Parameter>, names: &mut Vec<String>) -> Result<(), String> {
    for parameter in parameters {
        if parameter.kind == "file" {
            names.push(parameter.name.ok_or("a file parameter has no name")?);
        }
        collect(parameter.parameters, names)?;
    }
    Ok(())
}

/// What of a form is read; all else, default values above all, is passed over.
#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    name: Option<String>,
    #[serde(default, rename = "type")]
    kind: String,
    /// The members of a group.
    #[serde(default)]
    parameters: Vec<Parameter>,
}
