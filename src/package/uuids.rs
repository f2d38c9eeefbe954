//! UUIDs, wherever they stand in a text and whatever stands beside them, for that may be an escape:
//! `%7B`, `\u003d`. With dashes or without, in braces or as a URN; a longer number may begin or end
//! with one.

use uuid::Uuid;

/// How long one is, in bytes, without dashes and with them, and where these stand.
const DIGITS: usize = 32;
const LENGTH: usize = 36;
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// Looks through a text that is told in pieces.
#[derive(Debug, Default)]
pub(crate) struct Uuids {
    /// What was read last: a UUID may begin in it.
    rest: Vec<u8>,
    /// Where that begins in the text.
    at: u64,
}

impl Uuids {
    /// Reads the next piece; tells of each UUID that ends in it, and where it begins. One may be told
    /// again.
    pub(crate) fn read(&mut self, piece: &[u8], told: &mut dyn FnMut(u64, Uuid)) {
        self.rest.extend_from_slice(piece);
        let text = &*self.rest;
        let mut tell = |start: usize, length: usize| {
            let key = text.get(start..).and_then(|from| from.get(..length));
            if let Some(key) = key.and_then(|key| Uuid::try_parse_ascii(key).ok()) {
                told(self.at + start as u64, key);
            }
        };
        with_dashes(text, &mut |start| tell(start, LENGTH));
        without(text, &mut |start| tell(start, DIGITS));
        let done = text.len().saturating_sub(LENGTH - 1);
        self.at += done as u64;
        self.rest.drain(..done);
    }
}

/// There are few dashes in a text, and every UUID has one at the same place.
fn with_dashes(text: &[u8], told: &mut dyn FnMut(usize)) {
    let [first, ..] = DASHES;
    for dash in memchr::memchr_iter(b'-', text) {
        if let Some(start) = dash.checked_sub(first)
            && DASHES.iter().all(|at| text.get(start + at) == Some(&b'-'))
        {
            told(start);
        }
    }
}

/// Of as many digits as a UUID has, one stands at every place that is a multiple of that number, so
/// hardly more bytes than these are looked at.
fn without(text: &[u8], told: &mut dyn FnMut(usize)) {
    let is_digit = |at: &usize| text.get(*at).is_some_and(u8::is_ascii_hexdigit);
    let (mut done, mut at) = (0, DIGITS - 1);
    while at < text.len() {
        let start = (done..=at).rev().take_while(is_digit).last();
        let end = (at..text.len()).find(|at| !is_digit(at));
        let end = start.map_or(at, |_| end.unwrap_or(text.len()));
        if let Some(start) = start.filter(|start| end - start >= DIGITS) {
            told(start);
            told(end - DIGITS);
        }
        done = end;
        at = end + DIGITS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Uuid = Uuid::from_u128(0x2222_2222_0000_4000_8000_0000_0000_0abc);

    /// Whether the key is found in a text that comes in pieces of `step` bytes, where it stands there.
    fn found(text: &str, step: usize) -> Vec<u64> {
        let mut uuids = Uuids::default();
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(step) {
            uuids.read(piece, &mut |at, key| {
                if key == KEY {
                    found.push(at);
                }
            });
        }
        found.dedup();
        found
    }

    #[test]
    fn one_is_found_in_every_spelling_and_in_whatever_pieces_the_text_comes() {
        let (dashes, digits) = (KEY.to_string(), KEY.simple().to_string());
        let capitals = dashes.to_uppercase();
        for text in [
            dashes.clone(),
            digits.clone(),
            capitals.clone(),
            format!("{{{capitals}}}"),
            format!("urn:uuid:{dashes}\n-"),
            format!("%7B{dashes}%7D"),
            format!("%7B{digits}%7D"),
            format!("\\u003d{digits}\\u0026"),
            format!("a-b {dashes}-x"),
            format!("{}{digits}", "f".repeat(100)),
            format!("{digits}{}", "f".repeat(100)),
            format!("{} {digits}", "f".repeat(70)),
        ] {
            for before in (0..70).chain([1000]) {
                let text = format!("{}{text}", "x".repeat(before));
                let at = text.to_lowercase();
                let at = at.find(&dashes).or_else(|| at.find(&digits)).unwrap();
                for step in [1, 2, 5, 31, 32, 33, 35, 36, 37, 64, 2000] {
                    assert_eq!(found(&text, step), [at as u64], "{text} by {step}");
                }
            }
        }
        for text in [
            &dashes[1..],
            &digits[1..],
            "22222222-0000-4000-800000000000-0abc",
        ] {
            assert_eq!(found(text, 1), [] as [u64; 0], "{text}");
        }
    }
}
