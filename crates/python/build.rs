//! Lets an extension module leave Python's own symbols open where the linker asks (macOS).

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
