"""The user's module in a child: imported by its real name, also from edited source, and the lines of its errors."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import re
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any

from keras_layer_lint.confirm.edits import Edit, Source
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.probe import Claim, Probe
from keras_layer_lint.confirm.reimporting import import_anew
from keras_layer_lint.confirm.remedies import Remedies
from keras_layer_lint.confirm.scripts import Script
from keras_layer_lint.confirm.steps import NAME, Steps
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.module_index import LOCALS

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_GRAPH_NAME = re.compile(r" when trying to compile graph \S+ on")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_FRAME = (
    "Exception encountered when calling",
    "Arguments received",
    "Call arguments received",
    "•",
    "in user code:",
    "File ",
)
_LONGEST = 300
_ADVICE = re.compile(
    r" (You can attempt |The error occurred while tracing |This value became a tracer |This error arises for |"
    r"Using symbolic scope |If trying to convert |JAX transformations require )"
)
"""What TensorFlow and JAX say behind an error, about errors of its kind."""


class Unloadable(Exception):
    """The class cannot be had: why, what would help, and whether no class of the module can."""

    def __init__(self, reason: str, help: str, *, whole_module: bool = False) -> None:  # noqa: A002
        super().__init__(reason)
        self.help = help
        self.whole_module = whole_module


class Subject:
    """The module of one class under test."""

    def __init__(self, framework: Framework, probe: Probe) -> None:
        self.framework = framework
        self.probe = probe
        self.path = probe.path
        self._on_disk = decode(read_source(Path(probe.path))).replace("\r\n", "\n")
        self.source = Source(probe.source.replace("\r\n", "\n") or self._on_disk)
        self.module: ModuleType | None = None
        self._first: ModuleType | None = None
        self.script = Script()
        self._remedies = Remedies(probe.path, (probe.root, *probe.search))
        self.name = probe.module
        other = sys.modules.get(probe.module)
        if other is not None and not _is_file(other, probe.path):
            self.name = f"klint_subject_{probe.module.replace('.', '_')}"  # a script called `types.py`
        sys.path[:0] = [folder for folder in (probe.root, *probe.search) if folder not in sys.path]

    def turn_to(self, text: str) -> None:
        """Let the module be another text from here on."""
        self.source = Source(text.replace("\r\n", "\n"))
        self._first = None

    def load_first(self) -> Any:
        """The class; where its module cannot be imported as it is, with what helps: see `Remedies`."""
        found = first = self._loaded()
        while isinstance(found, Unloadable) and self._remedies.found_for(found.__cause__, self.name.partition(".")[0]):
            sys.modules.pop(self.name, None)  # as far as it was executed
            found = self._loaded()
        if isinstance(found, Unloadable):
            raise first
        return found

    def _loaded(self) -> Any:
        try:
            return self.load()
        except Unloadable as error:
            return error

    def load(self, edits: Mapping[Claim, Edit] | None = None, steps: Steps | None = None) -> Any:
        """The class, from a module executed anew; None where an edit cannot be made."""
        with self._remedies.in_place():
            return self._load(edits, steps)

    def _load(self, edits: Mapping[Claim, Edit] | None, steps: Steps | None) -> Any:
        if LOCALS in self.probe.class_name:
            raise Unloadable("it is local to a function, where nothing can import it", "define it in its module")
        text = self.source.text
        if edits:
            made = self.source.edited(edits)
            if made is None:
                return None
            text, _ = made
        self._unregister()
        name = self.name
        package, _, last = name.rpartition(".")
        is_imported = False
        try:
            if package:
                importlib.import_module(package)
            imported = sys.modules.get(name)
            module = imported
            is_as_on_disk = not edits and self.source.text == self._on_disk
            if module is not None and self.module is None and is_as_on_disk:  # its package has imported it
                self._first = module
            else:
                module = self._execute_again(name, text, steps)
            if package and last:
                setattr(sys.modules[package], last, module)
            self.module = module
            is_imported = True
            if self.probe.through:
                sys.modules.pop(self.probe.through, None)  # it derives from the class as it is now
                importlib.import_module(self.probe.through)
            found = self._named()
        except Exception as error:
            help_ = f"make `import {name}` work in the Python that runs klint, from `{self.probe.root}`"
            reason = f"importing `{name}` raises {brief(error)}{_at(self.line_of(error))}"
            raise Unloadable(reason, help_, whole_module=not is_imported) from error
        except SystemExit as error:
            help_ = 'call it under `if __name__ == "__main__":` only'
            raise Unloadable(f"importing `{name}` calls `sys.exit`", help_, whole_module=True) from error
        if not isinstance(found, type):
            text = f"`{self.probe.class_name}` is not a class once `{name}` is imported"
            raise Unloadable(text, "let the name of the class mean the class")
        return found

    def _execute_again(self, name: str, text: str, steps: Steps | None) -> ModuleType:
        """The module executed; as it was before where it registers what cannot be registered twice."""
        before, taken = self._first, sys.modules.get(name)
        try:
            made = self._execute(name, text, steps)
        except Exception:
            if before is not None and text == self.source.text:
                self._show_source(text)
                sys.modules[name] = made = before
            elif taken is not None and "." in name:  # what its package keeps of it may be in the way
                sys.modules[name] = taken
                made = self._import_anew(name, text, steps)
            else:
                raise
        if before is None and text == self.source.text:
            self._first = made
        return made

    def _import_anew(self, name: str, text: str, steps: Steps | None) -> ModuleType:
        self._unregister(name.partition(".")[0])
        self._show_source(text)
        names = self._names(text, steps)
        return import_anew(name, self.path, text, names)

    def _names(self, text: str, steps: Steps | None) -> dict[str, Any]:
        """What a module gets before it is executed."""
        names: dict[str, Any] = {} if steps is None else {NAME: steps.call}
        if text != self._on_disk:
            # Where a module has the file of a function, AutoGraph reads the source of both from disk again.
            names["__file__"] = str(Path(self.path).parent) + "/./" + Path(self.path).name
        return names

    def _execute(self, name: str, text: str, steps: Steps | None) -> ModuleType:
        loader = SourceFileLoader(name, self.path)
        is_package = Path(self.path).name == "__init__.py"
        spec = ModuleSpec(name, loader, origin=self.path, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [str(Path(self.path).parent)]
        module = importlib.util.module_from_spec(spec)
        vars(module).update(self._names(text, steps))
        self._show_source(text)
        sys.modules[name] = module
        self.script.execute(text, self.path, vars(module))
        return module

    def _show_source(self, text: str) -> None:
        """AutoGraph and `inspect` read the source here; without a time it is not read from disk again."""
        linecache.cache[self.path] = (len(text), None, text.splitlines(keepends=True), self.path)

    def custom_objects(self) -> dict[str, Any]:
        """What a saved model may name: the classes and functions of the module, and the class where it is nested."""
        found = {
            name: value
            for name, value in vars(self.module).items()
            if isinstance(value, (type, types.FunctionType)) and value.__module__ == self.name
        }
        return {self.probe.class_name.rpartition(".")[2]: self._named(), **found}

    def _named(self) -> Any:
        found: Any = sys.modules[self.probe.through] if self.probe.through else self.module
        for part in self.probe.class_name.split("."):
            found = getattr(found, part)
        return found

    def _unregister(self, package: str = "") -> None:
        """Forget the classes of the module, or of a package: Keras 2 refuses a second one of the same name."""
        names = {self.name, self.probe.through or self.name}
        for registry in _registries(self.framework):
            for key, value in list(registry.items()):
                modules = [str(getattr(each, "__module__", "")) for each in (key, value)]
                is_inside = package and any(f"{each}.".startswith(f"{package}.") for each in modules)
                if is_inside or not names.isdisjoint(modules):
                    del registry[key]

    def line_of(self, error: BaseException) -> int | None:
        """The innermost line of the module in the traceback."""
        lines = self.lines_of(error)
        return lines[-1] if lines else None

    def lines_of(self, error: BaseException) -> list[int]:
        """The lines of the module in the traceback, the innermost last.

        AutoGraph runs generated files: there the text of the error names the lines.
        """
        error = unwrapped(error)
        named = re.findall(rf'File "{re.escape(self.path)}", line (\d+)', str(error))
        if named:
            return [int(line) for line in named]
        found = self._frames(error.__traceback__)
        if not found and error.__cause__ is not None:
            return self.lines_of(error.__cause__)
        return found

    def _frames(self, trace: TracebackType | None) -> list[int]:
        return [frame.lineno or 0 for frame in traceback.extract_tb(trace) if frame.filename == self.path]

    def columns_of(self, error: BaseException) -> tuple[int, int] | None:
        """The columns, from 1, of what failed in the innermost line; None where Python does not say (before 3.11)."""
        trace, found = unwrapped(error).__traceback__, None
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == self.path and hasattr(code, "co_positions"):
                positions = list(code.co_positions())[trace.tb_lasti // 2]
                if positions[0] == positions[1] and positions[2] is not None and positions[3] is not None:
                    found = (positions[2] + 1, positions[3] + 1)
                else:
                    found = None
            trace = trace.tb_next
        return found


class LinesRun:
    """Records the lines of a file that run, within `with`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: set[int] = set()

    def __enter__(self) -> set[int]:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self.lines

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != self.path:
            return None
        self.lines.add(frame.f_lineno)
        return self._trace


