//! `data.xml`: read or refused; and whatever is read can be planned, and its edits applied.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = flowlift::limits::Limits::default();
    let mut budget = flowlift::package::Budget::new(limits);
    let Ok(data) = flowlift::package::data::read(bytes, limits, &mut budget) else {
        return;
    };
    for workspaces in data.apps.iter().map(data.workspaces()) {
        drop(workspaces);
    }
    let _ = data.tree.removals(data.tokens.iter().map(|token| token.place));
});
