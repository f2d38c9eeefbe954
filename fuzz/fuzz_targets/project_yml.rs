//! `project.yml`: read or refused; and what an edit leaves says what it should.
#![no_main]

use flowlift::edit::Edits;
use flowlift::limits::Limits;
use flowlift::package::project::read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(project) = read(bytes, Limits::default()) else {
        return;
    };
    let edited = |edits| {
        let mut out = Vec::new();
        Edits::new(edits).unwrap().apply(bytes, &mut out).unwrap();
        read(&out[..], Limits::default()).unwrap()
    };
    if let Ok(edits) = project.without(|_| true, |name| name.len() % 2 == 0) {
        let left = edited(edits);
        assert_eq!(left.roles.names().count(), 0);
        assert!(left.tokens.names().all(|name| name.len() % 2 == 1));
    }
    if let Ok(Some(edit)) = project.with_minimum("26121") {
        assert_eq!(edited(vec![edit]).minimum_build.unwrap().value, "26121");
    }
});
