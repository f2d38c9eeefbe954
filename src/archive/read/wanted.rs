//! Which entries whoever opens an archive reads by name. They are held to stricter rules than the rest.

/// What is read by name.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Names of entries that stand in no folder and are rewritten. Each is there once at most, spelt
    /// exactly like this, and can be unpacked.
    pub documents: &'static [&'static str],
    /// How the names of entries end that are looked up later; ASCII case does not count.
    pub looked_up: &'static str,
}

impl Wanted {
    /// The document that an entry of this name becomes when it is unpacked, on any system: some ignore
    /// ASCII case, take `\` for `/`, or drop full stops and blanks at the end.
    pub(in crate::archive) fn document(&self, name: &[u8]) -> Option<&'static str> {
        let parts = name.split(|byte| matches!(byte, b'/' | b'\\'));
        let mut parts = parts.filter(|part| !matches!(*part, b"" | b"."));
        let (Some(name), None) = (parts.next(), parts.next()) else {
            return None; // nearly all that an archive has lies in folders
        };
        let end = name.iter().rposition(|byte| !matches!(byte, b'.' | b' '))?;
        let name = name.get(..=end)?;
        let mut documents = self.documents.iter().copied();
        documents.find(|document| name.eq_ignore_ascii_case(document.as_bytes()))
    }

    /// Whether an entry of this name may be looked up later.
    pub(in crate::archive) fn may_be_looked_up(&self, name: &[u8]) -> bool {
        let start = name.len().checked_sub(self.looked_up.len());
        let end = start.and_then(|start| name.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(self.looked_up.as_bytes()))
    }
}
