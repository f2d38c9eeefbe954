//! What a file is that is no ZIP. People meet the same few: a download that brought a login page, a
//! pointer instead of the file, the shadow that a Mac leaves beside it. Each has its own way out, so
//! each is told by its first bytes. Nothing of what stands in the file is repeated.

use std::fmt;

/// Bytes that are looked at: enough for what stands before a page's first tag, and for the magic of
/// tar.
pub(in crate::archive) const FIRST: usize = 1024;

/// A file that is no ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    look: Look,
    /// Its first bytes, at most eight.
    first: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
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
    pub(in crate::archive) fn of(bytes: &[u8]) -> Self {
        Self {
            look: look(bytes),
            first: bytes.iter().take(8).copied().collect(),
        }
    }

    /// Whether it is an archive of another kind.
    pub const fn is_packed(&self) -> bool {
        matches!(self.look, Look::Packed(_))
    }

    /// Whether it tells nothing of where it comes from.
    pub const fn is_unknown(&self) -> bool {
        matches!(self.look, Look::Xml | Look::Text | Look::Unknown)
    }

    /// What to do about it.
    pub(in crate::archive) const fn help(&self) -> &'static str {
        match self.look {
            Look::Empty | Look::Zeros => {
                "the file was not transferred completely; copy or export it again"
            }
            Look::AppleDouble => {
                "macOS puts such files beside the real ones on disks and in ZIPs that are not its own; \
                 give the file of the same name without ._"
            }
            Look::GitLfs => "fetch the file itself with: git lfs pull",
            Look::GitAnnex => "fetch the file itself with: git annex get",
            Look::Html => {
                "the download was answered with a page, as a rule because nobody was signed in; sign in \
                 or send a token, and download it again"
            }
            Look::Json => {
                "the download was answered with a message, as a rule an error; read it with a text \
                 editor, and download the archive again"
            }
            Look::Packed(_) => "unpack it, and give the archive in it",
            Look::Xml | Look::Text | Look::Unknown => "give the archive itself, as it was exported",
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.look {
            Look::Empty => return f.write_str("the file is empty"),
            Look::AppleDouble => {
                return f.write_str("what macOS notes about another file (AppleDouble)");
            }
            Look::GitLfs => return f.write_str("a pointer of Git LFS in place of the file"),
            Look::GitAnnex => return f.write_str("a pointer of git-annex in place of the file"),
            Look::Html => return f.write_str("a web page (HTML)"),
            Look::Json => return f.write_str("a message for a program (JSON)"),
            Look::Zeros => " (zeros)",
            Look::Xml => " (XML)",
            Look::Text => " (text)",
            Look::Unknown => "",
            Look::Packed(name) => &format!(" ({name})"),
        };
        let hex: Vec<_> = self.first.iter().map(|b| format!("{b:02x}")).collect();
        write!(f, "first bytes {}{what}", hex.join(" "))
    }
}

fn look(bytes: &[u8]) -> Look {
    match bytes {
        [] => return Look::Empty,
        // Documented: RFC 1740; the last digit is another for AppleSingle.
        [0, 5, 0x16, 0 | 7, ..] => return Look::AppleDouble,
        [0x1f, 0x8b, ..] => return Look::Packed("gzip"),
        [b'7', b'z', 0xbc, 0xaf, ..] => return Look::Packed("7z"),
        [b'R', b'a', b'r', b'!', ..] => return Look::Packed("rar"),
        [b'B', b'Z', b'h', ..] => return Look::Packed("bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => return Look::Packed("xz"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => return Look::Packed("zstd"),
        bytes if bytes.iter().all(|b| *b == 0) => return Look::Zeros,
        bytes if bytes.get(257..262) == Some(b"ustar") => return Look::Packed("tar"),
        _ => {}
    }
    let text = text(bytes);
    let has = |start: &str| {
        let beginning = text.get(..start.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
    };
    if has("version https://git-lfs.github.com/spec/") {
        Look::GitLfs
    } else if text.contains("/annex/objects/") {
        Look::GitAnnex
    } else if is_page(&text) {
        Look::Html
    } else if has("<") {
        Look::Xml
    } else if is_json(&text) {
        Look::Json
    } else if is_text(bytes) {
        Look::Text
    } else {
        Look::Unknown
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
        for (bytes, look) in [
            (&b""[..], Look::Empty),
            (b"\0\0\0", Look::Zeros),
            (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", Look::AppleDouble),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
                Look::GitLfs,
            ),
            (b"/annex/objects/SHA256E-s1--0.fsproject\n", Look::GitAnnex),
            (b"../.git/annex/objects/xx/yy/SHA256E-s1--0", Look::GitAnnex),
            (b"\r\n<!DOCTYPE HTML PUBLIC \"-//W3C\">\n<html>", Look::Html),
            (b"\xef\xbb\xbf<!-- sign in --><html lang=en>", Look::Html),
            (b"<?xml version=\"1.0\"?><!DOCTYPE html>", Look::Html),
            (b"<?xml version=\"1.0\"?><error>", Look::Xml),
            (b" {\"statusInfo\":{\"message\":\"SECRET\"}}", Look::Json),
            (b"[\n  {", Look::Json),
            (b"{}", Look::Json),
            (&utf16, Look::Json),
            (b"[section]\nkey=value", Look::Text),
            (b"Not Found", Look::Text),
            (&tar, Look::Packed("tar")),
            (b"\x28\xb5\x2f\xfd\x01", Look::Packed("zstd")),
            (b"\x7fELF", Look::Unknown),
        ] {
            let looks = Looks::of(bytes);
            assert_eq!(looks.look, look, "{bytes:?}");
            assert!(!looks.to_string().contains("SECRET"));
        }
    }
}
