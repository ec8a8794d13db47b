"""Which versions of Keras there are, and what is so from one of them on. Measured: `docs/versions.md`."""

from __future__ import annotations

from collections.abc import Mapping

from keras_layer_lint.target import Generation, Version

LATEST: dict[Generation, Version] = {Generation.KERAS2: (2, 21), Generation.KERAS3: (3, 15)}
"""The newest release that klint knows of; that of Keras 2 is `tf_keras`."""

SETS_ARE_LEFT_OUT: Version = (3, 15)
"""From here on, saving goes through no set: before, what a set held was saved. (3.12.4 leaves sets out, too.)"""

INNER_CONTAINERS_ARE_LEFT_OUT: Version = (3, 14)
"""Up to here, saving goes through no container in a container; 3.15 does. Measured with 3.0.5 to 3.15.1."""

LAYERS_COME_BACK_AS_DICTS: Version = (2, 13)
"""From here on, a layer in the config of another is a dict after loading. 2.12 makes the layer again."""

FILES_OF_KERAS_3: Version = (2, 12)
"""From here on there are `.keras` and `.weights.h5` files. Files before hold what is in a container in a container."""

STEPS_ARE_INTEGERS: Version = (2, 11)
"""From here on, the optimizers of Keras 2 give a schedule the step as an integer. Those before give a float (read in
the source of 2.10 and 2.11)."""

OPTIMIZERS_BUILD_ONCE: Version = (2, 11)
"""From here on, an optimizer of Keras 2 is built for one list of variables and raises KeyError for any other.

Up to 2.10 `keras.optimizers.Adam` and its like are those of `optimizer_v2`, which make the slots of a variable when
they first see it. (Read in the source of 2.9 to 2.12.)
"""

PARAMETERS_GONE: Mapping[str, Mapping[str, Version]] = {
    "keras.ops.image.affine_transform": {"image": (3, 4)},
    "keras.ops.image.extract_patches": {"image": (3, 4)},
    "keras.ops.image.map_coordinates": {"input": (3, 4)},
    "keras.ops.image.resize": {"image": (3, 4)},
    "keras.ops.image.rgb_to_grayscale": {"image": (3, 4)},
}
"""From which version on a function lacks a parameter that older ones have.

Compared in the source of all functions and layers of Keras 3.0 to 3.15. TensorFlow 2.21 lacks none that 2.12 has.
"""
