//! What to look for in a text: calls of the server, transformers that make them, and tokens.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;

use super::signs::{after_separators, after_slash, ends_in_query, is_end};
use crate::finding::{Fact, Occurrence};

/// The words that begin what is looked for, in the order of [`judge`].
const WORDS: [&str; 5] = [
    "fmerest",
    "fmeapiv4",
    "token",
    "TYPE=\"FMEServer",
    "TYPE=\"FMEFlow",
];

static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let builder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS);
    builder.ok()
});

/// How much of a text is seen around a word: the longest address that is judged.
const AROUND: usize = 4096;

/// How much is read at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// How long a token is, in hexadecimal digits (seen).
const TOKEN: usize = 40;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// A call of the REST API of version 1, 2 or 3.
    OldApi,
    /// A call of version 4 with a slash at its end.
    SlashAtEnd,
    /// A request of a token.
    TokenService,
    /// A token, in an address or elsewhere.
    Token { in_address: bool },
    /// A transformer that calls the server.
    Transformer(Arc<str>),
}

/// What was found in a text: how often, and in which line first.
pub(super) type Signs = BTreeMap<Sign, (u32, u64)>;

/// Searches a text to its end, or to `end` in it.
///
/// # Errors
/// When it cannot be read.
pub(super) fn search(mut text: impl Read, end: Option<&[u8]>) -> io::Result<Signs> {
    let (mut signs, mut line) = (Signs::new(), 1);
    let mut buffer = Vec::with_capacity(CHUNK + 2 * AROUND);
    // Where that begins in the buffer which was not judged yet.
    let mut from = 0;
    loop {
        let read = text.by_ref().take(CHUNK as u64).read_to_end(&mut buffer)?;
        let ended = end.and_then(|end| memchr::memmem::find(&buffer, end));
        if let Some(end) = ended {
            buffer.truncate(end);
        }
        let is_last = read < CHUNK || ended.is_some();
        let to = if is_last {
            buffer.len()
        } else {
            buffer.len().saturating_sub(AROUND).max(from)
        };
        for (at, sign) in found(&buffer, from, to) {
            let before = buffer.get(from..at).unwrap_or_default();
            let first = line + memchr::memchr_iter(b'\n', before).count() as u64;
            let (count, _) = signs.entry(sign).or_insert((0, first));
            *count = count.saturating_add(1);
        }
        if is_last {
            return Ok(signs);
        }
        let judged = buffer.get(from..to).unwrap_or_default();
        line += memchr::memchr_iter(b'\n', judged).count() as u64;
        let kept = to.saturating_sub(AROUND);
        buffer.drain(..kept);
        from = to - kept;
    }
}

/// What begins between `from` and `to`.
fn found(text: &[u8], from: usize, to: usize) -> Vec<(usize, Sign)> {
    let Some(matcher) = &*MATCHER else {
        return Vec::new();
    };
    let rest = text.get(from..).unwrap_or_default();
    let words = matcher.find_iter(rest);
    let begun = words.take_while(|it| from + it.start() < to);
    let judged = begun.filter_map(|it| {
        let (start, end) = (from + it.start(), from + it.end());
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        Some((start, judge(it.pattern().as_usize(), before, after)?))
    });
    judged.collect()
}

/// What the word `number` is, by what stands around it.
fn judge(number: usize, before: &[u8], after: &[u8]) -> Option<Sign> {
    match number {
        0 => {
            let version = after_slash(after)?;
            let is_old = matches!(version, [b'v' | b'V', b'1'..=b'3', rest @ ..]
                if !rest.first().is_some_and(u8::is_ascii_alphanumeric));
            is_old.then_some(Sign::OldApi)
        }
        1 => ends_in_slash(after).then_some(Sign::SlashAtEnd),
        2 => token(before, after),
        _ => {
            let end = after.iter().position(|it| !it.is_ascii_alphanumeric())?;
            let rest = str::from_utf8(after.get(..end)?).ok()?;
            let maker = if number == 3 { "FMEServer" } else { "FMEFlow" };
            Some(Sign::Transformer(format!("{maker}{rest}").into()))
        }
    }
}

/// What the word `token` is: the token service, or the name of a token's value.
fn token(before: &[u8], after: &[u8]) -> Option<Sign> {
    let start = before.len().saturating_sub(3);
    let is_fme = before
        .get(start..)
        .is_some_and(|it| it.eq_ignore_ascii_case(b"fme"));
    let request = after_slash(after).filter(|_| is_fme);
    let request = request.and_then(|request| request.get(..8));
    if request.is_some_and(|it| it.eq_ignore_ascii_case(b"generate")) {
        return Some(Sign::TokenService);
    }
    let value = after_separators(after)?;
    let digits = value.iter().take_while(|it| it.is_ascii_hexdigit());
    let end = if is_fme { start } else { before.len() };
    let parameter = before.get(..end).unwrap_or_default();
    (digits.count() == TOKEN).then(|| Sign::Token {
        in_address: ends_in_query(parameter),
    })
}

