"""One request at a time to a host, and a second between two."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """Keeps the requests to one host `seconds` apart, and longer where the host asked for it. Safe between threads.

    The time counts from the start of a request, and from its end where `rest` is called then.
    """

    seconds: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def due(self, host: str) -> float:
        """Seconds until `host` may be asked."""
        with self._lock:
            return max(0.0, self._next.get(host, 0.0) - self.clock())

    def hold(self, host: str, seconds: float) -> None:
        """Ask `host` nothing for that long."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), self.clock() + seconds)

    def rest(self, host: str) -> None:
        """A request to `host` is over."""
        self.hold(host, self.seconds)

    def wait(self, host: str) -> None:
        """Sleep until `host` may be asked, and count this as a request."""
        with self._lock:
            now = self.clock()
            at = max(now, self._next.get(host, now))
            self._next[host] = at + self.seconds
        if at > now:
            self.sleep(at - now)
