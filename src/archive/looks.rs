//! What a file is that is no ZIP. People meet the same few: a download that brought a login page, a
//! pointer instead of the file, the shadow that a Mac leaves beside it. Each has its own way out, so
//! each is told by its first bytes. Nothing of what stands in the file is repeated.

use std::fmt;

/// Bytes that are looked at: enough for what stands before a page's first tag, and for the magic of
/// tar.
pub(super) const FIRST: usize = 1024;

/// A file that is no ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    kind: Kind,
    /// Its first bytes, at most eight.
    first: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    Zeros,
    AppleDouble,
    GitLfs,
    GitAnnex,
    Html,
    Json,
    Xml,
    Packed(&'static str),
    Text,
    Unknown,
}

impl Looks {
    /// By its first bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            kind: kind(bytes),
            first: bytes.iter().take(8).copied().collect(),
        }
    }

    /// What to do about it.
    pub(super) const fn help(&self) -> &'static str {
        match self.kind {
            Kind::Empty | Kind::Zeros => {
                "the file was not transferred completely; copy or export it again"
            }
            Kind::AppleDouble => {
                "macOS puts such files beside the real ones on disks and in ZIPs that are not its own; \
                 give the file of the same name without ._"
            }
            Kind::GitLfs => "fetch the file itself with: git lfs pull",
            Kind::GitAnnex => "fetch the file itself with: git annex get",
            Kind::Html => {
                "the download was answered with a page, as a rule because nobody was signed in; sign in \
                 or send a token, and download it again"
            }
            Kind::Json => {
                "the download was answered with a message, as a rule an error; read it with a text \
                 editor, and download the archive again"
            }
            Kind::Packed(_) => "unpack it, and give the .fsproject or .fsconfig file in it",
            Kind::Xml | Kind::Text | Kind::Unknown => {
                "give the .fsproject or .fsconfig file as FME Flow wrote it"
            }
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Empty => return f.write_str("the file is empty"),
            Kind::AppleDouble => {
                return f.write_str("what macOS notes about another file (AppleDouble)");
            }
            Kind::GitLfs => return f.write_str("a pointer of Git LFS in place of the file"),
            Kind::GitAnnex => return f.write_str("a pointer of git-annex in place of the file"),
            Kind::Html => return f.write_str("a web page (HTML)"),
            Kind::Json => return f.write_str("a message for a program (JSON)"),
            Kind::Zeros => " (zeros)",
            Kind::Xml => " (XML)",
            Kind::Text => " (text)",
            Kind::Unknown => "",
            Kind::Packed(name) => &format!(" ({name})"),
        };
        let hex: Vec<_> = self.first.iter().map(|b| format!("{b:02x}")).collect();
        write!(f, "first bytes {}{what}", hex.join(" "))
    }
}

fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [] => return Kind::Empty,
        // Documented: RFC 1740; the last digit is another for AppleSingle.
        [0, 5, 0x16, 0 | 7, ..] => return Kind::AppleDouble,
        [0x1f, 0x8b, ..] => return Kind::Packed("gzip"),
        [b'7', b'z', 0xbc, 0xaf, ..] => return Kind::Packed("7z"),
        [b'R', b'a', b'r', b'!', ..] => return Kind::Packed("rar"),
        [b'B', b'Z', b'h', ..] => return Kind::Packed("bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => return Kind::Packed("xz"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => return Kind::Packed("zstd"),
        bytes if bytes.iter().all(|b| *b == 0) => return Kind::Zeros,
        bytes if bytes.get(257..262) == Some(b"ustar") => return Kind::Packed("tar"),
        _ => {}
    }
    let text = text(bytes);
    let has = |start: &str| {
        let beginning = text.get(..start.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
    };
    if has("version https://git-lfs.github.com/spec/") {
        Kind::GitLfs
    } else if text.contains("/annex/objects/") {
        Kind::GitAnnex
    } else if is_page(&text) {
        Kind::Html
    } else if has("<") {
        Kind::Xml
    } else if is_json(&text) {
        Kind::Json
    } else if is_text(bytes) {
        Kind::Text
    } else {
        Kind::Unknown
    }
}

/// The beginning as text, without blanks and byte order mark. UTF-16, as PowerShell writes what it
/// downloads with `>`, is read as well as ASCII needs.
fn text(bytes: &[u8]) -> String {
    let bytes = match bytes {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => {
            rest.iter().filter(|b| **b != 0).copied().collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        bytes => bytes.to_vec(),
    };
    String::from_utf8_lossy(&bytes).trim_start().to_owned()
}

/// A page, with comments or a declaration before its first tag or without.
fn is_page(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let tags = ["<!doctype html", "<html", "<head", "<body", "<title"];
    text.starts_with('<') && tags.iter().any(|tag| text.contains(tag))
}

fn is_json(text: &str) -> bool {
    let mut rest = text.chars().filter(|it| !it.is_whitespace());
    matches!(
        (rest.next(), rest.next()),
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | '"' | ']'))
    )
}

fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.iter().take(8);
    first
        .into_iter()
        .all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_give_by_mistake_is_told_by_its_first_bytes() {
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("{\"message\"".bytes().flat_map(|b| [b, 0]))
            .collect();
        let mut tar = vec![b'x'; 600];
        tar[257..262].copy_from_slice(b"ustar");
        for (bytes, kind) in [
            (&b""[..], Kind::Empty),
            (b"\0\0\0", Kind::Zeros),
            (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", Kind::AppleDouble),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
                Kind::GitLfs,
            ),
            (b"/annex/objects/SHA256E-s1--0.fsproject\n", Kind::GitAnnex),
            (b"../.git/annex/objects/xx/yy/SHA256E-s1--0", Kind::GitAnnex),
            (b"\r\n<!DOCTYPE HTML PUBLIC \"-//W3C\">\n<html>", Kind::Html),
            (b"\xef\xbb\xbf<!-- sign in --><html lang=en>", Kind::Html),
            (b"<?xml version=\"1.0\"?><!DOCTYPE html>", Kind::Html),
            (b"<?xml version=\"1.0\"?><error>", Kind::Xml),
            (b" {\"statusInfo\":{\"message\":\"SECRET\"}}", Kind::Json),
            (b"[\n  {", Kind::Json),
            (b"{}", Kind::Json),
            (&utf16, Kind::Json),
            (b"[section]\nkey=value", Kind::Text),
            (b"Not Found", Kind::Text),
            (&tar, Kind::Packed("tar")),
            (b"\x28\xb5\x2f\xfd\x01", Kind::Packed("zstd")),
            (b"\x7fELF", Kind::Unknown),
        ] {
            let looks = Looks::of(bytes);
            assert_eq!(looks.kind, kind, "{bytes:?}");
            assert!(!looks.to_string().contains("SECRET"));
        }
    }
}
