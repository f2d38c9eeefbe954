//! `project.yml` in all the ways YAML can be written.

use super::super::support::small::PROJECT;
use super::Fate::{self, Refused, Upgraded};
use super::{cases, with};

const MALFORMED: Fate = Refused("project.yml is not well-formed");

fn yaml(text: impl AsRef<[u8]>) -> Vec<u8> {
    with(|it| it.part("project.yml").fill(text.as_ref()))
}

fn replaced(mark: &str, text: &str) -> Vec<u8> {
    assert!(PROJECT.contains(mark), "no {mark}");
    yaml(PROJECT.replacen(mark, text, 1))
}

const LINE: &str = "  - mira/Workspace App - tree\n";

cases! {
    an_empty_project_yml: Upgraded, || yaml("");
    a_project_yml_of_a_word: Upgraded, || yaml("hello");
    not_utf8: Refused("it is not UTF-8"), || yaml(b"uid: \xff\n");
    utf16_yaml: Refused("it is not UTF-8"), || yaml(b"\xff\xfeu\0i\0d\0");
    a_bom_in_yaml: Upgraded, || yaml(format!("\u{feff}{PROJECT}"));
    a_nul_in_yaml: MALFORMED, || replaced("name: small", "name: sm\0all");
    tabs_as_indentation: MALFORMED, || replaced("  tokens:", "\ttokens:");
    a_bracket_that_stays_open: MALFORMED, || replaced("name: small", "name: [small");
    a_quote_that_stays_open: MALFORMED, || replaced("name: small", "name: \"small");
    an_alias_nobody_declared: MALFORMED, || replaced("name: small", "name: *evil");
    anchors_and_aliases: Refused("does not have lines of its own"),
        || replaced(LINE, "  - &a mira/Workspace App - tree\n  - *a\n");
    an_alias_bomb: Upgraded, || {
        let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (one, next) in "abcdefghi".chars().zip("bcdefghij".chars()) {
            text += &format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 9].join(", "));
        }
        yaml(text + PROJECT)
    };
    a_million_flow_levels: MALFORMED, || yaml("[".repeat(1_000_000));
    a_million_block_levels: Refused("more than 64 nested lists"), || yaml("- ".repeat(500_000) + "x");
    a_thousand_mappings_deep: MALFORMED, || {
        yaml((0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>() + "]")
    };
    names_on_one_line: Refused("does not have lines of its own"),
        || replaced(&format!("tokens:\n{LINE}"), "tokens: [mira/Workspace App - tree]\n");
    a_block_scalar: Upgraded, || replaced("name: small", "name: |\n  tokens:\n  - mira/Workspace App - tree");
    a_folded_name: Upgraded, || replaced(LINE, "  - mira/Workspace App -\n    tree\n");
    a_name_in_single_quotes: Upgraded, || replaced(LINE, "  - 'mira/Workspace App - tree'\n");
    a_name_in_double_quotes: Upgraded, || replaced(LINE, "  - \"mira/Workspace \\x41pp - tree\"\n");
    a_name_as_a_literal_block: Refused("does not have lines of its own"), || replaced(LINE, "  - |-\n    mira/Workspace App - tree\n");
    a_name_as_a_folded_block: Refused("does not have lines of its own"), || replaced(LINE, "  - >-\n    mira/Workspace\n    App - tree\n");
    a_name_with_a_tag: Refused("does not have lines of its own"),
        || replaced(LINE, "  - !!str mira/Workspace App - tree\n");
    a_name_with_a_comment: Upgraded, || replaced(LINE, "  - mira/Workspace App - tree # mine\n");
    comments_everywhere: Upgraded, || replaced(LINE, &format!("  # one\n{LINE}  # two\n"));
    a_key_that_is_there_twice: Refused("twice"), || yaml(format!("minimum_fme_build: 1\n{PROJECT}"));
    a_list_that_is_there_twice: Refused("twice"), || replaced("  users:", "  tokens:\n  - x/y\n  users:");
    a_minimum_build_in_quotes: Upgraded, || replaced("25609", "'25609'");
    a_minimum_build_that_is_none: Refused("not written in plain digits"), || replaced("25609", "soon");
    a_minimum_build_that_is_a_list: Refused("not written in plain digits"), || replaced("25609", "[25609]");
    a_second_document: Upgraded, || yaml(format!("{PROJECT}---\nother: 1\n"));
    a_directive: Upgraded, || yaml(format!("%YAML 1.2\n---\n{PROJECT}"));
    a_merge_key: Upgraded, || yaml(format!("{PROJECT}x: &x {{a: 1}}\ny:\n  <<: *x\n"));
    line_ends_of_windows_in_yaml: Upgraded, || yaml(PROJECT.replace('\n', "\r\n"));
    a_line_end_of_yaml_1_1: Refused("a character that ends a line for readers of YAML 1.1"),
        || replaced("name: small", "name: small # x\u{2028}  tokens:");
    line_ends_of_old_macs: Refused("does not have lines of its own"), || yaml(PROJECT.replace('\n', "\r"));
    no_line_end_at_the_end: Upgraded, || yaml(PROJECT.trim_end());
}
