"""KLL213: compute it outside of the graph that Keras 3 builds layers in, or with NumPy."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.expressions import appended, call, called
from keras_layer_lint.fixes.imports import imports, written
from keras_layer_lint.fixes.kept_objects import locals_of
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of, walked

_COMPUTING = ("tensorflow.", "keras.", "numpy.", "tf_keras.")
_OF_NUMBERS = ("numpy.", "math.")
_OF_PYTHON = frozenset("abs float int len list max min range reversed round sorted sum tuple zip".split())
_ADDED = m.Call(func=m.Attribute(attr=m.Name("add_weight") | m.Name("Variable")) | m.Name("Variable"))
_FILLED = frozenset({"keras.ops.ones", "keras.ops.zeros"})
_WITH_DTYPE = frozenset({"keras.ops.arange", *_FILLED})
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def fix(place: Place) -> Fix | None:
    """Safe where the very same is computed eagerly; unsafe where the tensor becomes an array."""
    build, statement = place.function, place.statement
    if build is None or statement is None or build is not place.method("build") or place.diagnostic.keras != ("3",):
        return None
    small = statement.body[0]
    if not m.matches(small, m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self")))])):
        return None
    value = cst.ensure_type(small, cst.Assign).value
    if not place.diagnostic.expectation.backend and imports(place, "tensorflow"):
        return _outside(place, statement) if _Static(place, build).holds(value, _COMPUTING) else None
    return _as_array(place, value) if _Static(place, build).holds(value, _COMPUTING) else None


def _outside(place: Place, statement: cst.SimpleStatementLine) -> Fix | None:
    """`with tf.init_scope():`, where TensorFlow computes eagerly, whatever graph is being built."""
    scope = written(place, "tensorflow.init_scope")
    span, lines = place.tree.span(statement), place.tree.lines
    if scope is None or span.end_line >= len(lines) or lines[span.line - 1][: span.column - 1].strip():
        return None
    bare = statement.with_changes(leading_lines=())
    block = cst.With([cst.WithItem(call(scope.node))], cst.IndentedBlock([bare]))
    edit = place.before(statement, block)
    if edit is None:
        return None
    whole = Edit(Span(span.line, 1, span.end_line + 1, 1), edit.text)
    return Fix("safe", "compute it outside of the graph", (*scope.edits, whole))


def _as_array(place: Place, value: cst.BaseExpression) -> Fix | None:
    """`keras.ops.zeros(shape)`: the array of NumPy, of the dtype that the tensor has."""
    name = called(place, value) or ""
    dtypes = [each for each in getattr(value, "args", ()) if m.matches(each.keyword, m.Name("dtype"))]
    if not isinstance(value, cst.Call) or name not in _WITH_DTYPE or any(each.star for each in value.args):
        return None
    is_positional = len([each for each in value.args if each.keyword is None]) > 1
    if not dtypes and (name not in _FILLED or is_positional):
        return None
    function, floatx = written(place, f"numpy.{name.rpartition('.')[2]}"), written(place, "keras.config.floatx")
    if function is None or floatx is None:
        return None
    new, edits = value.with_changes(func=function.node), function.edits
    if not dtypes:
        dtype = cst.Arg(call(floatx.node), keyword=cst.Name("dtype"), equal=_EQUAL)
        new, edits = appended(new, [dtype]), tuple(dict.fromkeys((*edits, *floatx.edits)))
    return Fix("unsafe", f"use `{function.name}`", (*edits, place.replaced(value, new)))


class _Static:
    """Whether expressions of `build` are computed from numbers and shapes alone: no tensor of the graph, no weight."""

    def __init__(self, place: Place, build: cst.FunctionDef) -> None:
        self._place = place
        self._bound = dict[str, list[cst.BaseExpression]]()
        for node in own_nodes(build):
            if isinstance(node, cst.Assign):
                for target in node.targets:
                    self._bound.setdefault(_shown(target.target), []).append(node.value)
        self._locals = locals_of(build) - {each.name.value for each in parameters_of(build)}
        self._seen = set[str]()

    def holds(self, node: cst.BaseExpression, functions: tuple[str, ...]) -> bool:
        """Whether it calls nothing but functions of these libraries and of Python, on what is static as well."""
        return all(self._is_static(each, functions) for each in walked(node))

    def _is_static(self, node: cst.CSTNode, functions: tuple[str, ...]) -> bool:
        if isinstance(node, cst.Call):
            of_python = isinstance(node.func, cst.Name) and node.func.value in _OF_PYTHON
            return of_python or (called(self._place, node) or "").startswith(functions)
        if m.matches(node, m.Attribute(m.Name("self"))):
            return not self._is_weight(node) and self._is_number(_shown(node), may_be_elsewhere=True)
        if isinstance(node, cst.Name) and node.value in {*self._locals, *self._bound}:
            return self._is_number(node.value, may_be_elsewhere=node.value not in self._locals)
        return not isinstance(node, (cst.Lambda, cst.NamedExpr))

    def _is_number(self, name: str, *, may_be_elsewhere: bool) -> bool:
        """Whether all that `build` gives a name is static, and no tensor."""
        given = self._bound.get(name, [])
        if name in self._seen:
            return True
        self._seen.add(name)
        return (bool(given) or may_be_elsewhere) and all(self.holds(each, _OF_NUMBERS) for each in given)

    def _is_weight(self, node: cst.CSTNode) -> bool:
        owner = self._place.owner
        made = m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self")))], value=m.Call())
        every = [] if owner is None else [cst.ensure_type(each, cst.Assign) for each in m.findall(owner, made)]
        return any(_shown(each.targets[0].target) == _shown(node) and m.matches(each.value, _ADDED) for each in every)


def _shown(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
