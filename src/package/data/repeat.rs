//! Grants that say what one before has said.
//!
//! A backup has a million grants and only a few dozen different lists of permissions: most grants
//! are, but for the role, byte for byte the same as another. Those are compared with what was read
//! before instead of being read again, which takes a fifth of the time.

use std::io::Read;

use crate::package::xml::{Passage, Scanner};

/// How many lists are known at a time.
const KNOWN: usize = 16;
/// Longest passage that is kept, in bytes; a list of five permissions takes 500.
const LONGEST: usize = 4096;

/// What grants were made of, and the words for it that were read from that.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    /// Those that came up last tend to be first.
    known: Vec<(Passage, Box<[u8]>)>,
}

impl Repeats {
    /// Passes over the rest of a grant that is known, and gives the words for it.
    pub(super) fn pass<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Option<&[u8]> {
        let known = self.known.iter();
        let number = known
            .map(|(passage, _)| passage)
            .position(|passage| scanner.repeats(passage))?;
        self.known.swap(0, number);
        self.known.first().map(|(_, words)| &**words)
    }

    /// Keeps what a grant was made of, in place of what has not come up for long.
    pub(super) fn keep(&mut self, passage: Passage, words: &[u8]) {
        if passage.len() <= LONGEST {
            self.known.truncate(KNOWN - 1);
            self.known.push((passage, words.into()));
            let last = self.known.len() - 1;
            self.known.swap(0, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::limits::Limits;
    use crate::package::data::read;

    /// Who holds a grant, the lists of permissions it holds, and what else stands in it.
    type Grant = (u8, Vec<Vec<&'static str>>, &'static str);

    fn grant() -> impl Strategy<Value = Grant> {
        let words = prop::sample::subsequence(vec!["READ", "WRITE", "RUN"], 0..=3);
        let odd = prop_oneof![
            9 => Just(""),
            1 => prop::sample::select(vec![" ", "text", "<!-- x -->", "<type>more</type>"]),
        ];
        (0..9_u8, prop::collection::vec(words, 0..3), odd)
    }

    fn list(name: &str, items: &str) -> String {
        format!(
            "<itemtypes><itemtype><name>{name}</name><items>{items}</items></itemtype></itemtypes>"
        )
    }

    fn written((role, lists, odd): &Grant) -> String {
        let lists = lists.iter().map(|words| {
            let word = |word| format!("<item><name>{word}</name><type>permissions</type></item>");
            list("permissions", &words.iter().map(word).collect::<String>())
        });
        let lists: String = lists.collect();
        format!("<item><name>{role}</name><type>role_permissions</type>{lists}{odd}</item>")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_grant_that_repeats_another_says_what_it_says_by_itself(
            few in prop::collection::vec(grant(), 1..40),
            order in prop::collection::vec(any::<prop::sample::Index>(), 1..1000),
        ) {
            let grants: Vec<&Grant> = order.iter().map(|index| index.get(&few)).collect();
            // The same lists deeper and less deep.
            let (of_item, general) = grants.split_at(grants.len() / 2);
            let all = |grants: &[&Grant]| grants.iter().map(|grant| written(grant)).collect::<String>();
            let item = list("role_permissions", &all(of_item));
            let resources = list("app_resources", &format!("<item><name>r</name>{item}</item>"));
            let general = list("role_permissions", &all(general));
            let category = format!("<item><name>c</name>{resources}{general}</item>");
            let security = list("app_resource_categories", &category);
            let security = format!("<item><name>security</name>{security}</item>");
            let document = format!("<package>{}</package>", list("categories", &security));

            let data = read(document.as_bytes(), Limits::default()).unwrap();
            let mut found = data.grants;
            found.sort_by_key(|grant| grant.place.span);
            prop_assert_eq!(found.len(), grants.len());
            for (found, grant) in found.iter().zip(grants) {
                let (role, lists, _) = grant;
                let mut words = lists.concat();
                words.sort_unstable();
                words.dedup();
                prop_assert_eq!(data.keys.text(found.role), role.to_string());
                prop_assert_eq!(found.permissions.iter().collect::<Vec<_>>(), words);
                let at = |position: u64| usize::try_from(position).unwrap();
                let span = found.place.span;
                prop_assert_eq!(&document[at(span.start)..at(span.end)], written(grant));
            }
        }
    }
}
