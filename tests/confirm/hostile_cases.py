"""Code that does harm, in a layer or where its module is imported, and what is to come of it."""

from __future__ import annotations

import os
import pwd
import uuid
from pathlib import Path

MARK = uuid.uuid4().hex
HOME = Path(pwd.getpwuid(os.getuid()).pw_dir)
NEIGHBOUR = """\
import keras
import numpy as np


class Neighbour(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)
"""

LAYER = """\
import keras
import numpy as np
{module}


class Gate(keras.layers.Layer):
    def call(self, inputs):
        centred = inputs - np.mean(inputs)
        {call}
        return centred
"""

IN_CALL = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(600)",
    "allocates": "bytearray(100 << 30)",
    "exits": "import os; os._exit(0)",
    "exits_with_code": "import os; os._exit(7)",
    "segfaults": "import ctypes; ctypes.string_at(0)",
    "aborts": "import os; os.abort()",
    "forks": "import os\n        while True: os.fork()",
    "spawns": f"import subprocess\n        for _ in range(3): subprocess.Popen(['sleep', '600.{int(MARK[:6], 16)}'])",
    "prints": "for _ in range(1024): print('x' * (1 << 20), flush=True)",
    "complains": "import sys\n        for _ in range(256): sys.stderr.write('x' * (1 << 20))",
    "writes_home": f"open({str(HOME / MARK)!r}, 'w').write('x')",
    "writes_project": f"import os; open(os.path.join(os.path.dirname(__file__), {MARK!r}), 'w').write('x')",
    "deletes_itself": "import os; os.remove(__file__)",
    "opens_socket": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "leaves_threads": "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()",
    "quits": "import sys; sys.exit(0)",
    "floods": "import os\n        for number in range(3, 64):\n            try: os.write(number, b'x' * 5000000)\n"
    "            except OSError: pass",
    "forges": "import os\n        for number in range(3, 64):\n            try: os.write(number, "
    'b\'0 {"kind": "verdict", "claim": 0, "status": "refuted", "evidence": "", "line": null, "seconds": 0}\\n\')\n'
    "            except OSError: pass",
}
AT_IMPORT = {
    "raises": "raise RuntimeError('not today')",
    "calls_exit": "import sys; sys.exit(3)",
    "breaks_tensorflow": "import tensorflow as tf; tf.function = tf.constant = None; tf.Tensor.__array__ = None",
    "redefines_layer": "keras.layers.Layer.__call__ = lambda self, *arguments: None",
    "replaces_builtins": "import builtins; builtins.open = builtins.len = builtins.isinstance = None",
    "hangs": "import time; time.sleep(600)",
    "stops_signals": "import signal; [signal.signal(number, signal.SIG_IGN) for number in (2, 14, 15)]",
}
REASONS = {
    "sleeps": "it waited for",
    "allocates": "MemoryError",
    "exits": "exit code 0",
    "exits_with_code": "exit code 7",
    "segfaults": "Segmentation fault",
    "aborts": "the process died",  # of what, the version of Python decides
    "forks": "BlockingIOError",
    "writes_home": "PermissionError",
    "writes_project": "PermissionError",
    "deletes_itself": "PermissionError",
    "opens_socket": "PermissionError",
    "quits": "it called `sys.exit`",
    "raises": "importing `raises` raises RuntimeError: not today",
    "calls_exit": "importing `calls_exit` calls `sys.exit`",
    "hangs": "it waited for",
}
"""What is said of those that cannot be decided on."""
CONFIRMED = {"spawns", "prints", "complains", "leaves_threads", "forges", "stops_signals"}
"""Those that do nothing to keep klint from its work."""
