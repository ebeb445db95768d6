"""The exactly invertible constant-Q transform: round trips, its definition in NumPy, streams, errors."""

from __future__ import annotations

import numpy as np
import pytest

import photophone


def off(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


@pytest.mark.parametrize("samples", [1, 997, 30_000])
@pytest.mark.parametrize("settings", [{}, dict(sr=8000, bins_per_octave=12, window="hann"), dict(sr=96_000, knee=90)])
def test_what_is_transformed_comes_back(samples: int, settings: dict[str, object]) -> None:
    cqt = photophone.ExactCqt(**settings)
    y = np.random.default_rng(0).standard_normal((2, samples))
    C = cqt.forward(y)
    assert len(C) == len(cqt.frequencies) == len(cqt.hops) == len(cqt.bandwidths)
    assert cqt.frequencies[0] == 0 and cqt.frequencies[-1] == cqt.sr / 2
    assert {row.dtype for row in C} == {np.dtype(np.complex128)}
    assert len({row.shape[-1] * hop for row, hop in zip(C, cqt.hops)}) == 1
    z = cqt.inverse(C, length=samples)
    assert z.shape == y.shape and z.dtype == np.float64 and off(z, y) < 1e-14
    single = y.astype(np.float32)
    C = cqt.forward(single)
    assert {row.dtype for row in C} == {np.dtype(np.complex64)}
    z = cqt.inverse(C, length=samples)
    assert z.dtype == np.float32 and off(z, single) < 5e-7
    # Without a length the zeros that were filled in are there too.
    z = cqt.inverse(C)
    assert z.shape[-1] == C[0].shape[-1] * cqt.hops[0] and off(z[:, :samples], single) < 5e-7


def test_rows_are_what_the_documentation_says() -> None:
    """By one NumPy FFT a band, from the frequencies that the transform tells, far from both ends of the axis."""
    sr, bpo = 8000, 12
    cqt = photophone.ExactCqt(sr=sr, bins_per_octave=bpo)
    y = np.random.default_rng(1).standard_normal(20_000)
    C = cqt.forward(y)
    period = C[0].shape[-1] * int(cqt.hops[0])
    X = np.fft.rfft(np.pad(y, (0, period - len(y)))) * 2 / period
    hz = np.arange(len(X)) * sr / period
    for k in (40, 60):
        # The knee, from two bands: asinh is the axis.
        def axis(f: np.ndarray, knee: float) -> np.ndarray:
            return bpo / np.log(2) * np.arcsinh(f / knee)

        knee = float(440 / np.sinh(round(axis(np.array(440.0), 60.0)) * np.log(2) / bpo))
        x = (axis(hz, knee) - k) / 3
        window = sum(a * np.cos(np.pi * m * x) for m, a in enumerate([0.355768, 0.487396, 0.144232, 0.012604]))
        window = np.where(abs(x) < 1, window, 0)
        rows = C[k].shape[-1]
        folded = np.zeros(rows, complex)
        np.add.at(folded, np.arange(len(X)) % rows, X * window)
        assert off(C[k], rows * np.fft.ifft(folded)) < 1e-12


def test_a_sinusoid_has_its_amplitude() -> None:
    cqt = photophone.ExactCqt(sr=22050, bins_per_octave=24)
    k = int(np.argmin(abs(cqt.frequencies - 440)))
    assert abs(cqt.frequencies[k] - 440) < 1e-9
    C = cqt.forward(0.3 * np.sin(2 * np.pi * 440 * np.arange(44100) / 22050))
    inner = abs(C[k])[len(C[k]) // 4 : -len(C[k]) // 4]
    assert abs(inner - 0.3).max() < 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stream_is_the_whole_sound_and_sizes_do_not_matter(dtype: type) -> None:
    cqt = photophone.ExactCqt(sr=8000, bins_per_octave=12)
    y = np.random.default_rng(2).standard_normal(90_001).astype(dtype)

    def streamed(sizes: list[int]) -> tuple[list[list[np.ndarray]], np.ndarray]:
        stream = cqt.stream(dtype=dtype, slice_samples=40_000)
        blocks, at = [], 0
        for size in sizes * 1000:
            blocks += stream.analyse(y[at : at + size])
            at += size
            if at >= len(y):
                break
        blocks += stream.end()
        return blocks, np.concatenate([*(stream.synthesise(block) for block in blocks), stream.rest()])

    blocks, z = streamed([len(y)])
    assert z.shape == y.shape and z.dtype == dtype and off(z, y) < 1e-5
    for sizes in ([1000], [1, 4096, 333]):
        others, w = streamed(sizes)
        assert np.array_equal(w, z) and len(others) == len(blocks)
        for one, other in zip(blocks, others):
            assert all(np.array_equal(a, b) for a, b in zip(one, other))
    stream = cqt.stream(dtype=dtype, slice_samples=40_000)
    before = 4 * stream.padding
    whole = cqt.forward(np.pad(y, before))
    for k, hop in enumerate(cqt.hops):
        row = np.concatenate([block[k] for block in blocks])
        first = (before - stream.padding) // hop
        assert off(row, whole[k][first : first + len(row)]) < 1e-5


def test_a_change_is_where_it_was_made() -> None:
    cqt = photophone.ExactCqt(sr=8000, bins_per_octave=24)
    y = np.random.default_rng(3).standard_normal(80_000)
    change = cqt.forward(y)
    for row, hop, hz in zip(change, cqt.hops, cqt.frequencies):
        at = np.arange(row.shape[-1]) * hop / 8000
        row[...] = np.where((500 < hz < 1000) & (4 < at) & (at < 5), -row, 0)
    z = y + cqt.inverse(change, length=len(y))
    assert np.abs(z - y)[: 3 * 8000].max() < 1e-6 and np.abs(z - y)[7 * 8000 :].max() < 1e-6
    inside = slice(int(4.2 * 8000), int(4.8 * 8000))
    spectra = [abs(np.fft.rfft(x[inside] * np.hanning(4800)))[int(0.6 * 600) : int(0.6 * 900)] for x in (y, z)]
    assert np.linalg.norm(spectra[1]) < 0.03 * np.linalg.norm(spectra[0])


def test_what_is_wrong_is_said() -> None:
    cqt = photophone.ExactCqt(sr=8000, bins_per_octave=12)
    y = np.zeros(4000)
    C = cqt.forward(y)
    stream = cqt.stream()
    block = stream.analyse(np.zeros(1, np.float32)) or stream.end()
    for wrong in (
        lambda: photophone.ExactCqt(sr=0),
        lambda: photophone.ExactCqt(sr="fast"),
        lambda: photophone.ExactCqt(bins_per_octave=5),
        lambda: photophone.ExactCqt(bins_per_octave=12.5),
        lambda: photophone.ExactCqt(knee=1e9),
        lambda: photophone.ExactCqt(knee=1e-9),
        lambda: photophone.ExactCqt(tuning=-1),
        lambda: photophone.ExactCqt(window="kaiser"),
        lambda: cqt.forward(np.zeros(0)),
        lambda: cqt.forward(np.full(10, np.nan)),
        lambda: cqt.forward([1.0, 2.0]),
        lambda: cqt.inverse(C[:-1]),
        lambda: cqt.inverse(C, length=50_000),
        lambda: cqt.inverse(C, length=0),
        lambda: cqt.inverse([]),
        lambda: cqt.inverse(3),
        lambda: cqt.inverse([row * np.nan for row in C]),
        lambda: cqt.stream(dtype=np.int16),
        lambda: cqt.stream(padding=0.0),
        lambda: cqt.stream(slice_samples=0),
        lambda: cqt.stream().analyse(np.zeros((2, 100))),
        lambda: cqt.stream().synthesise(C),
        lambda: (cqt.stream().synthesise(block[0]), cqt.stream().synthesise(block[0][1:])),
    ):
        with pytest.raises(photophone.PhotophoneError):
            wrong()
