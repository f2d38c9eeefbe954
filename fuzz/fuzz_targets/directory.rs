//! The ZIP: refused, or every entry can be read to an end, good or bad, and it can be copied.
#![no_main]

use std::io::{Read, Write};
use std::path::Path;

use flowlift::archive::{Digesting, Sink, Source, upgrade};
use flowlift::package::WANTED;
use flowlift::watch::Unwatched;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = tempfile::NamedTempFile::new() else {
        return;
    };
    if file.write_all(bytes).is_err() {
        return;
    }
    let Ok(source) = Source::open(file.path(), WANTED) else {
        return;
    };
    for entry in source.entries().flatten() {
        if let Ok(reader) = source.read(&entry) {
            // Time, not memory, is what a bomb takes.
            let _ = std::io::copy(&mut reader.take(1 << 20), &mut std::io::sink());
        }
    }
    let mut copy = Vec::new();
    let sink = Sink::new(Path::new("copy"), &mut copy);
    upgrade(&source, &[], sink, Digesting::Neither, &Unwatched).expect("what is not edited can be copied");
    assert!(copy == bytes, "a copy differs");
});
