"""`dataclass` for what klint makes by the hundred thousand: values, events, places, facts about code.

`frozen=True` sets each field through `object.__setattr__`, which takes more than twice the time of an assignment. Here
it is kept where it helps to find mistakes: mypy checks it everywhere, and in processes that are not klint's own, those
of tests among them, Python does. In klint's own processes the same classes are made without it; what equals what, and
hashes, stay the same. It is not for objects that go from one process to another: they would be pickled in two ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.processes import is_own

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, **options):
        """Decorate a class as `dataclasses.dataclass` does, with the same options."""

        def decorate(cls):
            if options.get("frozen") and is_own() and not _has_frozen_base(cls):
                plain = {name: value for name, value in options.items() if name != "frozen"}
                is_hashed = options.get("eq", True) and cls.__dict__.get("__hash__") is None
                return dataclasses.dataclass(**plain, unsafe_hash=is_hashed)(cls)
            return dataclasses.dataclass(**options)(cls)

        return decorate if cls is None else decorate(cls)

    def _has_frozen_base(cls):
        """Whether a base was made before the process became klint's own: both must be of one kind."""
        params = (getattr(base, "__dataclass_params__", None) for base in cls.__mro__[1:])
        return any(each is not None and each.frozen for each in params)
