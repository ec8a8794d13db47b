"""Which versions of Keras there are, and what is so from one of them on. Measured: `docs/versions.md`."""

from __future__ import annotations

from collections.abc import Mapping

from keras_layer_lint.target import Generation, Version, Versions, since, until

LATEST: dict[Generation, Version] = {Generation.KERAS2: (2, 21), Generation.KERAS3: (3, 15)}
"""The newest release that klint knows of; that of Keras 2 is `tf_keras`."""

SETS_ARE_LEFT_OUT = since(3, 15)
"""Saving goes through no set: before, what a set held was saved. (3.12.4 leaves sets out, too.)"""

INNER_CONTAINERS_ARE_LEFT_OUT = until(3, 14)
"""Saving goes through no container in a container; 3.15 does. Measured with 3.0.5 to 3.15.1."""

LAYERS_COME_BACK_AS_DICTS = since(2, 13)
"""A layer in the config of another is a dict after loading. 2.12 makes the layer again."""

FILES_OF_KERAS_3 = since(2, 12)
"""There are `.keras` and `.weights.h5` files. Files before hold what is in a container in a container."""

STEPS_ARE_INTEGERS = since(2, 11)
"""The optimizers of Keras 2 give a schedule the step as an integer. Those before give a float (read in
the source of 2.10 and 2.11)."""

OPTIMIZERS_BUILD_ONCE = since(2, 11)
"""An optimizer of Keras 2 is built for one list of variables and raises KeyError for any other.

Up to 2.10 `keras.optimizers.Adam` and its like are those of `optimizer_v2`, which make the slots of a variable when
they first see it. (Read in the source of 2.9 to 2.12.)
"""

AUTOGRAPH_LEAVES_KERAS_ALONE = until(2, 15) | since(2, 17)
"""AutoGraph converts nothing that Keras calls by itself: the list of what it leaves alone has no `tf_keras` in
TensorFlow 2.16. (Run with 2.12.1, 2.15.1, 2.16.2, 2.17.1, 2.18.1 and 2.21.0.)"""

AUTOGRAPH_GIVES_UP_ON_WALRUS = until(2, 13) | since(2, 16)
"""TensorFlow 2.14 and 2.15 convert `:=` where `gast` is 0.5.4 to 0.7, as pip installs it; 0.4 has them give up."""

BATCH_IS_OPEN_ON_JAX = since(3, 12)
"""A functional model has a batch size without a value on JAX. Up to 3.11 Keras traces `call` twice, with 83 and 89."""

INIT_IS_ASKED_FOR_ITS_PARAMETERS = since(3, 12)
"""A layer cannot be made whose `__init__` is wrapped in a function without `self`, or with more by position.

Read in the source of 3.11.3 and 3.12.0, run with 3.15.1.
"""

BACKEND_HAS_ITS_OWN_NAMES_ONLY = since(2, 3)
"""`keras.backend` has no `tf` and no `np`. Up to 2.2.4 it has all names of `tensorflow_backend`, imports too.

Read in the source of 2.2.4, 2.2.5 and 2.3.0; `tf_keras` 2.21 and `keras` 3.15 have none of them.
"""

METRICS_CHECK_THEIR_DTYPE = since(3, 5)
"""A metric makes a policy of its dtype, and raises ValueError where there is none of that name.

Before, it keeps what it gets. Read in the source of 3.4.1 and 3.5.0, run with 3.3.3 and 3.6.0.
"""

PARAMETERS_GONE: Mapping[str, Mapping[str, Versions]] = {
    "keras.ops.image.affine_transform": {"image": since(3, 4)},
    "keras.ops.image.extract_patches": {"image": since(3, 4)},
    "keras.ops.image.map_coordinates": {"input": since(3, 4)},
    "keras.ops.image.resize": {"image": since(3, 4)},
    "keras.ops.image.rgb_to_grayscale": {"image": since(3, 4)},
}
"""From which version on a function lacks a parameter that older ones have.

Compared in the source of all functions and layers of Keras 3.0 to 3.15. TensorFlow 2.21 lacks none that 2.12 has.
"""
