"""Variables or attributes and their values on several paths: to fork, to go back and to compare costs little.

A dict would be copied at each branch and compared as a whole where branches meet, which takes quadratic time in a
function with many branches over many variables. Here all forks share one dict. The fork in use owns it; another one is
a chain of differences to it, which is turned round when that one is used (H. Baker, "Shallow Binding Makes Functional
Arrays Fast", 1991).
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

from keras_layer_lint.values.value import Value


class _Version:
    """One state. It owns the dict, or else is as `newer` but for one name."""

    __slots__ = ("data", "name", "newer", "value")

    def __init__(self, data: dict[str, Value] | None) -> None:
        self.data = data
        self.newer: _Version | None = None
        self.name = ""
        self.value: Value | None = None
        """None: the name is not bound here."""


class Environment(MutableMapping[str, Value]):
    """Names with their values. Forks of it do not see each other's changes."""

    __slots__ = ("_has_forks", "_version")

    def __init__(self) -> None:
        self._version = _Version({})
        self._has_forks = False

    def fork(self) -> Environment:
        """The same names and values, to be changed apart from this."""
        other = Environment.__new__(Environment)
        other._version = self._version
        other._has_forks = self._has_forks = True
        return other

    def changed(self, other: Environment) -> list[str]:
        """The names that may have another value in `other`, at most those changed since one was forked of the other.

        Each stands there once: first those changed in `other` alone, the last first, in an order that no hash decides.
        """
        mine = self._data()
        found: dict[str, None] = {}
        version = other._version
        while version.data is None:
            found[version.name] = None
            assert version.newer is not None
            version = version.newer
        return list(found if version.data is mine else dict.fromkeys([*mine, *other]))

    def get(self, name: str, default: None = None) -> Value | None:  # type: ignore[override]
        """The value of a name, None where it is not bound."""
        data = self._version.data
        return (self._data() if data is None else data).get(name)

    def pop(self, name: str, default: None = None) -> Value | None:  # type: ignore[override]
        """Unbind a name, if it is bound; return the value it had."""
        old = self.get(name)
        if old is not None:
            self._change(name, None)
        return old

    def __getitem__(self, name: str) -> Value:
        return self._data()[name]

    def __setitem__(self, name: str, value: Value) -> None:
        self._change(name, value)

    def __delitem__(self, name: str) -> None:
        if self.pop(name) is None:
            raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name in self._data()

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._data()))

    def __len__(self) -> int:
        return len(self._data())

    def _data(self) -> dict[str, Value]:
        """The dict, which becomes that of this fork."""
        data = self._version.data
        if data is not None:
            return data
        chain: list[_Version] = []
        version = self._version
        while version.data is None:
            chain.append(version)
            assert version.newer is not None
            version = version.newer
        data = version.data
        for older in reversed(chain):
            version.name, version.value = older.name, data.get(older.name)
            version.newer, version.data = older, None
            _put(data, older.name, older.value)
            version = older
        version.newer, version.value, version.data = None, None, data
        return data

    def _change(self, name: str, value: Value | None) -> None:
        data = self._data()
        if self._has_forks:  # what stands now may be needed again
            old = self._version
            self._version = _Version(data)
            old.newer, old.name, old.value, old.data = self._version, name, data.get(name), None
        _put(data, name, value)


def _put(data: dict[str, Value], name: str, value: Value | None) -> None:
    if value is None:
        data.pop(name, None)
    else:
        data[name] = value