def brief(error: BaseException) -> str:
    """Class and text of an error, on one line, without what Keras puts around it."""
    text = own_text(error)
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rstrip() + "..."
    name = type(unwrapped(error)).__name__
    return f"{name}: {text}" if text else name


def own_text(error: BaseException) -> str:
    """What an error itself says, on one line: what Keras puts around it may name anything in a configuration."""
    error = unwrapped(error)
    text = _COLOUR.sub("", _text(error))
    if "in user code:" in text:
        # AutoGraph puts frames before the error itself.
        text = re.split(r"^ *(?:[\w.]+\.)?\w*(?:Error|Exception|Warning)\w*: ", text, flags=re.MULTILINE)[-1]
    text = _ADDRESS.sub("", _GRAPH_NAME.sub("", text))
    lines = [line.strip() for line in text.splitlines()]
    text = " ".join(line for line in lines if line and not line.startswith(_FRAME))
    text = _ADVICE.split(text)[0]
    for opening in ("Error encountered: ", "Exception encountered: "):
        text = text.rpartition(opening)[2]
    return text


def unwrapped(error: BaseException) -> BaseException:
    """The error itself, where Keras failed to make one of JAX anew with more text."""
    while "_error_repr" in _text(error) and error.__context__ is not None:
        error = error.__context__
    return error


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # it is the user's class
        return ""


def _at(line: int | None) -> str:
    return "" if line is None else f", line {line}"


def _is_file(module: ModuleType, path: str) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).exists() and Path(file).samefile(path)


def _registries(framework: Framework) -> list[dict[Any, Any]]:
    private = framework.private("saving.object_registration")
    names = getattr(private, "_GLOBAL_CUSTOM_NAMES", None) or getattr(private, "GLOBAL_CUSTOM_NAMES", None) or {}
    return [framework.keras.utils.get_custom_objects(), names]
