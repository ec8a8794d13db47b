"""Which imports go with what has used them."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.fixes.unused_imports import without_unused

USE = "x = np.ones(2), sqrt(3)\n"


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("import numpy as np\nimport keras\n", "import keras\n"),
        ("import os, numpy as np\n", "import os\n"),
        ("from math import pi, sqrt, tau\n", "from math import pi, tau\n"),
        ("from math import (\n    pi,\n    sqrt,\n)\n", "from math import (\n    pi,\n)\n"),
        ("from math import sqrt  # a root\n", ""),
        ("import numpy as np\r\nimport keras\r\n", "import keras\r\n"),
        ("import numpy as np\n\nimport keras\n", "import keras\n"),
        ("import os\n\nimport numpy as np\n\n\nimport keras\n", "import os\n\nimport keras\n"),
        ("import os\nimport numpy as np\n\nimport keras\n", "import os\n\nimport keras\n"),
        # What has not been used before, what a comment speaks of, what is not at the top.
        ("import os\n", "import os\n"),
        ("import numpy as np  # noqa: F401\n", "import numpy as np  # noqa: F401\n"),
        ("from math import sqrt, pi  # two\n", "from math import sqrt, pi  # two\n"),
        ("import numpy as np; import os\n", "import numpy as np; import os\n"),
        ("try:\n    import numpy as np\nexcept ImportError:\n    pass\n",) * 2,
        ("from numpy import *\n", "from numpy import *\n"),
        # Where text may use it.
        ('import numpy as np\n__all__ = ["np"]\n', 'import numpy as np\n__all__ = ["np"]\n'),
        ('import numpy as np\ny: "np.ndarray"\n', 'import numpy as np\ny: "np.ndarray"\n'),
        ('"""A.\n\n>>> np.ones(2)\n"""\nimport numpy as np\n',) * 2,
        ("import numpy as np\ny = []  # type: list[np.ndarray]\n",) * 2,
        ("import numpy as np\n\n\ndef f():\n    global np\n",) * 2,
        # An attribute or a keyword is another name.
        ("import numpy as np\ny = a.np(np=1)\n", "y = a.np(np=1)\n"),
    ],
)
def test_without_unused(head: str, left: str) -> None:
    ends = "\r\n" if "\r" in head else "\n"
    before, after = head + USE.replace("\n", ends), head + "x = 2" + ends
    assert without_unused(before, after, Path("layers.py")) == left + "x = 2" + ends


def test_what_is_still_used_stays() -> None:
    head = "import numpy as np\n"
    assert without_unused(head + USE * 2, head + USE, Path("layers.py")) == head + USE


def test_a_package_keeps_its_imports() -> None:
    head = "import numpy as np\n"
    assert without_unused(head + USE, head, Path("pkg/__init__.py")) == head


def test_what_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        without_unused(USE, "x =", Path("layers.py"))