/// Whether the address that goes on here has a part after its version, and a slash at its end.
fn ends_in_slash(mut rest: &[u8]) -> bool {
    let mut parts = 0;
    while let Some(after) = after_slash(rest) {
        if is_end(after) {
            return parts > 0;
        }
        let is_of_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~$(){}@:!*+,;=|".contains(byte);
        let length = after
            .iter()
            .position(|it| !is_of_part(it))
            .unwrap_or(after.len());
        if length == 0 {
            return false;
        }
        parts += 1;
        rest = after.get(length..).unwrap_or_default();
    }
    false
}

/// What was found in `place`, told.
pub(super) fn facts(signs: Signs, place: &Arc<str>) -> impl Iterator<Item = Fact> {
    signs.into_iter().map(move |(sign, (count, line))| {
        let found = Occurrence {
            place: Arc::clone(place),
            line,
            count,
        };
        match sign {
            Sign::OldApi => Fact::OldApiCalled { found },
            Sign::SlashAtEnd => Fact::SlashAtEnd { found },
            Sign::TokenService => Fact::TokenServiceCalled { found },
            Sign::Token { in_address } => Fact::TokenInText { in_address, found },
            Sign::Transformer(transformer) => Fact::TransformerDeprecated { transformer, found },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<Sign> {
        search(text.as_bytes(), None).unwrap().into_keys().collect()
    }

    const HEX: &str = "0123456789abcdef0123456789ABCDEF01234567";

    #[test]
    fn a_call_of_an_old_version_is_found_in_every_spelling() {
        for call in [
            "https://fme/fmerest/v3/transformations",
            "\"https:\\/\\/fme\\/fmerest\\/v2\\/info\"",
            "/FMEREST<solidus>v3<solidus>healthcheck",
            "fmerest&lt;solidus&gt;V1?x",
            "fmerest%2Fv3",
        ] {
            assert_eq!(signs(call), [Sign::OldApi], "{call}");
        }
        for other in [
            "fmerest/v4/jobs",
            "fmerest",
            "fmerest/v30",
            "fmerest/apidoc",
        ] {
            assert_eq!(signs(other), [], "{other}");
        }
    }

    #[test]
    fn a_slash_ends_an_address_only_where_nothing_follows() {
        for address in [
            "\"https://fme/fmeapiv4/jobs/\"",
            "fmeapiv4<solidus>jobs<solidus><quote>",
            "fmeapiv4/jobs/?limit=1",
        ] {
            assert_eq!(signs(address), [Sign::SlashAtEnd], "{address}");
        }
        for address in [
            "\"/fmeapiv4/jobs\"",
            "\"/fmeapiv4/\"",
            "\"/fmeapiv4/jobs/\" + id",
            "/fmeapiv4/jobs/$(ID)",
            "/fmeapiv4/jobs/&lt;at&gt;Value(id)",
        ] {
            assert_eq!(signs(address), [], "{address}");
        }
    }

    #[test]
    fn a_token_is_told_by_its_name_and_its_length() {
        let in_address = |text: &str| {
            let found = signs(text);
            match &found[..] {
                [Sign::Token { in_address }] => Some(*in_address),
                _ => None,
            }
        };
        assert_eq!(
            in_address(&format!("https://fme/x?token={HEX}&a=1")),
            Some(true)
        );
        assert_eq!(in_address(&format!("x&amp;fmetoken={HEX}")), Some(true));
        assert_eq!(
            in_address(&format!("Authorization: fmetoken token={HEX}")),
            Some(false)
        );
        assert_eq!(
            in_address(&format!("{{\"token\": \"{HEX}\"}}")),
            Some(false)
        );
        assert_eq!(
            in_address(&format!("&lt;quest&gt;token&lt;equal&gt;{HEX}\"")),
            Some(true)
        );
        for other in [
            HEX.to_owned(),
            format!("token={HEX}0"),
            format!("token={}", &HEX[1..]),
            format!("tokenvalue={HEX}"),
            format!("<name>token</name><value>{HEX}</value>"),
        ] {
            assert_eq!(in_address(&other), None, "{other}");
        }
    }

    #[test]
    fn transformers_and_the_token_service_are_found() {
        let text = "#!   TYPE=\"FMEFlowResourceConnector\"\n\"fmetoken/generate.html\"";
        let found = search(text.as_bytes(), None).unwrap();
        let transformer = Sign::Transformer("FMEFlowResourceConnector".into());
        assert_eq!(found[&transformer], (1, 1));
        assert_eq!(found[&Sign::TokenService], (1, 2));
    }

    #[test]
    fn what_lies_across_two_reads_is_found_once_and_its_line_is_right() {
        for before in CHUNK - 30..CHUNK + 30 {
            let text = "x".repeat(before - 1) + "\n/fmerest/v3/" + &"y".repeat(2 * CHUNK);
            let found = search(text.as_bytes(), None).unwrap();
            assert_eq!(found[&Sign::OldApi], (1, 2), "{before}");
        }
    }

    #[test]
    fn nothing_is_looked_for_after_the_end() {
        let text = "a </WORKSPACE> fmerest/v3";
        let found = search(text.as_bytes(), Some(b"</WORKSPACE>")).unwrap();
        assert!(found.is_empty());
    }
}
