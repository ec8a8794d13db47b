"""The inputs of `benchmarks.growth`: valid Python that grows in one way each, as the text of files by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str]

IMPORTS = "import keras\nfrom keras import ops\n"
FAULT = "        return keras.layers.Dense(3)(x)\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to grow. `size` counts what the name says; the run starts with `start` of them and ends at `most`."""

    write: Callable[[int], Files]
    start: int
    most: int = 1 << 20
    """A limit of klint or of Python itself ends the growth there."""
    is_fixed: bool = False
    """Whether all that has a fix is fixed, too, in memory."""


def lines(template: str, size: int, indent: int = 8) -> str:
    """`template` on a line for each i below `size`; `{i}` and `{next}` are filled in."""
    return "".join(" " * indent + template.format(i=i, next=i + 1) + "\n" for i in range(size))


def items(template: str, size: int, separator: str = ", ") -> str:
    """`template` for each i below `size`, on one line."""
    return separator.join(template.format(i=i, next=i + 1) for i in range(size))


def layer(body: str, methods: str = "", name: str = "A", base: str = "keras.layers.Layer") -> str:
    """A layer with `body` in its `call`, which ends in a fault, and other methods."""
    return f"\n\nclass {name}({base}):\n    def call(self, x, y=None):\n{body}{FAULT}{methods}"


def module(*parts: str) -> Files:
    """One file, imports first."""
    return {"m.py": IMPORTS + "".join(parts)}


def in_call(template: str) -> Callable[[int], Files]:
    """So many lines in `call`."""
    return lambda size: module(layer(lines(template, size)))


def on_one_line(template: str, item: str, separator: str = ", ") -> Callable[[int], Files]:
    """One line in `call` with so many items in place of `@`."""
    return lambda size: module(layer(f"        {template.replace('@', items(item, size, separator))}\n"))


def at_top(template: str, body: str = "") -> Callable[[int], Files]:
    """So many lines at the top of the module, before a layer with `body` in its `call`."""
    return lambda size: module(lines(template, size, 0), layer(body))


def repeated(template: str, text: str) -> Callable[[int], Files]:
    """Something in `call` that holds a text so many times, in place of `@`."""
    return lambda size: module(layer(template.replace("@", text * size)))


def method(name: str, body: str, arguments: str = "x") -> str:
    """A method of the layer."""
    return f"\n    def {name}(self, {arguments}):\n{body}"


def in_init(template: str) -> Callable[[int], Files]:
    """So many lines in `__init__`, and `get_config`."""
    config = method("get_config", "        return {**super().get_config(), 'a0': self.a0}\n", "")
    head = "        super().__init__()\n"
    return lambda size: module(layer("", method("__init__", head + lines(template, size), "u=1") + config))


def inheritance(size: int) -> Files:
    parts = [layer("", name="A0")]
    parts += [layer("        x = super().call(x)\n", name=f"A{i}", base=f"A{i - 1}") for i in range(1, size)]
    return module(*parts)


def plain_inheritance(size: int) -> Files:
    """Without calls of `super()`."""
    return module(layer("", name="A0"), *(layer("", name=f"A{i}", base=f"A{i - 1}") for i in range(1, size)))


def inheritance_across_files(size: int) -> Files:
    """The base of a class stands in the file that sorts after its own."""
    files = {
        f"m{i:06}.py": f"{IMPORTS}from m{i + 1:06} import A{i + 1}\n" + layer("", name=f"A{i}", base=f"A{i + 1}")
        for i in range(size - 1)
    }
    return {**files, f"m{size - 1:06}.py": IMPORTS + layer("", name=f"A{size - 1}")}


def inheritance_the_other_way(size: int) -> Files:
    """The base of a class stands in the file that sorts before its own."""
    files = {
        f"m{i:06}.py": f"{IMPORTS}from m{i - 1:06} import A{i - 1}\n" + layer("", name=f"A{i}", base=f"A{i - 1}")
        for i in range(1, size)
    }
    return {"m000000.py": IMPORTS + layer("", name="A0"), **files}


def many_bases(size: int) -> Files:
    bases = items("M{i}", size)
    mixins = "".join(f"\n\nclass M{i}:\n    def m{i}(self):\n        pass\n" for i in range(size))
    return module(mixins, layer("", base=f"{bases}, keras.layers.Layer"))


def if_chain(size: int) -> Files:
    """`if`, `elif`, ...: deep to a parser, each condition on another name."""
    body = "".join(f"        {'elif' if i else 'if'} self.a{i}:\n            x = x + {i}\n" for i in range(size))
    return module(layer(body))


