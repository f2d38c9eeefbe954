//! Whole runs of flowlift beside what else there is, on the same archives:
//! `cargo bench --bench compare -- [--runs N] [--first CANDIDATES] ARCHIVE…`.
//!
//! The candidates take turns, so that a machine whose speed drifts is fair to all of them. Each
//! writes a new archive and has it on the disk before its time stops. The archives come from the
//! example `scale`; targets are written beside them.
#![allow(
    clippy::disallowed_methods,
    reason = "it is not the program that writes here"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark fails by panicking"
)]

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Rewrites one small entry as each tool does, which copies all the others.
const PYTHON: &str = "
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as old, open(sys.argv[2], 'wb') as out:
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=0) as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry))
    os.fsync(out.fileno())
";

/// A way to get from an archive to another. `$1` is the source, `$2` the target, `$3` flowlift, `$4`
/// this program, `$5` a program in Python, `$6` flowlift's history, which is there from the first
/// round on.
struct Candidate {
    name: &'static str,
    needs: &'static str,
    script: &'static str,
}

const CANDIDATES: [Candidate; 9] = [
    Candidate {
        name: "cp + fsync",
        needs: "cp",
        script: "cp \"$1\" \"$2\" && sync \"$2\"",
    },
    Candidate {
        name: "flowlift migrate",
        needs: "sh",
        script: "\"$3\" -q migrate --history \"$6\" \"$1\" -o \"$2\"",
    },
    Candidate {
        name: "  --no-digest",
        needs: "sh",
        script: "\"$3\" -q migrate --history \"$6\" --no-digest \"$1\" -o \"$2\"",
    },
    Candidate {
        name: "cp + fsync + sha256sum of both",
        needs: "sha256sum",
        script: "cp \"$1\" \"$2\" && sync \"$2\" && sha256sum \"$1\" \"$2\"",
    },
    Candidate {
        name: "flowlift plan",
        needs: "sh",
        script: "\"$3\" -q plan \"$1\" --format json",
    },
    Candidate {
        name: "zip crate",
        needs: "sh",
        script: "\"$4\" --zip-crate \"$1\" \"$2\"",
    },
    Candidate {
        name: "Info-ZIP zip",
        needs: "zip",
        script: "cp \"$1\" \"$2.zip\" && cd \"$(dirname \"$2\")\" && echo new > properties.xml && \
                 zip -q -0 \"$2.zip\" properties.xml && sync \"$2.zip\"",
    },
    Candidate {
        name: "7-Zip u",
        needs: "7z",
        script: "cp \"$1\" \"$2.zip\" && cd \"$(dirname \"$2\")\" && echo new > properties.xml && \
                 7z u -tzip -mx=0 \"$2.zip\" properties.xml && sync \"$2.zip\"",
    },
    Candidate {
        name: "Python zipfile",
        needs: "python3",
        script: "python3 -c \"$5\" \"$1\" \"$2\"",
    },
];

fn main() -> io::Result<()> {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    arguments.retain(|argument| argument != "--bench");
    if let [flag, source, target] = &*arguments
        && flag == "--zip-crate"
    {
        return copy_with_zip_crate(source.as_ref(), target.as_ref());
    }
    let (mut runs, mut first) = (5, CANDIDATES.len());
    while let [flag, number, ..] = &*arguments {
        let option = match flag.to_str() {
            Some("--runs") => &mut runs,
            Some("--first") => &mut first,
            _ => break,
        };
        *option = number
            .to_str()
            .and_then(|n| n.parse().ok())
            .unwrap_or(*option);
        arguments.drain(..2);
    }
    for archive in &arguments {
        compare(Path::new(archive), runs, first)?;
    }
    Ok(())
}

/// What a run took: seconds, and kilobytes at most.
#[derive(Clone, Copy)]
struct Run {
    wall: f64,
    cpu: f64,
    peak: f64,
}

fn compare(archive: &Path, runs: usize, first: usize) -> io::Result<()> {
    let wanted = CANDIDATES.iter().take(first);
    let present: Vec<&Candidate> = wanted.filter(|c| is_there(c.needs)).collect();
    let mut taken = vec![Vec::new(); present.len()];
    let state = tempfile::tempdir()?;
    let history = state.path().join("history.sqlite");
    // The first round only warms up.
    for round in 0..=runs {
        for (candidate, taken) in present.iter().zip(&mut taken) {
            let run = run(candidate, archive, &history)?;
            if round > 0 {
                taken.extend(run);
            }
        }
    }
    let mut out = io::stdout().lock();
    let size = archive.metadata()?.len() / 1_000_000;
    let name = archive.file_name().unwrap_or_default().display();
    writeln!(out, "\n{name}, {size} MB, {runs} runs, medians\n")?;
    writeln!(
        out,
        "| | wall s | ratio | CPU s | peak MiB |\n|---|---|---|---|---|"
    )?;
    let base = taken
        .first()
        .map_or(f64::NAN, |runs| median(runs, |r| r.wall));
    for (candidate, taken) in present.iter().zip(&taken) {
        if taken.is_empty() {
            writeln!(out, "| {} | failed | | | |", candidate.name)?;
            continue;
        }
        let wall = median(taken, |r| r.wall);
        writeln!(
            out,
            "| {} | {wall:.2} | {:.2} | {:.2} | {:.0} |",
            candidate.name,
            wall / base,
            median(taken, |r| r.cpu),
            median(taken, |r| r.peak) / 1024.0
        )?;
    }
    Ok(())
}

fn is_there(tool: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", "command -v \"$0\"", tool])
        .stdout(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

/// Runs a candidate once; none when it fails.
fn run(candidate: &Candidate, archive: &Path, history: &Path) -> io::Result<Option<Run>> {
    let archive = archive.canonicalize()?;
    let folder = tempfile::tempdir_in(archive.parent().unwrap_or(Path::new(".")))?;
    let target: PathBuf = folder.path().join("target.fsconfig");
    let figures = folder.path().join("figures");
    let begun = Instant::now();
    let status = Command::new("/usr/bin/time")
        .args(["-f", "%U %S %M", "-o"])
        .arg(&figures)
        .args(["sh", "-c", candidate.script, "sh"])
        .args([&archive, &target])
        .arg(env!("CARGO_BIN_EXE_flowlift"))
        .arg(std::env::current_exe()?)
        .arg(PYTHON)
        .arg(history)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let wall = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Ok(None);
    }
    let figures = fs_err::read_to_string(figures)?;
    let mut figures = figures.split_whitespace().filter_map(|n| n.parse().ok());
    let mut next = || figures.next().unwrap_or(f64::NAN);
    let (user, system, peak) = (next(), next(), next());
    Ok(Some(Run {
        wall,
        cpu: user + system,
        peak,
    }))
}

fn median(runs: &[Run], figure: impl Fn(&Run) -> f64) -> f64 {
    let mut figures: Vec<f64> = runs.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Copies every entry raw, as the crate's own users do.
fn copy_with_zip_crate(source: &Path, target: &Path) -> io::Result<()> {
    let reader = io::BufReader::new(fs_err::File::open(source)?);
    let mut old = zip::ZipArchive::new(reader)?;
    let file = fs_err::File::create(target)?;
    let mut new = zip::ZipWriter::new(io::BufWriter::with_capacity(1 << 20, file));
    for index in 0..old.len() {
        new.raw_copy_file(old.by_index_raw(index)?)?;
    }
    let file = new
        .finish()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}
