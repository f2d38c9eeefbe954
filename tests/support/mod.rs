//! What several tests need: archives in FME Flow's shape, made from trees or in code.

pub(crate) mod fixtures;
pub(crate) mod java_zip;
