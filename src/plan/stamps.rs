//! Which stamps an upgraded archive bears.

use std::collections::BTreeMap;

use super::{Options, Stamp};
use crate::edit::{Edit, NewText};
use crate::package::{Document, Package, PackageError};
use crate::target::{self, Form};

/// The stamps as they are and will be.
pub(super) struct Chosen {
    pub(super) source: Stamp,
    pub(super) target: Stamp,
    pub(super) edits: BTreeMap<Document, Vec<Edit>>,
}

/// Chooses the stamps: staged keeps them, so that FME Flow runs its own upgrade and transfer.
///
/// # Errors
/// [`PackageError`] when archives of this schema cannot be written in the form asked for, or the minimum
/// build of `project.yml` cannot be replaced.
pub(super) fn choose(package: &Package, options: Options) -> Result<Chosen, PackageError> {
    let stamps = &package.stamps;
    let source = Stamp {
        build: stamps.build,
        schema: stamps.schema.clone(),
    };
    let mut chosen = Chosen {
        target: source.clone(),
        source,
        edits: BTreeMap::new(),
    };
    if !stamps.build.has_app_tokens() || options.form == Form::Staged {
        return Ok(chosen);
    }
    if !options.form.takes(&stamps.schema) {
        return Err(PackageError::Form {
            form: options.form,
            schema: stamps.schema.clone(),
        });
    }
    chosen.target = Stamp {
        build: options.target_build,
        schema: target::schema(),
    };
    let number = chosen.target.build.to_string();
    let build = NewText::from(&*number);
    let schema = NewText::from(&*chosen.target.schema.to_string());
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
        let edits = edit.into_iter().collect();
        chosen.edits.insert(Document::Project, edits);
    }
    Ok(chosen)
}
