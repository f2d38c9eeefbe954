//! The stamps of the upgraded archive are those of the plan.

use super::difference::{DifferenceKind, Differences};
use super::sides::Sides;
use crate::package::{Document, Package};

pub(super) fn compare(sides: &Sides<'_>, found: &mut Differences) {
    let (package, expected) = (sides.upgraded.1, &sides.plan.target);
    let stamps = &package.stamps;
    if (stamps.build, &stamps.schema) != (expected.build, &expected.schema) {
        let what = format!(
            "build {} with schema {}, declared are build {} with schema {}",
            stamps.build, stamps.schema, expected.build, expected.schema
        );
        found.add(
            DifferenceKind::StampWrong,
            Document::Properties.name(),
            what,
        );
    }
    let minimum = |package: &Package| {
        let project = package.project.as_ref()?;
        project.minimum_build.as_ref().map(|it| it.value.clone())
    };
    let before = minimum(sides.source.1);
    let expected = if sides.plan.target == sides.plan.source {
        before
    } else {
        before.map(|_| expected.build.to_string())
    };
    if minimum(package) != expected {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        let what = format!(
            "the minimum build is {}, declared is {}",
            shown(minimum(package)),
            shown(expected)
        );
        found.add(DifferenceKind::StampWrong, Document::Project.name(), what);
    }
}
