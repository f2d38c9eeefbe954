//! Numbers that look random and are the same in every run.

/// What `position` holds in the sequence of `seed` (splitmix64).
pub(crate) const fn number(seed: u64, position: u64) -> u64 {
    let mut z = seed.wrapping_add(position.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What a UUID names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Thing {
    User = 1,
    Token,
    TokenRole,
    SpareToken,
    SpareRole,
    App,
    AutomationApp,
    GalleryApp,
    Automation,
    Project,
}

/// The UUID of the `index`th thing of its kind.
pub(crate) fn uuid(seed: u64, thing: Thing, index: u64) -> String {
    let kind = thing as u64;
    let random = number(seed ^ (kind << 56), index);
    format!(
        "{:08x}-{:04x}-4{kind:03x}-8{:03x}-{index:012x}",
        random >> 32,
        random >> 16 & 0xffff,
        random & 0xfff,
    )
}

/// `bytes` characters as base64 has them.
pub(crate) fn base64(seed: u64, bytes: u64) -> impl Iterator<Item = String> {
    const PIECE: u64 = 48 << 10;
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let piece: String = (0..PIECE.min(bytes).div_ceil(8))
        .flat_map(|at| number(seed, at).to_le_bytes())
        .filter_map(|byte| LETTERS.get(usize::from(byte & 63)))
        .map(|&letter| char::from(letter))
        .collect();
    (0..bytes.div_ceil(PIECE)).map(move |at| {
        let length = (bytes - at * PIECE).min(PIECE);
        let length = usize::try_from(length).unwrap_or_default();
        piece.get(..length).unwrap_or_default().to_owned()
    })
}
