//! Archives nobody thought of.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use zip::ZipArchive;

use super::build::{Item, Packing, Zip};
use super::identity::assert_others_identical;
use super::{edits, opened, upgraded};

fn item(index: usize) -> impl Strategy<Value = Item> {
    let packing = prop_oneof![
        Just(Packing::Store),
        Just(Packing::Blocks),
        Just(Packing::Deflate)
    ];
    let bytes = |max| proptest::collection::vec(any::<u8>(), 0..max);
    (
        (
            packing,
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
        ),
        proptest::collection::vec("[a-z<>äß]{0,9}", 0..200),
        (bytes(9), bytes(9), bytes(20), bytes(20)),
        any::<bool>(),
    )
        .prop_map(
            move |(shape, words, (local, central, comment, gap), descriptor)| {
                let (packing, signed, zip64, zip64_local, zip64_central) = shape;
                let unknown =
                    |body: Vec<u8>| [&[0xfe, 0xca, body.len() as u8, 0], &body[..]].concat();
                Item {
                    packing,
                    flags: if descriptor { 0x0808 } else { 0x0800 },
                    // A second reader goes by the local header for the descriptor's width.
                    descriptor: descriptor.then_some((signed, zip64)),
                    zip64_local,
                    zip64_central,
                    local_extra: unknown(local),
                    central_extra: unknown(central),
                    comment,
                    gap,
                    ..Item::java(&format!("files/{index}_ä"), words.concat())
                }
            },
        )
}

fn archive() -> impl Strategy<Value = Zip> {
    let items = (1usize..7).prop_flat_map(|count| (0..count).map(item).collect::<Vec<_>>());
    (items, any::<bool>(), any::<bool>(), "[a-z]{0,20}").prop_map(
        |(items, zip64_end, backwards, comment)| Zip {
            items,
            zip64_end,
            backwards,
            comment: comment.into(),
            ..Zip::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn only_what_is_edited_changes(
        zip in archive(),
        picks in proptest::collection::btree_map(0usize..7, (0usize..99, 0usize..99, "[a-zß]{0,40}"), 0..4),
    ) {
        let built = zip.build();
        let source = opened(&built.bytes).unwrap();
        let mut changes = vec![];
        let mut expected = vec![];
        for (index, (at, len, text)) in picks {
            let Some(item) = zip.items.get(index) else { continue };
            let start = at.min(item.content.len());
            let end = (start + len).min(item.content.len());
            let name = std::str::from_utf8(&item.name).unwrap();
            changes.push((name, edits(&[(start as u64, end as u64, &text)])));
            expected.push([&item.content[..start], text.as_bytes(), &item.content[end..]].concat());
        }
        let (out, _) = upgraded(&source, &changes).unwrap();
        let changed: Vec<_> = changes.iter().map(|(name, _)| *name).collect();
        assert_others_identical(&zip, &built, &out, &changed);
        let mut second = ZipArchive::new(Cursor::new(&out)).unwrap();
        for (name, expected) in changed.iter().zip(&expected) {
            let mut read = vec![];
            second.by_name(name).unwrap().read_to_end(&mut read).unwrap();
            prop_assert_eq!(&read, expected);
        }
        // The room can read its own output, and finds nothing to change in it.
        let again = opened(&out).unwrap();
        prop_assert_eq!(upgraded(&again, &[]).unwrap().0, out);
    }

    #[test]
    fn no_damage_makes_it_panic(
        zip in archive(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = zip.build().bytes;
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(source) = opened(&bytes) {
            let entries: Vec<_> = source.entries().collect::<Result<_, _>>().unwrap();
            for entry in entries {
                if let Ok(mut reader) = source.read(&entry) {
                    let _ = reader.read_to_end(&mut vec![]);
                }
            }
            prop_assert_eq!(upgraded(&source, &[]).unwrap().0, bytes);
        }
    }
}
