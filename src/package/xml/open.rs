//! Which elements are open: enough to hold every end tag against its beginning.

/// The names of the elements that are open.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    /// Those that are open first; behind them, the room of those that were.
    words: Vec<Word>,
    depth: usize,
    /// Names that are too long for a word, which then is [`Word::LONG`].
    long: Vec<Box<[u8]>>,
}

/// A name and the `>` behind it in one number, the first byte lowest: compared in one step, where
/// slices of any length take a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    bytes: u128,
    /// How many bits of a number belong to it.
    bits: u32,
}

impl Word {
    /// How many bytes of a document are looked at for one.
    pub(super) const BYTES: usize = 16;

    /// What `look` holds up to the first byte whose highest bit is in `marks`, that included.
    #[inline]
    pub(super) const fn up_to(look: u128, marks: u128) -> Self {
        Self {
            bytes: look & (marks ^ marks.wrapping_sub(1)),
            bits: marks.trailing_zeros() + 1,
        }
    }

    /// Stands for a name that is too long: what no name is, and nothing begins with.
    const LONG: Self = Self {
        bytes: 0,
        bits: u32::MAX,
    };

    /// A name as short as those of FME Flow.
    pub(super) const fn of(name: &[u8]) -> Self {
        if name.len() >= Self::BYTES {
            return Self::LONG;
        }
        let (mut bytes, mut bits) = (b'>' as u128, 8);
        let mut rest = name;
        while let Some((last, before)) = rest.split_last() {
            (bytes, bits) = (bytes << 8 | *last as u128, bits + 8);
            rest = before;
        }
        Self { bytes, bits }
    }

    /// Whether `look` begins with it.
    #[inline]
    pub(super) const fn begins(self, look: u128) -> bool {
        (look ^ self.bytes).trailing_zeros() >= self.bits
    }

    /// Whether it is a name and a `>`, and not another byte.
    pub(super) const fn is_name(self) -> bool {
        self.bits > 8 && self.bytes >> (self.bits - 8) == b'>' as u128
    }

    /// Length of the name in bytes.
    #[inline]
    pub(super) const fn length(self) -> usize {
        (self.bits / 8 - 1) as usize
    }
}

impl OpenElements {
    pub(super) fn open(&mut self, name: &[u8]) {
        let word = Word::of(name);
        if word == Word::LONG {
            self.long.push(name.into());
        }
        self.open_word(word);
    }

    #[inline]
    pub(super) fn open_word(&mut self, word: Word) {
        // Written where it belongs; pushed, it would go through memory twice.
        match self.words.get_mut(self.depth) {
            Some(room) => *room = word,
            None => self.words.push(word),
        }
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        if self.last() == Some(Word::LONG) {
            self.long.pop();
        }
        self.close_word();
    }

    /// Closes an element whose name is short.
    #[inline]
    pub(super) const fn close_word(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    #[inline]
    fn last(&self) -> Option<Word> {
        self.words.get(self.depth.checked_sub(1)?).copied()
    }

    /// Whether the innermost element is called `name`.
    pub(super) fn is_innermost(&self, name: &[u8]) -> bool {
        match self.last() {
            Some(Word::LONG) => self.long.last().is_some_and(|own| **own == *name),
            own => own == Some(Word::of(name)),
        }
    }

    /// Length of the innermost element's name, if that is short and `look` begins with it and a `>`.
    #[inline]
    pub(super) fn ends_with(&self, look: u128) -> Option<usize> {
        let word = self.last()?;
        word.begins(look).then(|| word.length())
    }

    /// The innermost element's name, for people.
    pub(super) fn innermost(&self) -> Option<String> {
        let word = self.last()?;
        let bytes = word.bytes.to_le_bytes();
        let name = match word {
            Word::LONG => self.long.last().map(|name| &**name),
            word => bytes.get(..word.length()),
        };
        Some(String::from_utf8_lossy(name.unwrap_or_default()).into_owned())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.depth == 0
    }

    pub(super) const fn depth(&self) -> usize {
        self.depth
    }
}
