//! Extra fields: the only part of a header that may have to grow, for sizes and offsets of 4 GiB
//! and more.

use super::wire::Fields;

/// Identifier of the zip64 field (documented: APPNOTE 4.5.3).
pub(in crate::archive) const ZIP64: u16 = 1;

/// The fields as (identifier, body); ends quietly at a field that does not fit, as ZIP readers do.
fn fields(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = Fields(extra);
    std::iter::from_fn(move || {
        let id = rest.u16()?;
        let len = rest.u16()?;
        rest.bytes(usize::from(len)).map(|body| (id, body))
    })
}

/// The body of the zip64 field; empty when there is none.
pub(in crate::archive) fn zip64(extra: &[u8]) -> &[u8] {
    fields(extra)
        .find(|(id, _)| *id == ZIP64)
        .map_or(&[], |(_, body)| body)
}

/// `extra` with `body` as its zip64 field: in the old one's place, else at the end. `None` when
/// it no longer fits its 16-bit length.
pub(in crate::archive) fn with_zip64(extra: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let before: usize = fields(extra)
        .take_while(|(id, _)| *id != ZIP64)
        .map(|(_, body)| 4 + body.len())
        .sum();
    let has_one = fields(extra).any(|(id, _)| id == ZIP64);
    let old = if has_one { 4 + zip64(extra).len() } else { 0 };
    // Without one the new field goes behind the last whole field and before any stray bytes,
    // where readers still find it.
    let (head, tail) = extra.split_at_checked(before)?;
    let mut out = head.to_vec();
    out.extend(ZIP64.to_le_bytes());
    out.extend(u16::try_from(body.len()).ok()?.to_le_bytes());
    out.extend(body);
    out.extend(tail.get(old..)?);
    u16::try_from(out.len()).ok().map(|_| out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip64_field_takes_its_predecessors_place() {
        let extra = [7, 0, 1, 0, 9, 1, 0, 2, 0, 5, 5, 8, 0, 0, 0];
        let new = with_zip64(&extra, &[6]).unwrap();
        assert_eq!(new, [7, 0, 1, 0, 9, 1, 0, 1, 0, 6, 8, 0, 0, 0]);
        assert_eq!(zip64(&new), [6]);
    }

    #[test]
    fn a_first_zip64_field_goes_before_stray_bytes() {
        let new = with_zip64(&[7, 0, 1, 0, 9, 0xee], &[6]).unwrap();
        assert_eq!(new, [7, 0, 1, 0, 9, 1, 0, 1, 0, 6, 0xee]);
    }

    #[test]
    fn an_extra_that_outgrows_its_length_field_is_not_written() {
        assert_eq!(with_zip64(&vec![0; 65_532], &[0; 8]), None);
    }
}
