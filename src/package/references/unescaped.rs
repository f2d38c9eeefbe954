//! A text without its escapes: those of JSON and YAML, of XML, of addresses, and FME's own (`<space>`), in
//! each other as deep as they may be. A name is looked for in a text after both have been through this,
//! so it does not matter that a name may hold what looks like an escape.

/// A text that is told in pieces.
#[derive(Debug, Default)]
pub(super) struct Unescaped {
    text: Vec<u8>,
    /// What may be the beginning of an escape.
    open: Vec<u8>,
    /// The first half of a character that takes two `\uXXXX`.
    half: Option<u32>,
}

/// What an escape that is not over may come to.
enum Read {
    More,
    Byte(u8),
    /// The code of a character, or of half of one.
    Code(u32),
    /// It is none.
    Text,
}

impl Unescaped {
    /// Reads the next piece; gives it with the last `kept` bytes before it, for what begins in one
    /// piece may end in the next.
    pub(super) fn read(&mut self, piece: &[u8], kept: usize) -> &[u8] {
        self.text.drain(..self.text.len().saturating_sub(kept));
        if self.open.is_empty() && !has_escapes(piece) {
            self.text.extend_from_slice(piece);
        } else {
            for &byte in piece {
                self.byte(byte);
            }
        }
        &self.text
    }

    /// The rest of the text, which is over, after its last `kept` bytes.
    pub(super) fn end(&mut self, kept: usize) -> &[u8] {
        self.text.drain(..self.text.len().saturating_sub(kept));
        let open = std::mem::take(&mut self.open);
        self.text.extend(open.iter().filter(|it| **it != b'\\'));
        &self.text
    }

    fn byte(&mut self, byte: u8) {
        if self.open.is_empty() && !is_sign(byte) {
            self.half = None;
            return self.text.push(byte);
        }
        self.open.push(byte);
        match escape(&self.open) {
            Read::More => {}
            Read::Byte(byte) => {
                self.open.clear();
                self.again(byte);
            }
            Read::Code(code) => {
                self.open.clear();
                self.code(code);
            }
            Read::Text => {
                let text = std::mem::take(&mut self.open);
                let (sign, rest) = text.split_at(1);
                // A backslash before anything else stands for nothing.
                self.text.extend(sign.iter().filter(|it| **it != b'\\'));
                for &byte in rest {
                    self.byte(byte);
                }
            }
        }
    }

    /// What an escape stands for may begin one itself; a backslash is one with those that follow.
    fn again(&mut self, byte: u8) {
        if is_sign(byte) {
            self.open.push(byte);
        } else {
            self.text.push(byte);
        }
    }

    fn code(&mut self, code: u32) {
        let half = self.half.take();
        let whole = match (half, code) {
            (_, 0xD800..0xDC00) => {
                self.half = Some(code);
                return;
            }
            (Some(half), 0xDC00..0xE000) => 0x1_0000 + ((half - 0xD800) << 10) + (code - 0xDC00),
            _ => code,
        };
        let whole = char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER);
        match u8::try_from(whole) {
            Ok(byte) if byte.is_ascii() => self.again(byte),
            _ => {
                let mut bytes = [0; 4];
                let bytes = whole.encode_utf8(&mut bytes).as_bytes();
                self.text.extend_from_slice(bytes);
            }
        }
    }
}

/// The longest that is read as an escape, in bytes.
const LONGEST: usize = 16;

/// What an escape begins with.
const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'&' | b'<')
}

pub(super) fn has_escapes(text: &[u8]) -> bool {
    memchr::memchr2(b'\\', b'%', text).is_some() || memchr::memchr2(b'&', b'<', text).is_some()
}

fn escape(text: &[u8]) -> Read {
    match text {
        [_] => Read::More,
        // However many backslashes there are: a text within a text has more of them.
        [b'\\', b'\\'] => Read::Byte(b'\\'),
        [b'\\', b'n' | b'r' | b't'] => Read::Byte(b' '),
        [b'\\', b'x', digits @ ..] => code(digits, 2),
        [b'\\', b'u', digits @ ..] => code(digits, 4),
        [b'%', digits @ ..] => match code(digits, 2) {
            // Of a character it is a byte.
            Read::Code(code) => u8::try_from(code).map_or(Read::Text, Read::Byte),
            other => other,
        },
        [b'&', name @ .., b';'] => named(name, REFERENCES),
        [b'<', name @ .., b'>'] => named(name, FME),
        [b'&' | b'<', .., last] if is_of_name(*last) && text.len() < LONGEST => Read::More,
        _ => Read::Text,
    }
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'#'
}

/// A number of exactly `count` digits, of sixteen.
fn code(digits: &[u8], count: usize) -> Read {
    match number(digits, 16) {
        Some(code) if digits.len() == count => Read::Code(code),
        Some(_) => Read::More,
        None if digits.is_empty() => Read::More,
        None => Read::Text,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let is_number = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = str::from_utf8(digits).ok().filter(|_| is_number)?;
    u32::from_str_radix(digits, radix).ok()
}

/// A character with a name, or a number in its place.
fn named(name: &[u8], known: &[(&str, u8)]) -> Read {
    let code = match name {
        [b'#', b'x' | b'X', digits @ ..] | [b'u', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    };
    let byte = known.iter().find(|(known, _)| known.as_bytes() == name);
    match (code, byte) {
        (Some(code), _) => Read::Code(code),
        (_, Some((_, byte))) => Read::Byte(*byte),
        _ => Read::Text,
    }
}

/// The references of XML, and the one that HTML has for a blank.
const REFERENCES: &[(&str, u8)] = &[
    ("amp", b'&'),
    ("lt", b'<'),
    ("gt", b'>'),
    ("quot", b'"'),
    ("apos", b'\''),
    ("nbsp", b' '),
];

/// How FME writes characters that mean something to it (seen in the parameters of subscriptions).
const FME: &[(&str, u8)] = &[
    ("space", b' '),
    ("solidus", b'/'),
    ("backslash", b'\\'),
    ("comma", b','),
    ("semicolon", b';'),
    ("colon", b':'),
    ("equal", b'='),
    ("quote", b'"'),
    ("apos", b'\''),
    ("amp", b'&'),
    ("quest", b'?'),
    ("percent", b'%'),
    ("dollar", b'$'),
    ("at", b'@'),
    ("lt", b'<'),
    ("gt", b'>'),
    ("openparen", b'('),
    ("closeparen", b')'),
    ("openbracket", b'['),
    ("closebracket", b']'),
    ("opencurly", b'{'),
    ("closecurly", b'}'),
    ("tab", b' '),
    ("lf", b' '),
    ("cr", b' '),
];
