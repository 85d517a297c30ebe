"""What keeps the server small, and its first reply quick."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

# The parameter of mallopt in the GNU C library's malloc.h.
_ARENA_MAX = -8


def prepare() -> None:
    """To be called before there are threads: one heap for all of them, 30 MB less, and no matplotlib, which Gradio loads for
    plots at the first call (34 MB, a second): the page has none."""
    _heap("mallopt", _ARENA_MAX, 1)
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type]


def settle() -> None:
    """To be called when everything is opened: what opening needed goes back to the system, some 15 MB."""
    gc.collect()
    _heap("malloc_trim", 0)


def _heap(function: str, *arguments: int) -> None:
    """Call the GNU C library; nothing where there is another."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            getattr(ctypes.CDLL(None), function)(*arguments)
