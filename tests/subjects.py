"""Layer classes of a source text, for tests of the model and of the value analysis."""

from __future__ import annotations

import textwrap
from pathlib import Path

from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.model.code import CodeCache
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.target import Generation
from keras_layer_lint.values.analysis import Analysis

HEADER = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers\n\n\n"


def layer_class(source: str, name: str = "Gate", keras: str = "23", folder: Path = Path()) -> LayerClass:
    """A class of a module that stands in `folder`, linted for the generations that `keras` writes one after another."""
    project = Project(folder)
    module = project.module_at(folder.absolute() / "subject.py", (HEADER + textwrap.dedent(source)).encode())
    info = project.class_info(ClassRef(module, module.classes[name]))
    return LayerClass(info, CodeCache(project), frozenset(map(Generation, keras)))


def analysis(source: str, name: str = "Gate", keras: str = "23", folder: Path = Path()) -> Analysis:
    """What happens when the methods of such a class run."""
    return Analysis(layer_class(source, name, keras, folder))
