//! The command line as a Markdown document: `docs/reference.md`, which a test holds to this.

use clap::{Arg, ArgAction, Command};

use super::definition;
use super::fields::fields;

const OPENING: &str = "# Reference\n\n\
    Every command and option, as `flowlift help` has them. This file is generated: \
    `FLOWLIFT_UPDATE=1 cargo test --test it reference` writes it anew.\n";

const DOCUMENTS: &str = "\n## JSON\n\n\
    Every field of every document, from the schemas in [`schema/`](schema/). Fields are added, never \
    changed. Names are as the archive has them; characters that hide or mislead are written as \
    escapes.\n\n";

/// The whole of `docs/reference.md`.
pub fn reference() -> String {
    let mut definition = definition();
    definition.build();
    let mut text = OPENING.to_owned();
    let general: Vec<&Arg> = definition
        .get_arguments()
        .filter(|arg| shown(arg))
        .collect();
    section(&mut text, &definition, "flowlift", 2, &[]);
    text += "\n### General options\n\nWith every command:\n\n";
    text += &general.iter().map(|arg| option(arg)).collect::<String>();
    let names: Vec<&str> = general.iter().map(|arg| arg.get_id().as_str()).collect();
    commands(&mut text, &definition, "flowlift", 2, &names);
    text + DOCUMENTS + &fields()
}

fn commands(text: &mut String, command: &Command, path: &str, level: usize, general: &[&str]) {
    let inner = command.get_subcommands();
    for command in inner.filter(|command| command.get_name() != "help" && !command.is_hide_set()) {
        let path = format!("{path} {}", command.get_name());
        section(text, command, &path, level, general);
        commands(text, command, &path, level + 1, general);
    }
}

/// What a command says of itself.
fn section(text: &mut String, command: &Command, path: &str, level: usize, general: &[&str]) {
    let about = command.get_long_about().or(command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let (first, rest) = about.split_once("\n\n").unwrap_or((&about, ""));
    *text += &format!("\n{} {path}\n\n{}.\n", "#".repeat(level), escaped(first));
    if !rest.is_empty() {
        *text += &format!("\n{}\n", escaped(rest));
    }
    if level > 2 || path.contains(' ') {
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        *text += &format!("\n```text\n{usage}\n```\n");
        let own: String = command
            .get_arguments()
            .filter(|arg| shown(arg) && !general.contains(&arg.get_id().as_str()))
            .map(option)
            .collect();
        if !own.is_empty() {
            *text += &format!("\n{own}");
        }
    }
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string();
        let examples = examples.strip_prefix("Examples:\n").unwrap_or(&examples);
        *text += &format!("\n```text\n{}\n```\n", undented(examples));
    }
}

fn shown(arg: &Arg) -> bool {
    !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version")
}

/// A line of a list, and its values as lists within.
fn option(arg: &Arg) -> String {
    let mut names: Vec<String> = Vec::new();
    names.extend(arg.get_short().map(|short| format!("-{short}")));
    names.extend(arg.get_long().map(|long| format!("--{long}")));
    let values = arg.get_value_names().unwrap_or_default();
    let values: Vec<String> = values.iter().map(|value| format!("<{value}>")).collect();
    let takes = !matches!(arg.get_action(), ArgAction::SetTrue | ArgAction::Count);
    let mut name = names.join(", ");
    if takes && !values.is_empty() {
        let blank = if name.is_empty() { "" } else { " " };
        name = format!("{name}{blank}{}", values.join(" "));
    }
    let help = arg.get_long_help().or(arg.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let mut line = format!("- `{name}`: {}", escaped(&help.replace('\n', " ")));
    let defaults = arg.get_default_values();
    if takes && !defaults.is_empty() {
        let defaults: Vec<_> = defaults
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        line += &format!(" [default: {}]", defaults.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        line += &format!(" [env: {}]", variable.to_string_lossy());
    }
    line.push('\n');
    for value in arg
        .get_possible_values()
        .iter()
        .filter(|value| takes && !value.is_hide_set())
    {
        let help = value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let colon = if help.is_empty() { "" } else { ": " };
        line += &format!("  - `{}`{colon}{}\n", value.get_name(), escaped(&help));
    }
    line
}

/// Angle brackets and stars would be taken for markup.
fn escaped(text: &str) -> String {
    text.replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('*', "\\*")
}

/// Lines without the two blanks that help begins them with.
fn undented(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}
