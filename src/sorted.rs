//! Looks things up in sorted lists: where there are a million of something, a list is half of what
//! a map takes.

use std::cmp::Ordering;

use alphanumeric_sort::compare_str;

/// The run of `sorted` that `order` finds neither before nor after what is sought.
pub(crate) fn equal_range<T>(sorted: &[T], order: impl Fn(&T) -> Ordering) -> &[T] {
    let start = sorted.partition_point(|it| order(it).is_lt());
    let rest = sorted.get(start..).unwrap_or_default();
    let count = rest.partition_point(|it| order(it).is_eq());
    rest.get(..count).unwrap_or_default()
}

/// Names as people sort them: `app2` before `app10`.
pub(crate) fn naturally(a: &str, b: &str) -> Ordering {
    compare_str(a, b).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_name_counts_as_a_number() {
        let mut names = ["app10", "app2", "App 1", "app"];
        names.sort_by(|a, b| naturally(a, b));
        assert_eq!(names, ["App 1", "app", "app2", "app10"]);
    }

    #[test]
    fn a_run_is_found_at_either_end_and_in_the_middle() {
        let sorted = [1, 1, 2, 4, 4];
        for (sought, found) in [(1, 2), (2, 1), (4, 2), (0, 0), (3, 0), (5, 0)] {
            let run = equal_range(&sorted, |it| it.cmp(&sought));
            assert_eq!(run, vec![sought; found]);
        }
        assert!(equal_range(&[], |it: &u8| it.cmp(&1)).is_empty());
    }
}
