//! Histories of older versions, which are read as they are: only who writes to one brings it up to
//! date.

/// Views with all columns of the current version over the tables of `schema`, which has `version`;
/// they are called like the tables, after `prefix`.
pub(super) fn views(schema: &str, version: i64, prefix: &str) -> String {
    let lacking = |column: &str, since: i64| {
        if version < since {
            format!(", NULL AS {column}")
        } else {
            String::new()
        }
    };
    let view = |table: &str, lacking: &str| {
        format!("CREATE TEMP VIEW {prefix}{table} AS SELECT *{lacking} FROM {schema}.{table};")
    };
    view("apps", &lacking("planned", 2)) + &view("log_lines", &lacking("fact", 2))
}
