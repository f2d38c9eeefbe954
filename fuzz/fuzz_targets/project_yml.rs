//! `project.yml`: read or refused; and every name can be taken out.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(project) = flowlift::package::project::read(bytes, flowlift::limits::Limits::default()) else {
        return;
    };
    for list in [&project.roles, &project.tokens] {
        let Ok(spans) = list.without(|_| true) else {
            continue;
        };
        for span in spans {
            assert!(span.start <= span.end && span.end <= bytes.len() as u64);
        }
    }
    if let Some(minimum) = project.minimum_build {
        assert!(minimum.span.end <= bytes.len() as u64);
    }
});
