"""Photophone turns spectrogram pictures back into sound: librosa's constant-Q transform, its inverse, and pictures.

Arrays in, arrays out, with librosa's names and argument order.

- `cqt`, `vqt`: samples to coefficients.
- `icqt`, `ivqt`: coefficients to samples.
- `griffinlim_cqt`, `griffinlim_vqt`, `phase_from_magnitude`: magnitudes to samples, or to phase.
- `stft`, `istft`, `griffinlim`: the same three ways for the short-time Fourier transform.
- `ExactCqt`: a constant-Q transform that is undone exactly, of sounds of any length.
- `edit`: a sound with parts of its spectrogram made louder, fainter or silent, and the rest as it is.
- `draw` with ``editable=True``: an `EditablePicture`, whose levels are written to and heard.
- `mel_to_audio`: sound from mel spectrograms.
- `read_picture`, `recover`: a picture's levels; its sound.
- `draw`, `draw_coefficients`, `save_picture`: pictures that lose as little as can be.
- `photophone.batch`, `photophone.dask`, `photophone.ray`: many files, in an engine's workers. They are imported by name.
- `PhotophoneError`, `PhotophoneWarning`: what cannot be used, and doubt about a result.
"""

from ._draw import draw, draw_coefficients, save_picture
from ._edit import edit, edit_axes
from ._editable import EditablePicture
from ._exact import ExactCqt, ExactCqtStream
from ._forward import cqt, vqt
from ._inverse import griffinlim_cqt, icqt, phase_from_magnitude
from ._mel import mel_to_audio
from ._native import PhotophoneError, __version__
from ._picture import Picture, read_picture
from ._recover import recover
from ._refused import hybrid_cqt, pseudo_cqt
from ._report import Report
from ._stft import griffinlim, istft, stft
from ._variable import griffinlim_vqt, ivqt
from ._wording import PhotophoneWarning

__all__ = [
    "EditablePicture",
    "ExactCqt",
    "ExactCqtStream",
    "PhotophoneError",
    "PhotophoneWarning",
    "Picture",
    "Report",
    "__version__",
    "cqt",
    "draw",
    "draw_coefficients",
    "edit",
    "edit_axes",
    "griffinlim",
    "griffinlim_cqt",
    "griffinlim_vqt",
    "hybrid_cqt",
    "icqt",
    "istft",
    "ivqt",
    "mel_to_audio",
    "phase_from_magnitude",
    "pseudo_cqt",
    "read_picture",
    "recover",
    "save_picture",
    "stft",
    "vqt",
]
