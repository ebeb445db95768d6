//! What the steps of a transform take: operations of the processor and bytes, for costs that are told before the work.

/// Operations of a complex FFT of `n` points, over `n log2 n` (radix 2; the figure by which FFTs are compared,
/// Frigo and Johnson 2005).
pub(crate) const FFT_OPERATIONS: f64 = 5.0;

/// Operations of a complex multiply-add.
pub(crate) const MULTIPLY_ADD: f64 = 8.0;

/// Bytes of a complex number of doubles.
pub(crate) const COMPLEX_BYTES: f64 = 16.0;
