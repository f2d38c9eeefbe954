//! Where a document is that does not lie where FME Flow puts it: archives that were zipped once more,
//! with their folder or as a whole, are common.

use std::fmt;

use super::document::Document;

/// What an archive without a document has instead; names as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// The document in a folder.
    Folder(String),
    /// A whole archive.
    Archive(String),
}

impl Elsewhere {
    /// Looks through the names of all entries.
    ///
    /// # Errors
    /// The first error among the names.
    pub(crate) fn find<E>(
        document: Document,
        names: impl Iterator<Item = Result<String, E>>,
    ) -> Result<Option<Self>, E> {
        let mut folder = None;
        for name in names {
            let name = name?;
            // A Mac's ZIP holds a shadow of each file.
            if name.starts_with("__MACOSX/") {
                continue;
            }
            let (parent, file) = name.rsplit_once(['/', '\\']).unwrap_or(("", &name));
            let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
            let is_archive = ["fsproject", "fsconfig"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known));
            if is_archive && !parent.starts_with("files") {
                return Ok(Some(Self::Archive(name)));
            }
            if file == document.name() && folder.is_none() {
                folder = Some(Self::Folder(name));
            }
        }
        Ok(folder)
    }

    /// What to do about it.
    pub(crate) const fn help(&self) -> &'static str {
        match self {
            Self::Folder(_) => {
                "it was zipped with its folder; unzip it and zip what is in the folder, or give the \
                 file as FME Flow wrote it"
            }
            Self::Archive(_) => "unzip it, and give the archive that is in it",
        }
    }
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Folder(name) | Self::Archive(name)) = self;
        write!(f, "{name} is in it instead")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_found_in_a_folder_and_in_an_archive_within() {
        let find = |names: &[&str]| {
            let names = names.iter().map(|name| Ok::<_, ()>((*name).to_owned()));
            Elsewhere::find(Document::Data, names).unwrap()
        };
        assert_eq!(
            find(&["x/", "x/properties.xml", "x/data.xml"]),
            Some(Elsewhere::Folder("x/data.xml".to_owned()))
        );
        assert_eq!(
            find(&["__MACOSX/._x.fsproject", "a/x.FSPROJECT"]),
            Some(Elsewhere::Archive("a/x.FSPROJECT".to_owned()))
        );
        assert_eq!(find(&["files/0_x.fsproject", "data.xml.txt"]), None);
    }
}
