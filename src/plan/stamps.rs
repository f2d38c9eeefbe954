//! The gate, and which stamps an upgraded archive bears.

use std::collections::BTreeMap;

use super::{Options, Outcome, Stamp, Stamping};
use crate::edit::{Edit, Text};
use crate::finding::Fact;
use crate::flow::Schema;
use crate::package::{Document, Package, PackageError};
use crate::target;

/// The stamps as they are and will be.
pub(super) struct Chosen {
    pub(super) outcome: Outcome,
    pub(super) source: Stamp,
    pub(super) target: Stamp,
    pub(super) facts: Vec<Fact>,
    pub(super) edits: BTreeMap<Document, Vec<Edit>>,
}

/// Chooses the stamps. Schema 2.99 differs from 2.111 only in what this tool writes, as far as is
/// known, so it is raised; older schemas need FME Flow's own upgrade of everything else, which a
/// newer stamp would switch off.
///
/// # Errors
/// [`PackageError`] when the minimum build of `project.yml` cannot be replaced.
pub(super) fn choose(package: &Package, options: Options) -> Result<Chosen, PackageError> {
    let stamps = &package.stamps;
    let source = Stamp {
        build: stamps.build,
        schema: stamps.schema.clone(),
    };
    let mut chosen = Chosen {
        outcome: Outcome::Planned,
        target: source.clone(),
        source,
        facts: Vec::new(),
        edits: BTreeMap::new(),
    };
    let schema = stamps.schema.clone();
    if !stamps.build.has_app_tokens() {
        chosen.outcome = Outcome::Current;
        return Ok(chosen);
    }
    let is_last = schema == Schema::last_with_tokens();
    match options.stamping {
        Stamping::Auto | Stamping::Target if is_last => {}
        Stamping::Target => {
            chosen.facts.push(Fact::StampsForced {
                schema,
                build: options.target_build,
            });
        }
        Stamping::Auto => {
            chosen.facts.push(Fact::StampsKept {
                schema,
                asked: false,
            });
            return Ok(chosen);
        }
        Stamping::Source => {
            chosen.facts.push(Fact::StampsKept {
                schema,
                asked: true,
            });
            return Ok(chosen);
        }
    }
    chosen.target = Stamp {
        build: options.target_build,
        schema: target::schema(),
    };
    let number = chosen.target.build.to_string();
    let build = Text::from(&*number);
    let schema = Text::from(&*chosen.target.schema.to_string());
    let properties = vec![
        Edit {
            span: stamps.build_span,
            text: build,
        },
        Edit {
            span: stamps.schema_span,
            text: schema,
        },
    ];
    chosen.edits.insert(Document::Properties, properties);
    if let Some(project) = &package.project {
        let edit = project.with_minimum(&number)?;
        chosen
            .edits
            .insert(Document::Project, edit.into_iter().collect());
    }
    Ok(chosen)
}
