"""What the server does without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_gradio_calls_without_loading_matplotlib() -> None:
    """In a process of its own: the tests themselves need matplotlib."""
    code = (
        "from ui import lean; lean.prepare(); lean.settle();"
        "import sys; from gradio.utils import MatplotlibBackendMananger as Plots;"
        "\nwith Plots(): print('called', sys.modules['matplotlib'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "called None"
