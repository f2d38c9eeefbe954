//! `files.map`: read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let wanted = [("R".to_owned(), "w.fmw".to_owned())].into();
    let _ = flowlift::package::files_map::read(bytes, &wanted, |name| name.len() % 2 == 0);
});
