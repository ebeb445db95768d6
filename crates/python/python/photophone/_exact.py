"""The exactly invertible constant-Q transform: `ExactCqt`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import _native
from ._arguments import folded, samples_wanted, signal
from ._native import PhotophoneError
from ._wording import public


class ExactCqt:
    """A constant-Q transform that is undone exactly, of sounds of any length and rate.

    Unlike `cqt` it is not librosa's. Each band is sampled at a hop of its own, so the result is a list of arrays, one for
    each band, and not a rectangle. In exchange ``inverse(forward(y))`` is ``y`` to rounding (1e-15 in double, 3e-7 in
    single precision), the transform takes milliseconds a second of sound, and a change of the coefficients changes the
    sound there and nowhere else: ``y + inverse(changed - unchanged)``.

    A sinusoid of amplitude ``A`` at a band's centre has coefficients of modulus ``A``. Far above `knee` the bands are
    ``bins_per_octave`` an octave, below it they are equally wide; the lowest lies at 0 Hz, the highest at half the rate.

    Parameters
    ----------
    sr : float
        Samples a second.
    bins_per_octave : int
        Bands an octave far above the knee, 6 to 96.
    knee : float
        About where bands turn from constant Q to constant width, in Hz. Lower ones ring for longer.
    tuning : float
        A frequency that is the centre of a band, in Hz.
    window : {"nuttall", "hann"}
        The shape of each band. Hann's gives a third fewer coefficients; Nuttall's dies away sooner in time.

    Attributes
    ----------
    frequencies, bandwidths : ndarray of float
        Each band's centre, and how far centres lie apart there, in Hz.
    hops : ndarray of int
        Samples from one coefficient of a band to the next: powers of two.

    Raises
    ------
    PhotophoneError
        A value out of its range, or a knee that leaves fewer than 12 bands.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.sin(2 * np.pi * 440 * np.arange(44100) / 44100)
    >>> cqt = photophone.ExactCqt(sr=44100)
    >>> C = cqt.forward(y)
    >>> k = int(np.argmin(abs(cqt.frequencies - 440)))
    >>> round(float(np.median(abs(C[k]))), 2)
    1.0
    >>> bool(np.allclose(cqt.inverse(C, length=len(y)), y, rtol=0, atol=1e-13))
    True
    """

    @public
    def __init__(
        self,
        sr: float = 44100,
        *,
        bins_per_octave: int = 48,
        knee: float = 60.0,
        tuning: float = 440.0,
        window: str = "nuttall",
    ) -> None:
        numbers = {"sr": sr, "knee": knee, "tuning": tuning}
        for name, value in numbers.items():
            try:
                numbers[name] = float(value)
            except (TypeError, ValueError):
                raise PhotophoneError(f"{name} is {value!r}, expected a number above 0") from None
        self._settings = _native.GaborSettings(
            numbers["sr"], bins_per_octave, numbers["knee"], numbers["tuning"], str(window)
        )
        bands = self._settings.bands()
        self.frequencies: NDArray[np.float64] = np.array([centre for centre, _, _ in bands])
        self.bandwidths: NDArray[np.float64] = np.array([width for _, width, _ in bands])
        self.hops: NDArray[np.int64] = np.array([hop for _, _, hop in bands], dtype=np.int64)
        self.sr = numbers["sr"]

    @public
    def forward(self, y: NDArray[Any]) -> list[NDArray[Any]]:
        """The coefficients of a sound.

        Parameters
        ----------
        y : ndarray, shape (..., n)
            Samples, float32 or float64: the transform is computed in that precision. Leading axes are channels.

        Returns
        -------
        list of ndarray, each of shape (..., m)
            A row for each band, the lowest first, complex64 or complex128. Coefficient ``i`` of band ``k`` belongs to
            sample ``i * hops[k]``. ``m * hops[k]`` is the same for all bands: the sound's length, rounded up. What lies
            beyond the end is taken as zero, and what a coefficient at one end hears beyond it is the other end.

        Raises
        ------
        PhotophoneError
            No samples, ones that are not numbers, or more than 2^28.
        """
        samples = signal(y)
        rows = _native.gabor_forward(self._settings, folded(samples, 1))
        return [row.reshape(samples.shape[:-1] + row.shape[1:]) for row in rows]

    @public
    def inverse(self, C: Sequence[NDArray[Any]], *, length: int | None = None) -> NDArray[Any]:
        """The sound of coefficients; of those that no sound has, the sound whose coefficients come nearest.

        Parameters
        ----------
        C : sequence of ndarray
            A row for each band, as `forward` gives them. In single precision where all of them are.
        length : int or None
            Samples of the sound. None is the length rounded up as `forward` does; what it added is about zero.

        Returns
        -------
        ndarray, shape (..., length)
            Samples, float32 or float64.

        Raises
        ------
        PhotophoneError
            Rows of other lengths than this transform gives for a sound of that length.
        """
        rows = _rows(C)
        leading = rows[0].shape[:-1]
        y = _native.gabor_inverse(self._settings, [folded(row, 1) for row in rows], samples_wanted(length))
        return y.reshape(leading + y.shape[1:])

    @public
    def stream(
        self, *, dtype: DTypeLike = np.float32, slice_samples: int | None = None, padding: float | None = None
    ) -> ExactCqtStream:
        """The transform of one channel of any length in bounded memory: see `ExactCqtStream`.

        Parameters
        ----------
        dtype : {float32, float64}
            Precision of the samples and of the work.
        slice_samples : int or None
            Samples that are transformed at a time, about. None takes some ten seconds: 150 MB in single precision.
        padding : float or None
            Seconds of zeros on either side of a slice. None is as long as keeps what is lost below -100 dB.

        Returns
        -------
        ExactCqtStream

        Raises
        ------
        PhotophoneError
            A value out of its range.
        """
        return ExactCqtStream(self, dtype=dtype, slice_samples=slice_samples, padding=padding)


class ExactCqtStream:
    """A sound on its way to coefficients and back, as its samples come. `ExactCqt.stream` makes it.

    `analyse` takes samples in any sizes and gives blocks of coefficients; `end` gives the last ones. `synthesise` takes
    blocks back, changed or not, in order; `rest` gives the last samples. Blocks are the same to the last bit whatever
    sizes the samples came in. They are those of the whole sound, and the sound of them is the whole sound's, to -100 dB;
    where the rest of the sound has to stay as it is to the last bit, synthesise the change alone and add it.

    A block is a list of arrays, one for each band. The first coefficient of each row of block ``b`` belongs to sample
    ``b * block - padding``: coefficients hear the sound before it begins.

    Parameters
    ----------
    transform : ExactCqt
        The transform.
    dtype, slice_samples, padding
        As in `ExactCqt.stream`.

    Attributes
    ----------
    block, padding : int
        Samples of a block, and of the zeros on either side of a slice.

    Examples
    --------
    >>> import numpy as np, photophone
    >>> y = np.random.default_rng(0).standard_normal(30000).astype(np.float32)
    >>> cqt = photophone.ExactCqt(sr=8000, bins_per_octave=12)
    >>> stream = cqt.stream(slice_samples=32768)
    >>> out = []
    >>> for chunk in np.array_split(y, 7):
    ...     out += [stream.synthesise(block) for block in stream.analyse(chunk)]
    >>> out += [stream.synthesise(block) for block in stream.end()]
    >>> z = np.concatenate([*out, stream.rest()])
    >>> z.shape == y.shape and float(abs(z - y).max()) < 1e-5
    True
    """

    @public
    def __init__(
        self,
        transform: ExactCqt,
        *,
        dtype: DTypeLike = np.float32,
        slice_samples: int | None = None,
        padding: float | None = None,
    ) -> None:
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
            raise PhotophoneError(f"dtype is {dtype!r}, expected float32 or float64")
        self._stream = _native.GaborStream(transform._settings, self.dtype == np.float32, slice_samples, padding)
        self.block, self.padding = self._stream.sizes()

    @public
    def analyse(self, y: NDArray[Any]) -> list[list[NDArray[Any]]]:
        """The blocks that are done with these samples, which follow those of the call before.

        Parameters
        ----------
        y : ndarray, shape (n,)
            Samples of one channel.

        Returns
        -------
        list of list of ndarray
            None, one or more blocks.

        Raises
        ------
        PhotophoneError
            More than one channel, or samples that are not numbers.
        """
        samples = signal(y)
        if samples.ndim != 1:
            raise PhotophoneError(f"y has shape {samples.shape}, expected one channel: take a stream for each")
        return _blocks(self._stream.analyse(samples.astype(self.dtype, copy=False)))

    @public
    def end(self) -> list[list[NDArray[Any]]]:
        """Ends the sound and gives the blocks that are left. After it a new sound begins.

        Returns
        -------
        list of list of ndarray
            The last blocks.
        """
        return _blocks(self._stream.end())

    @public
    def synthesise(self, block: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The samples that are done with this block, which follow those of the call before.

        Parameters
        ----------
        block : sequence of ndarray
            The next block, changed or not. A block of zeros costs next to nothing.

        Returns
        -------
        ndarray, shape (n,)
            Samples; none for the first block.

        Raises
        ------
        PhotophoneError
            What is no block of this stream's.
        """
        double = self.dtype == np.float64
        rows = [row.astype(np.complex128 if double else np.complex64, copy=False) for row in _rows(block)]
        return self._stream.synthesise([row.reshape(1, -1) for row in rows])

    @public
    def rest(self) -> NDArray[Any]:
        """The last samples, when all blocks are synthesised. After it a new sound begins.

        Returns
        -------
        ndarray, shape (n,)
            Samples.

        Raises
        ------
        PhotophoneError
            When blocks are missing.
        """
        return self._stream.rest()


def _blocks(blocks: list[list[NDArray[Any]]]) -> list[list[NDArray[Any]]]:
    return [[row[0] for row in block] for block in blocks]


def _rows(C: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The rows as complex arrays of one precision and one number of channels."""
    try:
        rows = [np.asarray(row) for row in C]
    except TypeError:
        raise PhotophoneError(f"C is of type {type(C).__name__}, expected a list of arrays, one for each band") from None
    if not rows or any(row.ndim == 0 or row.dtype.kind not in "cf" for row in rows):
        raise PhotophoneError("C is no list of arrays of complex numbers, one for each band")
    if any(row.shape[:-1] != rows[0].shape[:-1] for row in rows):
        raise PhotophoneError("the rows of C have different channels, expected the same leading axes")
    single = all(row.dtype in (np.dtype(np.complex64), np.dtype(np.float32)) for row in rows)
    return [row.astype(np.complex64 if single else np.complex128, copy=False) for row in rows]
