//! `properties.xml`: read or refused; the stamps stand where it is said.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(stamps) = flowlift::package::properties::read(bytes) else {
        return;
    };
    for span in [stamps.build_span, stamps.schema_span] {
        assert!(span.start <= span.end && span.end <= bytes.len() as u64);
    }
});
