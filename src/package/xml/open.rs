//! Which elements are open: enough to hold every end tag against its beginning, in two buffers
//! however deep the document is.

/// The names of the elements that are open, end to end in one buffer. The name of the element
/// closed last lies behind them until the next one is opened.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    names: Vec<u8>,
    /// Where the names of the open elements end.
    end: usize,
    starts: Vec<usize>,
}

impl OpenElements {
    pub(super) fn open(&mut self, name: &[u8]) {
        self.starts.push(self.end);
        self.names.truncate(self.end);
        self.names.extend_from_slice(name);
        self.end = self.names.len();
    }

    pub(super) fn close(&mut self) -> &[u8] {
        let start = self.starts.pop().unwrap_or_default();
        let end = std::mem::replace(&mut self.end, start);
        self.names.get(start..end).unwrap_or_default()
    }

    pub(super) fn last(&self) -> &[u8] {
        self.starts
            .last()
            .and_then(|&start| self.names.get(start..self.end))
            .unwrap_or_default()
    }

    pub(super) fn innermost(&self) -> Option<String> {
        (!self.is_empty()).then(|| String::from_utf8_lossy(self.last()).into_owned())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    pub(super) fn depth(&self) -> usize {
        self.starts.len()
    }
}
