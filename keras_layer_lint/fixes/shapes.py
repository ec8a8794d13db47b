"""Which shapes layers get in `call`, told by the shapes that `build` gets: as far as the code says it plainly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import call, called
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.place import Place, parameters_of, walked
from keras_layer_lint.keras.layers import Trait, facts_of, has_trait
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.target import Generation

_KEEPING = frozenset(
    """
    abs cast dropout elu exp gelu identity leaky_relu relu selu sigmoid silu softmax softplus square swish tanh
    """.split()
)
"""Functions that give a tensor of the shape of their first argument."""
_FLAGS = frozenset({"attention_mask", "mask", "training", "use_causal_mask"})
"""What a layer is given that says nothing of shapes."""
_NUMBER = m.Integer() | m.Float()
_OPEN = (cst.IfExp, cst.BooleanOperation, cst.Lambda, cst.BaseComp, cst.NamedExpr)
"""What is in them may run never, or often."""

Shapes = dict[str, cst.BaseExpression]
"""By the name of a variable."""


def shapes_in_build(place: Place, build: cst.FunctionDef | None) -> Shapes | None:
    """The shapes that `build` gets, by the arguments of `call`: one without a `build` gets that of the first."""
    function = place.method("call")
    if function is None:
        return None
    taken = [each.name.value for each in parameters_of(function)]
    given = ["input_shape"] if build is None else [each.name.value for each in parameters_of(build)]
    if len(given) == 1 and taken:
        return {taken[0]: cst.Name(given[0])}
    names: Shapes = {each.removesuffix("_shape"): cst.Name(each) for each in given if each.endswith("_shape")}
    return names if len(names) == len(given) and names.keys() <= set(taken) else None


class CallShapes:
    """The shapes that built-in layers on self get in the `call` of a class."""

    def __init__(self, place: Place, shapes: Shapes) -> None:
        self._place = place
        self._shapes = dict(shapes)
        self.of_layers: dict[str, tuple[cst.BaseExpression, ...]] = {}
        """By attribute: the shapes that the layer is built on, where it certainly is called on tensors of these."""
        function = place.method("call")
        body = function.body.body if function is not None and isinstance(function.body, cst.IndentedBlock) else ()
        for statement in body:
            if not self._run(statement):
                break

    def _run(self, statement: cst.BaseStatement | cst.BaseSmallStatement) -> bool:
        """Follow one statement; whether what stands behind it certainly runs, too."""
        if not isinstance(statement, cst.SimpleStatementLine):
            for name in _bound_in(statement):
                self._shapes.pop(name, None)
            return not m.findall(statement, m.Return())
        for small in statement.body:
            if isinstance(small, cst.Assign):
                shape = self._shape(small.value)
                for target in small.targets:
                    for name in _bound_in(target):
                        self._shapes.pop(name, None)
                    if shape is not None and isinstance(target.target, cst.Name):
                        self._shapes[target.target.value] = shape
            else:
                for child in small.children:
                    if isinstance(child, cst.BaseExpression):
                        self._shape(child)
                for name in _bound_in(small):
                    self._shapes.pop(name, None)
        return True

    def _shape(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The shape of what an expression gives; the layers that are called in it are noted."""
        if isinstance(node, _OPEN):
            return None
        if isinstance(node, cst.Name):
            return self._shapes.get(node.value)
        if isinstance(node, cst.Call):
            return self._of_call(node)
        found = [self._shape(child) for child in _expressions_in(node)]
        if isinstance(node, cst.BinaryOperation):
            sides = (node.left, node.right)
            return next(
                (shape for shape, other in zip(found, sides[::-1], strict=True) if m.matches(other, _NUMBER)), None
            )
        return None

    def _of_call(self, node: cst.Call) -> cst.BaseExpression | None:
        given = [(each, self._shape(each.value)) for each in node.args]
        shapes = [shape for each, shape in given if each.keyword is None]
        flags = {each.keyword.value for each, _ in given if each.keyword is not None}
        if not m.matches(node.func, m.Attribute(m.Name("self"))):
            name = (called(self._place, node) or "").rpartition(".")[2]
            return shapes[0] if name in _KEEPING and shapes else None
        attribute = cst.ensure_type(node.func, cst.Attribute)
        kind = builtin_kept_in(self._place, attribute.attr.value)
        facts = facts_of(kind, (Generation.KERAS3,)) if kind is not None else ()
        known = [shape for shape in shapes if shape is not None]
        if not facts or not known or len(known) != len(shapes) or flags - _FLAGS or any(each.star for each, _ in given):
            return None
        if len(known) <= len(facts[0].build) and (len(known) == 1 or len(facts[0].build) > 1):
            self.of_layers.setdefault(attribute.attr.value, tuple(known))
        one = len(known) == 1 and has_trait(kind, Trait.TAKES_ONE_TENSOR)
        return call(cst.Attribute(attribute, cst.Name("compute_output_shape")), known[0]) if one else None


def builtin_kept_in(place: Place, attribute: str) -> str | None:
    """The built-in layer, by canonical name, that an attribute of self certainly holds."""
    owner = place.owner
    if owner is None:
        return None
    target = m.Attribute(m.Name("self"), m.Name(attribute))
    bound = [
        each
        for each in walked(owner)
        if isinstance(each, cst.Assign) and any(m.matches(t.target, target) for t in each.targets)
    ]
    others = m.findall(owner, m.AugAssign(target=target) | m.AnnAssign(target=target) | m.For(target=target))
    if len(bound) != 1 or others or not isinstance(bound[0].value, cst.Call):
        return None
    name = canonical(meaning(place, bound[0].value.func) or "")
    return name if facts_of(name, (Generation.KERAS3,)) else None


def _expressions_in(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The expressions right below one, in the order of the text."""
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            yield child
        elif not isinstance(child, cst.BaseSuite):
            yield from _expressions_in(child)


def _bound_in(node: cst.CSTNode) -> set[str]:
    """Names that may be given something else there."""
    targets: Sequence[cst.CSTNode] = m.findall(
        node, m.AssignTarget() | m.AugAssign() | m.AnnAssign() | m.NamedExpr() | m.For() | m.AsName() | m.Del()
    )
    found: set[str] = set()
    for each in targets:
        part = each.name if isinstance(each, cst.AsName) else getattr(each, "target", each)
        found |= {name.value for name in walked(part) if isinstance(name, cst.Name)}
    return found
