//! The header of a workspace: read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = flowlift::workspace::read_header(bytes, flowlift::limits::Limits::default());
});
