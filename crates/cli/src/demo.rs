pub(crate) fn demo(_: &crate::args::DemoArguments) -> anyhow::Result<()> {
    Ok(())
}
