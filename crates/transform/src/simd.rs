//! The widest vector instructions that the processor has, without asking for them when compiling.

pub(crate) use pulp::NullaryFnOnce as Work;

/// Runs `work` compiled for the processor at hand: with AVX2 where x86 has it.
///
/// Vectors are wider but no operation is reordered or fused, so the results are the same to the last
/// bit. Only what is inlined into [`Work::call`] is compiled so: that and all below it that should be
/// has to be `#[inline(always)]`, and a closure can not be.
pub(crate) fn vectorized<W: Work>(work: W) -> W::Output {
    pulp::Arch::new().dispatch(work)
}
