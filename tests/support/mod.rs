//! What several tests need: archives in FME Flow's shape, made from trees or in code, and real ones.

pub(crate) mod altered;
pub(crate) mod corpus;
pub(crate) mod dom;
pub(crate) mod fixtures;
pub(crate) mod java_zip;
pub(crate) mod run;
pub(crate) mod small;
pub(crate) mod surgery;
pub(crate) mod xml;