def nested_functions(size: int) -> Files:
    body = "".join(f"        def f{i}(z):\n            return z + {i}\n        x = f{i}(x)\n" for i in range(size))
    return module(layer(body))


def nested_patterns(size: int) -> Files:
    """Patterns two levels deep, many of them."""
    cases = "".join(f"            case (({i}, a), b):\n                x = x + 1\n" for i in range(size))
    return module(layer(f"        match x:\n{cases}"))


def helpers(size: int) -> Files:
    calls = lines("x = self.h{i}(x)", size)
    return module(layer(calls, "".join(method(f"h{i}", "        return x + 1\n") for i in range(size))))


def helper_chain(size: int) -> Files:
    """Each helper calls the next."""
    chain = "".join(method(f"h{i}", f"        return self.h{i + 1}(x)\n") for i in range(size))
    return module(layer("        x = self.h0(x)\n", chain + method(f"h{size}", "        return x\n")))


def helper_fan(size: int) -> Files:
    """Each helper calls the next one twice, with values that differ."""
    fan = "".join(
        method(f"h{i}", f"        return self.h{i + 1}(x, k + 1) + self.h{i + 1}(x, {i})\n", "x, k")
        for i in range(size)
    )
    return module(layer("        x = self.h0(x, 0)\n", fan + method(f"h{size}", "        return x\n", "x, k")))


def functions(size: int) -> Files:
    """Functions at module level that call each other."""
    text = "".join(f"\n\ndef f{i}(x):\n    return f{i + 1}(x) + 1\n" for i in range(size))
    return module(text, f"\n\ndef f{size}(x):\n    return x\n", layer("        x = f0(x)\n"))


def variables(size: int) -> Files:
    """Branches after many variables."""
    body = lines("v{i} = x + {i}", size) + lines("v{i} = v{i} if self.a else x", size)
    return module(layer(body))


def branches(size: int) -> Files:
    """Statements that join environments of many variables."""
    body = lines("v{i} = x + {i}", size)
    return module(layer(body + "".join(f"        if self.a{i}:\n            v{i} = x\n" for i in range(size))))


def loops(size: int) -> Files:
    return module(layer("".join(f"        for i{i} in range(3):\n            x = x + {i}\n" for i in range(size))))


def nested_loops(size: int) -> Files:
    """Loops within loops, and a statement in each."""
    body = "".join(
        f"{'    ' * i}        for i{i} in range(3):\n{'    ' * i}            x = x + 1\n" for i in range(size)
    )
    return module(layer(body))


def tries(size: int) -> Files:
    body = "".join(
        f"        try:\n            v{i} = f(x)\n        except ValueError:\n            pass\n" for i in range(size)
    )
    return module(layer(body))


def nested_dicts(size: int) -> Files:
    """`d = {"k": d}`, and the same of lists."""
    return module(layer("        d = {}\n        n = []\n" + lines("d = {{'k': d, 'j': d}}; n = [n, n]", size)))


def filled(size: int) -> Files:
    """A dict and a list that are filled one by one."""
    return module(layer("        d = {}\n        n = []\n" + lines("d['k{i}'] = x; n.append(x)", size)))


def config_keys(size: int) -> Files:
    """`get_config` that sets its keys one by one."""
    body = (
        "        config = super().get_config()\n"
        + lines("config['a{i}'] = self.a{i}", size)
        + "        return config\n"
    )
    init = "        super().__init__()\n" + lines("self.a{i} = a{i}", size)
    return module(layer("", method("__init__", init, items("a{i}=1", size)) + method("get_config", body, "")))


def updated(size: int) -> Files:
    """`config.update(...)` again and again."""
    body = "        config = super().get_config()\n" + lines("config.update({{'a{i}': 1}})", size)
    return module(layer("", method("get_config", body + "        return config\n", "")))


def weights(size: int) -> Files:
    return module(layer("", method("build", lines("self.w{i} = self.add_weight(shape=(3,), name='w{i}')", size))))


def layers_made(size: int) -> Files:
    """Layers made in `__init__`, and called."""
    init = "        super().__init__()\n" + lines("self.d{i} = keras.layers.Dense({next})", size)
    return module(layer(lines("x = self.d{i}(x)", size), method("__init__", init, "")))


def plain_files(size: int) -> Files:
    """Files without a layer that pass the gate: a class with a base, and a method called `build`."""
    text = "import os\nfrom base import Base\n\n\nclass Plain(Base):\n    def build(self):\n        return 1\n"
    text += "".join(f"\n    def m{i}(self, a, b=None):\n        return os.path.join(a, b or 'x')\n" for i in range(40))
    return {"base.py": "class Base:\n    pass\n", **{f"pkg{i % 50}/m{i}.py": text for i in range(size)}}


