//! The questions of `docs/history.md` have answers.

use std::path::Path;

use super::scene::Scene;

/// The document's queries, in order.
fn queries() -> Vec<String> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/history.md");
    let document = fs_err::read_to_string(document).unwrap();
    let blocks = document.split("```sql\n").skip(1);
    blocks
        .map(|block| block.split_once("```").unwrap().0.to_owned())
        .collect()
}

#[test]
fn each_query_of_the_document_runs_and_answers_its_question() {
    let scene = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    let city = ["migrate", "city.fsconfig"];
    scene.done(&[&city[..], &["harbour-2.57.fsproject"]].concat());
    scene.done(&[&city[..], &["--form=final", "-o", "kept.fsconfig"]].concat());
    assert_eq!(scene.run(&city).0, 5); // the target exists
    let digest = flowlift::archive::sha256(&scene.path("city-2026.1.fsconfig")).unwrap();

    let database = scene.database();
    let answers: Vec<Vec<Vec<String>>> = queries()
        .iter()
        .map(|query| {
            let query = query.replace(&"0".repeat(64), &digest);
            // The frozen clock is behind the database's own.
            let query = query.replace("'-30 days'", "'-3000 days'");
            let mut query = database.prepare(&query).unwrap();
            let columns = query.column_count();
            let rows = query.query_map([], |row| {
                (0..columns)
                    .map(|column| {
                        Ok(match row.get_ref(column)? {
                            rusqlite::types::ValueRef::Text(text) => {
                                String::from_utf8(text.to_vec()).unwrap()
                            }
                            other => format!("{other:?}"),
                        })
                    })
                    .collect()
            });
            rows.unwrap().map(Result::unwrap).collect()
        })
        .collect();
    let [
        since,
        failed,
        origin,
        dropped,
        users,
        writers,
        off,
        warnings,
        counts,
        twice,
    ] = &answers[..]
    else {
        panic!("{} queries", answers.len())
    };
    let has = |rows: &[Vec<String>], cells: &[&str]| {
        assert!(
            rows.iter()
                .any(|row| cells.iter().all(|cell| row.iter().any(|c| c == cell))),
            "{cells:?} in {rows:?}"
        );
    };
    assert_eq!(since.len(), 4);
    assert_eq!(failed.len(), 1);
    assert!(failed[0][3].starts_with("the target exists"));
    assert_eq!(origin.len(), 1);
    assert!(origin[0][2].ends_with("city.fsconfig"));
    has(
        dropped,
        &[
            "sensor-map",
            "FME_SHAREDRESOURCE_DATA",
            "SHAREDRESOURCE_READ",
        ],
    );
    has(
        dropped,
        &["Flood alert 洪水", "(general)", "ACCESS_NAMEDCONNECTIONS"],
    );
    has(users, &["road-works", "NAMEDCONNECTIONS_RUN"]);
    has(writers, &["Cadastre Oracle"]);
    has(off, &["closed-counter", "anna.berg"]);
    has(warnings, &["token-disabled"]);
    assert_eq!(counts.len(), 3);
    assert_eq!(twice.len(), 1);
    assert!(twice[0][3].contains("\"form\":\"final\""));
}
