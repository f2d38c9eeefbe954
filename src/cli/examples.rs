//! Examples at the end of each command's help. A test runs every one of them, so they stand
//! together here in one plain form: a line of `flowlift …`, and what it does below it.

use clap::Command;

/// Adds the examples to every command that has some.
pub(super) fn with_examples(command: Command) -> Command {
    at(command, "")
}

fn at(command: Command, above: &str) -> Command {
    let path = format!("{above}{}", command.get_name());
    let command = match EXAMPLES.iter().find(|(of, _)| *of == path) {
        Some((_, examples)) => command.after_help(*examples),
        None => command,
    };
    command.mut_subcommands(|inner| at(inner, &format!("{path} ")))
}

/// What each command ends its help with.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "flowlift",
        "Examples:
  flowlift plan backup.fsconfig
      Say what would become of each app
  flowlift migrate backup.fsconfig
      Write backup-2026.1.fsconfig and its task log
  flowlift help migrate
      Say more about a command",
    ),
    (
        "flowlift plan",
        "Examples:
  flowlift plan backup.fsconfig
      What would become of each app in a backup
  flowlift plan --format json parks.fsproject
      The same for a program
  flowlift plan --format csv backup.fsconfig > plan.csv
      The same for a spreadsheet, with the columns of an audit
  flowlift plan --diff backup.fsconfig
      The edits themselves: what goes, what comes, and where
  flowlift plan --expand-unrestricted backup.fsconfig
      What changes when unrestricted tokens count for what their workspaces declare",
    ),
    (
        "flowlift migrate",
        "Examples:
  flowlift migrate backup.fsconfig
      Write backup-2026.1.fsconfig and backup-2026.1.fsconfig.log
  flowlift migrate --dry-run backup.fsconfig
      Only say what would be done
  flowlift migrate -o upgraded.fsproject parks.fsproject
      Write to a file of your choice
  flowlift migrate --out-dir upgraded parks.fsproject harbour.fsproject
      Write several archives into a folder",
    ),
    (
        "flowlift inspect",
        "Examples:
  flowlift inspect backup.fsconfig
      What made it, what is in it
  flowlift inspect --tokens backup.fsconfig
      All API tokens and the apps that use them
  flowlift inspect --tree security/user_tokens backup.fsconfig
      How tokens are stored; values that may be secrets are not shown
  flowlift inspect --tree / --depth 3 parks.fsproject
      The categories of data.xml and their lists",
    ),
    (
        "flowlift audit",
        "Examples:
  flowlift audit backup.fsconfig
      What needs action in a backup, what needs action first
  flowlift audit projects
      The same for every archive in a folder
  flowlift audit --readiness backup.fsconfig
      What else of a backup breaks at 2026.1
  flowlift audit -o losses.csv backup.fsconfig
      A row per app and permission, for a spreadsheet
  flowlift audit -o report.html backup.fsconfig
      A page for app owners: filter it, tick it off, print it
  flowlift audit --from-history backup.fsconfig
      What was said when it was migrated, without the archive",
    ),
    (
        "flowlift explain",
        "Examples:
  flowlift explain owner-lacks-connection
      What a warning means, and who can do what about it
  flowlift explain 926131
      The same by the number in the task log",
    ),
    (
        "flowlift verify",
        "Examples:
  flowlift verify backup.fsconfig backup-2026.1.fsconfig
      Prove an upgraded archive against its source
  flowlift verify --format json backup.fsconfig backup-2026.1.fsconfig
      The same for a program",
    ),
    (
        "flowlift compare",
        "Examples:
  flowlift compare before.fsproject after.fsproject
      Whether the new server has what was planned
  flowlift compare --log restore.log before.fsproject after.fsproject
      Also whether its log names each app with its Connections
  flowlift compare -o signed.html before.fsproject after.fsproject
      A page to print and sign",
    ),
    (
        "flowlift calibrate",
        "Examples:
  flowlift calibrate -o server.toml before.fsproject after.fsproject
      Learn from an import and the export after it where the server keeps what apps may do
  flowlift compare --profile server.toml before.fsproject after.fsproject
      Then see whether everything arrived",
    ),
    (
        "flowlift calibrate probe",
        "Examples:
  flowlift calibrate probe -o probe.fsproject
      Three apps with known permissions, to be imported into a test server
  flowlift plan probe.fsproject
      What they may do",
    ),
    (
        "flowlift calibrate confirm",
        "Examples:
  flowlift calibrate -o server.toml before.fsproject after.fsproject
      A profile, learned from a restore
  flowlift calibrate confirm server.toml written.fsproject written-after.fsproject
      The server takes what is written there",
    ),
    (
        "flowlift history list",
        "Examples:
  flowlift history list
      Everything that was migrated, newest first
  flowlift history list --backups --since 30d
      Backups of the last 30 days
  flowlift history list --archive backup.fsconfig --format json
      What became of one archive, for a program",
    ),
    (
        "flowlift history show",
        "Examples:
  flowlift history show last
      The newest task, with every permission carried and dropped
  flowlift history show backup.fsconfig
      The newest task of an archive
  flowlift history show 01a
      A task by the beginning of its id",
    ),
    (
        "flowlift history log",
        "Examples:
  flowlift history log 01a
      The task log as it was written
  flowlift history log --level warn 01a
      Only what someone should look at",
    ),
    (
        "flowlift history lost",
        "Examples:
  flowlift history lost
      Everything that any app lost, what matters most first
  flowlift history lost --owner anna --item DATA
      What one owner's apps lost of one folder
  flowlift history lost --since 30d --format csv > lost.csv
      For a spreadsheet, with the columns of an audit",
    ),
    (
        "flowlift history export",
        "Examples:
  flowlift history export > grants.csv
      Every permission that was carried or dropped, for a spreadsheet
  flowlift history export --archive backup.fsconfig --format jsonl
      Those of one archive, for a program",
    ),
    (
        "flowlift history merge",
        "Examples:
  flowlift migrate --history laptop.sqlite parks.fsproject
      A migration that another history knows
  flowlift history merge laptop.sqlite
      Now this one knows it too; doing it again changes nothing",
    ),
    (
        "flowlift completions",
        "Examples:
  flowlift completions bash > ~/.local/share/bash-completion/completions/flowlift
      For bash
  flowlift completions zsh > ~/.zfunc/_flowlift
      For zsh, with ~/.zfunc in fpath before compinit
  flowlift completions fish > ~/.config/fish/completions/flowlift.fish
      For fish
  flowlift completions powershell >> $PROFILE
      For PowerShell",
    ),
    (
        "flowlift man",
        "Examples:
  flowlift man > flowlift.1
      The main page, to be read with: man ./flowlift.1
  flowlift man --out-dir man
      The pages of all commands",
    ),
];