def empty_files(size: int) -> Files:
    """Files that do not pass the gate."""
    return {f"pkg{i % 50}/m{i}.py": "x = 1\n" for i in range(size)}


def layer_files(size: int) -> Files:
    return {f"m{i}.py": IMPORTS + layer("") for i in range(size)}


def deep_folders(size: int) -> Files:
    """Packages within packages."""
    folders = ["/".join(["p"] * depth) for depth in range(1, size + 1)]
    files = {f"{folder}/__init__.py": "" for folder in folders}
    return {**files, f"{folders[-1]}/m.py": IMPORTS + layer("")}


def reexports(size: int) -> Files:
    """A name that is handed on from module to module."""
    files = {f"m{i}.py": f"from m{i + 1} import A\n" for i in range(size)}
    return {**files, f"m{size}.py": IMPORTS + layer(""), "use.py": "from m0 import A\n" + layer("", name="B", base="A")}


def star_imports(size: int) -> Files:
    """A name behind many star imports of which the last one has it."""
    files = {f"m{i}.py": f"def f{i}():\n    pass\n" for i in range(size)}
    stars = "".join(f"from m{i} import *\n" for i in range(size))
    return {
        **files,
        "base.py": IMPORTS + layer(""),
        "m.py": f"from base import *\n{stars}" + layer("", name="B", base="A"),
    }


def suppressions(size: int) -> Files:
    """Comments that silence a finding each."""
    return module(*(layer("", name=f"A{i}").replace("(3)(x)", "(3)(x)  # noqa: KLL132") for i in range(size)))


def unused_suppressions(size: int) -> Files:
    """Comments that silence nothing."""
    return module(layer(lines("x = x + 1  # klint: ignore[KLL101]", size)))


def classes(size: int) -> Files:
    return module(*(layer("", name=f"A{i}") for i in range(size)))


def namesakes(size: int) -> Files:
    return module(*(layer("") for _ in range(size)))


def noqa_in_one_comment(size: int) -> Files:
    return module("# " + "noqa " * size + "kll\n", layer(""))


def methods(size: int) -> Files:
    return module(layer("", "".join(method(f"m{i}", "        return x\n") for i in range(size))))


def rebindings(size: int) -> Files:
    """A base whose name is bound again and again."""
    return module(lines("Base = keras.layers.Layer", size, 0), layer("", base="Base"))


def aliases(size: int) -> Files:
    """Each name is bound to the one before."""
    return module("B0 = keras.layers.Layer\n", lines("B{next} = B{i}", size, 0), layer("", base=f"B{size}"))


def local_classes(size: int) -> Files:
    """Classes in a function."""
    made = "".join(layer("", name=f"A{i}") for i in range(size)).replace("\n", "\n    ").rstrip(" ")
    return module(f"\n\ndef make():\n    pass\n{made}")


def blanks(size: int) -> Files:
    return module(f"class P({' ' * size}B):\n    def call(self):\n        pass\n")


def continued(size: int) -> Files:
    """A statement on many lines."""
    return module("x = 1 + \\\n1\n" * size, layer(""))


def unfinished(size: int) -> Files:
    """Classes whose `__init__` and `get_config` have a fix each."""
    text = """

class A{i}(keras.layers.Layer):
    def __init__(self, units=4, rate=0.5, **kwargs):
        self.units = units
        self.rate = rate

    def call(self, x):
        x = x * self.units * self.rate
        return keras.layers.Dense(3)(x)

    def get_config(self):
        return {{**super().get_config(), "units": self.units}}
"""
    return module(*(text.format(i=number) for number in range(size)))


