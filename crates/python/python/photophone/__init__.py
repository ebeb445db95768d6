"""Sound back from its picture.

Arrays in, arrays out, with librosa's names: `cqt`.
"""

from ._forward import cqt
from ._native import PhotophoneError, __version__

__all__ = ["PhotophoneError", "__version__", "cqt"]
