//! How much of anything is believed before it is refused, and why.
//!
//! Memory follows the number of entries and grants, never what an archive claims about itself;
//! each limit below keeps one such claim in bounds.

/// How many lists of `data.xml` are counted by `inspect`; real archives have about a hundred. What
/// comes after stays uncounted.
pub const COUNTED_LISTS: usize = 10_000;

/// Longest tag in an XML document, in bytes. FME Flow writes no XML attributes, so a tag is a name;
/// this leaves room for documents edited by other tools.
pub const XML_TAG_BYTES: usize = 64 * 1024;

/// Longest `&name;` in an XML document, in bytes; `&#x0010FFFF;` has twelve.
pub const XML_ENTITY_BYTES: usize = 16;

/// Deepest nesting of an XML document. A level of FME Flow's tree takes four elements and real
/// archives have ten levels.
pub const XML_DEPTH: usize = 1024;

/// Longest name or value that is kept from `data.xml`, in bytes. Names in FME Flow are far shorter;
/// the values that are longer (thumbnails, descriptions) are not kept.
pub const VALUE_BYTES: usize = 64 * 1024;

/// Longest line of `files.map`, in bytes: a key is made of names, an entry is at most
/// 65,535 bytes long.
pub const FILES_MAP_LINE_BYTES: usize = 1024 * 1024;

/// Largest `project.yml`, in bytes: the only document that is held in memory whole. A line for each
/// of a hundred thousand items takes less.
pub const PROJECT_YML_BYTES: u64 = 16 * 1024 * 1024;

/// Longest line of a workspace's header, in bytes, its end included. The longest seen is 16 kB;
/// choice lists and embedded scripts make lines of megabytes, and a line is held as a whole.
pub const WORKSPACE_LINE_BYTES: u64 = 16 << 20;

/// Deepest nesting of tags in a workspace's header. Six levels are seen; what nests without end
/// would otherwise take memory without end.
pub const WORKSPACE_DEPTH: usize = 64;

/// Deepest nesting of `project.yml`. FME Flow's has three levels; each level that is open takes the
/// parser hundreds of bytes of memory for two bytes of text.
pub const YAML_DEPTH: usize = 64;

/// How far from its end a file is searched for a ZIP's end record, in bytes: 22 bytes and a
/// comment of at most 65 535 stand there, the rest finds archives with something behind them.
pub const END_RECORD_SEARCH: u64 = 1 << 20;

/// Longest zip64 end record, in bytes: 56, and an extensible part that hardly anybody writes.
pub const ZIP64_END_RECORD_BYTES: u64 = 1 << 16;

/// How many differences a verification lists; it counts the others. Who sees a thousand knows that
/// the two archives have little to do with each other.
pub const DIFFERENCES: usize = 1000;
