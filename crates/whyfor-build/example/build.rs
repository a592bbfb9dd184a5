//! Two policies: that of the examples, and one with names that Rust does not take as they are.

fn main() -> Result<(), whyfor_build::BuildError> {
    whyfor_build::compile("../../../examples/shop.why")?.emit()?;
    whyfor_build::compile("policies/odd.why")?.named("odd_names").emit()
}
