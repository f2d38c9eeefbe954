//! `docs/findings.md`, a page for each code: what a finding means, without a network.

/// The document; a checkout may have made its line ends anything.
const DOCUMENT: &str = include_str!("../../docs/findings.md");

/// What a finding means: its code, and its text in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingPage {
    /// The code.
    pub code: &'static str,
    /// Paragraphs; lines of one belong together.
    pub text: &'static str,
}

/// All pages, in the document's order.
pub fn pages() -> impl Iterator<Item = FindingPage> {
    DOCUMENT.split("\n### ").skip(1).filter_map(|section| {
        let (code, rest) = section.split_once('\n')?;
        let text = rest.split("\n## ").next()?;
        Some(FindingPage {
            code: code.trim(),
            text: text.trim(),
        })
    })
}

/// The page of a code, or of its number in the task log.
pub fn page(name: &str) -> Option<FindingPage> {
    let number = format!("· {name}. ");
    let is_number = name.len() == 6 && name.bytes().all(|byte| byte.is_ascii_digit());
    pages().find(|page| page.code == name || is_number && page.text.contains(&number))
}

impl FindingPage {
    /// Its paragraphs as plain text: without stars and the targets of links.
    pub fn paragraphs(&self) -> Vec<String> {
        let text = self.text.replace("\r\n", "\n");
        let paragraphs = text.split("\n\n");
        let plain = paragraphs.map(|paragraph| {
            let words: Vec<_> = paragraph.split_whitespace().collect();
            without_links(&words.join(" ").replace('*', ""))
        });
        plain.collect()
    }
}

/// `[text](target)` becomes `text`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let parts = link.split_once("](");
        let parts = parts.and_then(|(shown, target)| Some((shown, target.split_once(')')?.1)));
        let Some((shown, after)) = parts else { break };
        plain += before;
        plain += shown;
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_code_and_by_its_number() {
        let by_code = page("token-missing").unwrap();
        assert_eq!(page("926111"), Some(by_code));
        assert!(by_code.text.starts_with("`WARN` · 926111."), "{by_code:?}");
        assert_eq!(page("no-such-code"), None);
        assert_eq!(page("92611"), None);
    }

    #[test]
    fn links_become_their_words() {
        let text = "as ([role-kept](#role-kept)) says, [1] stays";
        assert_eq!(without_links(text), "as (role-kept) says, [1] stays");
    }
}
