//! The ZIP around a package: read by its central directory, copied span by span.
