//! A small project of FME Flow 2025.2 for people who would rather not use their own: three Workspace
//! Apps of one disabled user, with known permissions on three Connections that lead nowhere.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, System, ZipWriter};

/// The entries, in the order in which FME Flow has them (seen).
const ENTRIES: [(&str, &str); 5] = [
    ("properties.xml", include_str!("probe/properties.xml")),
    ("data.xml", include_str!("probe/data.xml")),
    ("project.yml", include_str!("probe/project.yml")),
    ("files/0_probe.fmw", include_str!("probe/probe.fmw")),
    ("files.map", include_str!("probe/files.map")),
];

/// The project, as a whole archive.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn probe() -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same bytes on every system.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .system(System::Unix);
    for (name, content) in ENTRIES {
        archive.start_file(name, options)?;
        // Whatever a checkout makes of line ends, FME Flow has line feeds.
        archive.write_all(content.replace("\r\n", "\n").as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
