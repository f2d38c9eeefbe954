//! Archives of any size in FME Flow's shape, to measure with. The same options give the same bytes,
//! so that what was measured can be measured again.

mod data;
pub(crate) mod documents;
mod payload;
mod random;
mod security;
mod size;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::Parser;

use super::java_zip::{DosTime, JavaZip};
use super::tree::Text;
use payload::Payload;
use size::size;

const PACKED: DosTime = DosTime::new((2025, 11, 19), (20, 24, 34));

/// Write an archive in FME Flow's shape: `.fsproject` gives a project, anything else a backup
#[derive(Debug, Parser)]
pub(crate) struct Scale {
    /// The archive; one that exists is replaced
    output: PathBuf,
    /// Where all numbers come from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Resource files
    #[arg(long, default_value = "0", value_parser = size)]
    entries: u64,
    /// Bytes of all resource files together; k, M and G are powers of 1024
    #[arg(long, default_value = "0", value_parser = size)]
    payload: u64,
    /// How much of a resource file is the same byte again and again
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    compressible: u8,
    /// Make resource files of holes, which take no room on the disk, as entries of method 0
    #[arg(long)]
    sparse: bool,
    /// Workspace Apps, each with a token; every tenth more is an Automation App, every twentieth a
    /// Gallery App
    #[arg(long, default_value = "3", value_parser = size)]
    apps: u64,
    /// Tokens that no app uses
    #[arg(long, default_value = "0", value_parser = size)]
    tokens: u64,
    /// Users
    #[arg(long, default_value = "3", value_parser = size)]
    users: u64,
    /// Item grants of users, beside those of apps (seven each)
    #[arg(long, default_value = "10", value_parser = size)]
    grants: u64,
    /// Connections
    #[arg(long, default_value = "5", value_parser = size)]
    connections: u64,
    /// Workspaces, each with a thumbnail in data.xml
    #[arg(long, default_value = "3", value_parser = size)]
    workspaces: u64,
    /// Bytes of each workspace's thumbnail in data.xml
    #[arg(long, default_value = "2k", value_parser = size)]
    thumbnail: u64,
}

impl Scale {
    /// Writes the archive.
    pub(crate) fn write(&self) -> io::Result<()> {
        let file = fs_err::File::create(&self.output)?;
        let mut zip = JavaZip::new(BufWriter::with_capacity(1 << 20, file));
        zip.entry("properties.xml", PACKED, documents::properties().as_bytes())?;
        zip.entry("data.xml", PACKED, Text::new(data::data(self)))?;
        if self.output.extension().is_some_and(|e| e == "fsproject") {
            zip.entry("project.yml", PACKED, Text::new(documents::project(self)))?;
        }
        for workspace in 0..self.workspaces {
            let header = documents::workspace(self, workspace);
            zip.entry(
                &documents::workspace_entry(workspace),
                PACKED,
                header.as_bytes(),
            )?;
        }
        let mut payload = Payload::new(self.seed, self.compressible);
        for number in 0..self.entries {
            let name = documents::resource_entry(number);
            let size = share(self.payload, self.entries, number);
            if self.sparse {
                zip.hole(&name, PACKED, size)?;
            } else {
                zip.entry(&name, PACKED, payload.file(size))?;
            }
        }
        zip.entry("files.map", PACKED, Text::new(documents::files_map(self)))?;
        zip.finish()?.flush()
    }
}

/// The share of one of `parts` in `total`: all equal, the first ones take what is left over.
fn share(total: u64, parts: u64, number: u64) -> u64 {
    let parts = parts.max(1);
    total / parts + u64::from(number < total % parts)
}