KINDS: dict[str, Kind] = {
    "classes that are fixed": Kind(unfinished, 20, is_fixed=True),
    "prints that are fixed": Kind(in_call("print(x)"), 50, is_fixed=True),
    "tensor ifs that are fixed": Kind(in_call("y{i} = x if ops.sum(x) > {i} else -x"), 20, is_fixed=True),
    "keys of a dict in call": Kind(on_one_line("d = {@}", "'{i}': x"), 200),
    "items of a list in call": Kind(on_one_line("n = [@]", "{i}"), 200),
    "tensors in a list in call": Kind(on_one_line("n = [@]", "x + {i}"), 200),
    "items of a set in call": Kind(on_one_line("n = {@}", "{i}"), 200),
    "arguments of a call": Kind(on_one_line("f(@)", "x"), 200),
    "keywords of a call": Kind(on_one_line("f(@)", "k{i}=x"), 200),
    "items of a subscript": Kind(on_one_line("y = x[@]", "{i}"), 200),
    "names of a tuple target": Kind(on_one_line("@ = f(x)", "v{i}"), 200),
    "operands of sums": Kind(in_call("y = " + " + ".join("x" * 50)), 8),
    "links of chained calls": Kind(in_call("y = x" + ".a(1)" * 20), 8),
    "terms of an and": Kind(in_call("y = " + " and ".join(f"self.a{i}" for i in range(50))), 8),
    "calls within each other": Kind(in_call("y = " + "f(" * 20 + "x" + ")" * 20), 8),
    "characters of a string": Kind(repeated("        s = '@'\n", "a"), 2000, 4 << 20),
    "lines of a string": Kind(repeated("        s = '''@'''\n", "text\n"), 500),
    "parts of f-strings": Kind(in_call("s = f'{{x}} {{self.a{i}!r:>{{y}}}}'"), 50),
    "implicit parts of strings": Kind(in_call("s = 'a' 'b' 'c' 'd'"), 50),
    "assignments in call": Kind(in_call("v{i} = x + {i}"), 50),
    "calls in call": Kind(in_call("x = ops.add(x, {i})"), 50),
    "conditions on tensors": Kind(in_call("if ops.mean(x) > {i}: x = x + 1"), 25),
    "attributes read": Kind(in_call("y = self.a{i}"), 50),
    "attributes set in call": Kind(in_call("self.a{i} = x"), 25),
    "attributes set in __init__": Kind(in_init("self.a{i} = u"), 50),
    "attributes in a list": Kind(in_init("self.a{i} = [u, u, u]"), 50),
    "comprehensions": Kind(in_call("y = [z + {i} for z in [x, x]]"), 25),
    "lambdas": Kind(in_call("y = (lambda z: z + {i})(x)"), 25),
    "asserts": Kind(in_call("assert y is None or y > {i}"), 25),
    "del": Kind(in_call("v{i} = x; del v{i}"), 25),
    "walrus": Kind(in_call("y = (v{i} := x)"), 25),
    "imports in call": Kind(in_call("import a{i}.b"), 50),
    "imports": Kind(at_top("import a{i}.b as c{i}"), 200),
    "imports from keras": Kind(at_top("from keras.layers import L{i}"), 200),
    "module-level names": Kind(at_top("N{i} = N{next}", "        y = N0\n"), 200),
    "rebindings of a name": Kind(rebindings, 100),
    "aliases of a class": Kind(aliases, 100),
    "classes": Kind(classes, 8),
    "plain classes": Kind(at_top("class P{i}: z = 1"), 200),
    "classes of one name": Kind(namesakes, 8),
    "classes in a function": Kind(local_classes, 8),
    "methods": Kind(methods, 50),
    "inheritance": Kind(inheritance, 8),
    "inheritance without super": Kind(plain_inheritance, 8),
    "inheritance across files": Kind(inheritance_across_files, 8),
    "inheritance the other way": Kind(inheritance_the_other_way, 8),
    "bases of a class": Kind(many_bases, 25),
    "branches of an if chain": Kind(if_chain, 16, 64),
    "nested functions": Kind(nested_functions, 16),
    "nested match patterns": Kind(nested_patterns, 16),
    "helpers": Kind(helpers, 16),
    "helpers that call the next": Kind(helper_chain, 16),
    "helpers that call the next twice": Kind(helper_fan, 16),
    "functions that call the next": Kind(functions, 50),
    "variables": Kind(variables, 25),
    "branches over many variables": Kind(branches, 25),
    "loops": Kind(loops, 16),
    "loops within each other": Kind(nested_loops, 4, 16),
    "try statements": Kind(tries, 16),
    "containers within each other": Kind(nested_dicts, 25),
    "containers filled one by one": Kind(filled, 25),
    "keys of get_config": Kind(config_keys, 25),
    "updates of a config": Kind(updated, 25),
    "weights": Kind(weights, 25),
    "layers made": Kind(layers_made, 16),
    "files without a layer": Kind(plain_files, 50),
    "files without a class": Kind(empty_files, 500, 16_000),
    "files with a layer": Kind(layer_files, 16),
    "folders within each other": Kind(deep_folders, 8, 64),
    "modules that hand a name on": Kind(reexports, 8),
    "star imports": Kind(star_imports, 16),
    "comments": Kind(in_call("# a comment of no interest"), 500),
    "noqa in one comment": Kind(noqa_in_one_comment, 500),
    "comments with noqa": Kind(in_call("x = x  # noqa: E501"), 100),
    "suppressions": Kind(suppressions, 8),
    "unused suppressions": Kind(unused_suppressions, 50),
    "blanks in a class head": Kind(blanks, 2000),
    "blank lines": Kind(at_top(""), 2000),
    "backslashes": Kind(continued, 100),
}
