//! Ends that are missing, lie, or have something behind them.

use super::super::support::small::small;
use super::super::support::surgery::Parts;
use super::Fate::{Refused, Upgraded};
use super::{cases, patched, patched_of, put, with};

fn zip64() -> Parts {
    Parts {
        zip64_end: true,
        ..small()
    }
}

/// The small project up to a place.
fn cut(at: impl FnOnce(&super::Places) -> usize) -> Vec<u8> {
    patched(|bytes, places| bytes.truncate(at(places)))
}

cases! {
    nothing_at_all: Refused("the file is empty"), Vec::new;
    not_a_zip: Refused("not a ZIP"), || b"hello, world".to_vec();
    cut_within_the_first_header: Refused("truncated"), || cut(|_| 20);
    cut_after_the_first_header: Refused("truncated"), || cut(|_| 44);
    cut_within_the_data: Refused("truncated"), || cut(|p| p.entries[1] + 100);
    cut_before_a_descriptor: Refused("truncated"), || cut(|p| p.entries[2] - 16);
    cut_within_a_descriptor: Refused("truncated"), || cut(|p| p.entries[2] - 7);
    cut_between_entries: Refused("truncated"), || cut(|p| p.entries[3]);
    cut_before_the_directory: Refused("truncated"), || cut(|p| p.directory);
    cut_within_the_directory: Refused("truncated"), || cut(|p| p.records[2] + 11);
    cut_between_records: Refused("truncated"), || cut(|p| p.records[2]);
    cut_before_the_end_record: Refused("truncated"), || cut(|p| p.end);
    cut_within_the_end_record: Refused("truncated"), || cut(|p| p.end + 21);
    cut_before_the_zip64_locator: Refused("truncated"),
        || patched_of(&zip64(), |b, p| b.truncate(p.zip64.unwrap().1));
    cut_within_the_zip64_record: Refused("truncated"),
        || patched_of(&zip64(), |b, p| b.truncate(p.zip64.unwrap().0 + 30));
    the_beginning_is_missing: Refused("truncated"), || small().build()[30..].to_vec();
    a_piece_is_missing_in_the_middle: Refused("truncated"),
        || patched(|b, p| { b.drain(p.entries[1] + 50..p.entries[1] + 60); });
    a_prefix_that_offsets_count: Upgraded, || with(|p| p.prefix = b"#!/bin/sh\n".to_vec());
    a_prefix_that_offsets_do_not_count: Refused("10 bytes precede the archive"),
        || with(|p| { p.prefix = b"#!/bin/sh\n".to_vec(); p.prefix_uncounted = true; });
    junk_behind_the_end: Refused("bytes follow the end of the archive"),
        || with(|p| p.suffix = vec![0xff; 100]);
    a_line_end_behind_the_end: Refused("2 bytes follow"), || with(|p| p.suffix = b"\r\n".to_vec());
    two_archives_in_a_row: Refused("precede the archive"),
        || [small().build(), small().build()].concat();
    a_comment: Upgraded, || with(|p| p.comment = b"made by hand".to_vec());
    the_longest_comment: Upgraded, || with(|p| p.comment = vec![b'x'; 65_535]);
    a_comment_that_holds_an_end_record: Upgraded, || with(|p| {
        p.comment = [&b"PK\x05\x06"[..], &[0; 18], b"tail"].concat();
    });
    a_comment_that_holds_an_archive: Refused("precede the archive"),
        || with(|p| p.comment = small().build());
    a_comment_that_is_longer_than_it_says: Refused("1 bytes follow"), || patched(|b, _| b.push(b'x'));
    a_comment_that_is_shorter_than_it_says: Refused("truncated"), || patched(|b, p| put(b, p.end + 20, [9, 0]));
    one_entry_too_few: Refused("wrong number of entries: got 6, the end record says 5"),
        || patched(|b, p| put(b, p.end + 8, [5, 0, 5, 0]));
    one_entry_too_many: Refused("wrong number of entries"), || patched(|b, p| put(b, p.end + 8, [7, 0, 7, 0]));
    sixty_five_thousand_entries: Refused("wrong number of entries"),
        || patched(|b, p| put(b, p.end + 8, [0xff; 4]));
    entries_here_and_in_all_differ: Refused("multi-disk"), || patched(|b, p| put(b, p.end + 8, [5, 0]));
    another_disk: Refused("multi-disk"), || patched(|b, p| put(b, p.end + 4, [1, 0]));
    a_directory_that_is_larger_than_it_is: Refused("truncated"),
        || patched(|b, p| { b[p.end + 12] = b[p.end + 12].wrapping_add(1); });
    a_directory_that_is_smaller_than_it_is: Refused("contradictory end records"),
        || patched(|b, p| { b[p.end + 12] = b[p.end + 12].wrapping_sub(1); });
    a_directory_that_is_said_to_be_empty: Refused("contradictory end records"),
        || patched(|b, p| put(b, p.end + 8, [0; 8]));
    a_directory_beyond_the_file: Refused("truncated"),
        || patched(|b, p| put(b, p.end + 16, [0xff, 0xff, 0xff, 0x7f]));
    a_directory_at_the_beginning: Refused("precede the archive"),
        || patched(|b, p| put(b, p.end + 16, [0; 4]));
    a_zip64_end_that_is_not_needed: Upgraded, || zip64().build();
    a_zip64_end_that_contradicts: Refused("contradictory end records"),
        || patched_of(&zip64(), |b, p| put(b, p.end + 10, [3, 0]));
    a_zip64_end_with_2_to_the_60_entries: Refused("wrong number of entries"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().0 + 24, [0, 0, 0, 0, 0, 0, 0, 0x10].repeat(2)));
    a_zip64_directory_of_2_to_the_60_bytes: Refused("truncated"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().0 + 40, [0, 0, 0, 0, 0, 0, 0, 0x10]));
    a_zip64_directory_that_wraps_around: Refused("truncated"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().0 + 48, [0xff; 8]));
    a_zip64_locator_that_points_nowhere: Refused("end record"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().1 + 8, [0xff; 8]));
    a_zip64_locator_that_points_to_itself: Refused("contradictory end records"), || patched_of(&zip64(), |b, p| {
        let at = p.zip64.unwrap().1 as u64;
        put(b, p.zip64.unwrap().1 + 8, at.to_le_bytes());
    });
    a_zip64_record_that_claims_a_length: Refused("contradictory end records"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().0 + 4, [0xff; 8]));
    a_zip64_locator_of_many_disks: Refused("multi-disk"),
        || patched_of(&zip64(), |b, p| put(b, p.zip64.unwrap().1 + 16, [2, 0, 0, 0]));
    a_zip64_mark_without_a_zip64_record: Refused("truncated"),
        || patched(|b, p| put(b, p.end + 16, [0xff; 4]));
}
