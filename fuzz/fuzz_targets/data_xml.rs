//! `data.xml`: read or refused; and whatever is read can be planned, and its edits applied.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(data) = flowlift::package::data::read(bytes, flowlift::limits::Limits::default()) else {
        return;
    };
    for workspaces in data.apps.iter().map(data.workspaces()) {
        drop(workspaces);
    }
    let _ = data.tree.removals(data.tokens.iter().map(|token| token.place));
});
