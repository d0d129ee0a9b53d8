//! Speed of the core, beside its limits.
fn main() {}
