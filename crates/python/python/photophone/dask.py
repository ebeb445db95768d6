"""Many files on a Dask cluster: `draw` and `recover`, for bags and delayed calls.

    import dask.bag, photophone.dask
    rows = dask.bag.from_sequence(paths).map(photophone.dask.draw, output="pictures", base="songs").compute()

Tell every worker one thread and a processor (``nthreads=1``). Install with ``pip install photophone[dask]``.
"""

from .batch import draw_file as draw
from .batch import recover_file as recover

__all__ = ["draw", "recover"]
