"""A lock on a file that the operating system takes back by itself when its holder dies."""

from __future__ import annotations

import sys
from typing import IO

__all__ = ["try_lock"]


def try_lock(stream: IO[bytes]) -> bool:
    """Whether the lock was got; it is held until the stream is closed.

    Where the file system knows no locks the answer is yes.
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
