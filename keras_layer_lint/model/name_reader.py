"""Reading of code for the names that it uses, part by part in the order in which Python evaluates it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any, NamedTuple

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.scopes import Scope


class Form(Enum):
    """What is done with a name. All but `STORED` and `DELETED` read it."""

    READ = "read"
    """In any way that has no form of its own."""
    STORED = "stored"
    DELETED = "deleted"
    CALLED = "called"
    PASSED = "passed"
    """It is an argument of a call: `Use.argument` says which."""
    ATTRIBUTE = "attribute"
    """An attribute of it is read, stored or deleted."""
    SUBSCRIPTED = "subscripted"
    """An element of it is read, stored or deleted."""
    UNPACKED = "unpacked"
    """It is assigned to several targets, or stands behind `*` in a container."""
    ITERATED = "iterated"
    """A loop or a comprehension runs over it."""
    TESTED = "tested"
    """Its truth is asked for: `if x`, `not x`, `x and y`."""
    COMPARED = "compared"
    """It stands beside an operator such as `==`, `is` or `in`."""
    OPERAND = "operand"
    """It stands beside an arithmetic operator."""
    RETURNED = "returned"


class Use(NamedTuple):
    """One use of a name."""

    name: str
    """`x`, or `self.x` for an attribute of self. Reading or storing `self.x` also is a use of `self`."""
    form: Form
    node: cst.BaseExpression
    """The name itself, or the attribute."""
    parent: cst.CSTNode
    """The node whose direct part uses the name so: the call, the subscript, the comparison's target, the statement."""
    argument: int | str | None = None
    """For `PASSED`: the position, the keyword, `*` or `**`."""
    is_raised: bool = False
    """It stands in a `raise` statement."""

    @property
    def is_read(self) -> bool:
        """Whether the value is asked for."""
        return self.form not in (Form.STORED, Form.DELETED)


class _Part(NamedTuple):
    """A node still to be read, and what its parent does with it."""

    node: cst.CSTNode
    form: Form
    parent: cst.CSTNode
    scope: Scope
    argument: int | str | None = None


class NameReader:
    """One reading of a piece of code; the methods named for parts of Python's grammar say what each does with names."""

    def __init__(self, receiver: str = "self") -> None:
        self.found: list[tuple[Use, Scope]] = []
        self._receiver = receiver

    def read(self, code: cst.CSTNode) -> Iterator[Use]:
        """The uses, in order, of names that belong to the scope where the code stands."""
        stack = [_Part(code, Form.READ, code, Scope())]
        while stack:
            part = stack.pop()
            kind = type(part.node)
            if kind in _NAMELESS:
                continue
            handler = _HANDLERS.get(kind)
            if handler is None:
                node, scope = part.node, part.scope
                stack.extend([_Part(child, Form.READ, node, scope) for child in reversed(syntax.children(node))])
            else:
                parts = list(handler(self, part.node, part))
                parts.reverse()
                stack.extend(parts)
        for use, scope in self.found:  # a function may bind a name behind the place where it reads it
            if scope.parent is None or scope.leads_outside(use.name.partition(".")[0]):
                yield use

    def _record(self, name: str, node: cst.BaseExpression, part: _Part) -> None:
        if part.form is Form.STORED and node is part.node and isinstance(node, cst.Name):
            part.scope.bind(name)
        use = Use(name, part.form, node, part.parent, part.argument, part.scope.is_raised)
        self.found.append((use, part.scope))

    # Expressions

    def name(self, node: cst.Name, part: _Part) -> Iterable[_Part]:
        if node.value not in _CONSTANTS:
            self._record(node.value, node, part)
        return ()

    def attribute(self, node: cst.Attribute, part: _Part) -> Iterable[_Part]:
        if (name := syntax.self_attribute(node, self._receiver)) is not None:
            self._record(f"self.{name}", node, part)
        yield _Part(node.value, Form.ATTRIBUTE, node, part.scope)

    def subscript(self, node: cst.Subscript, part: _Part) -> Iterable[_Part]:
        yield _Part(node.value, Form.SUBSCRIPTED, node, part.scope)
        yield from (_Part(piece, Form.READ, node, part.scope) for piece in node.slice)

    def call(self, node: cst.Call, part: _Part) -> Iterable[_Part]:
        yield _Part(node.func, Form.CALLED, node, part.scope)
        for number, arg in enumerate(node.args):
            place = arg.star or (number if arg.keyword is None else arg.keyword.value)
            yield _Part(arg.value, Form.PASSED, node, part.scope, place)

    def starred(self, node: cst.StarredElement, part: _Part) -> Iterable[_Part]:
        if part.form in (Form.STORED, Form.DELETED):
            yield _Part(node.value, part.form, part.parent, part.scope)
        else:
            yield _Part(node.value, Form.UNPACKED, node, part.scope)

    def row(self, node: cst.Tuple | cst.List, part: _Part) -> Iterable[_Part]:
        form = part.form if part.form in (Form.STORED, Form.DELETED) else Form.READ
        parent = node if form is Form.READ else part.parent
        for element in node.elements:
            is_star = isinstance(element, cst.StarredElement)
            yield _Part(element if is_star else element.value, form, parent, part.scope)

    def operation(self, node: cst.BinaryOperation | cst.UnaryOperation, part: _Part) -> Iterable[_Part]:
        if isinstance(node, cst.BinaryOperation):
            yield _Part(node.left, Form.OPERAND, node, part.scope)
            yield _Part(node.right, Form.OPERAND, node, part.scope)
        else:
            form = Form.TESTED if isinstance(node.operator, cst.Not) else Form.OPERAND
            yield _Part(node.expression, form, node, part.scope)

    def either(self, node: cst.BooleanOperation, part: _Part) -> Iterable[_Part]:
        yield _Part(node.left, Form.TESTED, node, part.scope)
        form = Form.TESTED if part.form is Form.TESTED else Form.READ
        yield _Part(node.right, form, node, part.scope)

    def comparison(self, node: cst.Comparison, part: _Part) -> Iterable[_Part]:
        yield _Part(node.left, Form.COMPARED, node, part.scope)
        yield from (_Part(target.comparator, Form.COMPARED, target, part.scope) for target in node.comparisons)

    def choice(self, node: cst.IfExp, part: _Part) -> Iterable[_Part]:
        yield _Part(node.test, Form.TESTED, node, part.scope)
        yield _Part(node.body, Form.READ, node, part.scope)
        yield _Part(node.orelse, Form.READ, node, part.scope)

    def walrus(self, node: cst.NamedExpr, part: _Part) -> Iterable[_Part]:
        yield _Part(node.value, Form.READ, node, part.scope)
        scope = part.scope
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        yield _Part(node.target, Form.STORED, node, scope)

    def comprehension(self, node: cst.BaseComp, part: _Part) -> Iterable[_Part]:
        inner = Scope(part.scope, is_comprehension=True, is_raised=part.scope.is_raised)
        clause: cst.CompFor | None = node.for_in
        outer = part.scope  # the first loop runs over what is found outside
        while clause is not None:
            yield _Part(clause.iter, Form.ITERATED, clause, outer)
            yield _Part(clause.target, Form.STORED, clause, inner)
            yield from (_Part(each.test, Form.TESTED, each, inner) for each in clause.ifs)
            clause, outer = clause.inner_for_in, inner
        heads = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        yield from (_Part(head, Form.READ, node, inner) for head in heads)

    def lambda_(self, node: cst.Lambda, part: _Part) -> Iterable[_Part]:
        inner = Scope(part.scope, is_raised=part.scope.is_raised)
        yield from self._parameters(node.params, part.scope, inner)
        yield _Part(node.body, Form.READ, node, inner)

    # Statements

    def function(self, node: cst.FunctionDef, part: _Part) -> Iterable[_Part]:
        yield from (_Part(each.decorator, Form.READ, each, part.scope) for each in node.decorators)
        inner = Scope(part.scope)
        yield from self._parameters(node.params, part.scope, inner)
        yield _Part(node.name, Form.STORED, node, part.scope)
        yield _Part(node.body, Form.READ, node, inner)

    def _parameters(self, params: cst.Parameters, outer: Scope, inner: Scope) -> Iterable[_Part]:
        stars = [star for star in (params.star_arg, params.star_kwarg) if isinstance(star, cst.Param)]
        for param in (*params.posonly_params, *params.params, *params.kwonly_params, *stars):
            inner.bound.add(param.name.value)
            if param.default is not None:
                yield _Part(param.default, Form.READ, param, outer)

    def class_(self, node: cst.ClassDef, part: _Part) -> Iterable[_Part]:
        yield from (_Part(each.decorator, Form.READ, each, part.scope) for each in node.decorators)
        yield from (_Part(arg.value, Form.READ, node, part.scope) for arg in (*node.bases, *node.keywords))
        yield _Part(node.body, Form.READ, node, Scope(part.scope, is_class=True))
        yield _Part(node.name, Form.STORED, node, part.scope)

    def assign(self, node: cst.Assign, part: _Part) -> Iterable[_Part]:
        targets = [each.target for each in node.targets]
        is_unpacked = any(isinstance(target, cst.Tuple | cst.List) for target in targets)
        yield _Part(node.value, Form.UNPACKED if is_unpacked else Form.READ, node, part.scope)
        yield from (_Part(target, Form.STORED, node, part.scope) for target in targets)

    def annotated(self, node: cst.AnnAssign, part: _Part) -> Iterable[_Part]:
        if node.value is not None:
            yield _Part(node.value, Form.READ, node, part.scope)
            yield _Part(node.target, Form.STORED, node, part.scope)

    def augmented(self, node: cst.AugAssign, part: _Part) -> Iterable[_Part]:
        yield _Part(node.target, Form.OPERAND, node, part.scope)
        yield _Part(node.value, Form.OPERAND, node, part.scope)
        if isinstance(node.target, cst.Name) or syntax.self_attribute(node.target) is not None:
            yield _Part(node.target, Form.STORED, node, part.scope)

    def loop(self, node: cst.For, part: _Part) -> Iterable[_Part]:
        yield _Part(node.iter, Form.ITERATED, node, part.scope)
        yield _Part(node.target, Form.STORED, node, part.scope)
        yield from self._blocks(node, part.scope)

    def tested(self, node: cst.If | cst.While | cst.Assert, part: _Part) -> Iterable[_Part]:
        yield _Part(node.test, Form.TESTED, node, part.scope)
        yield from self._blocks(node, part.scope)

    def _blocks(self, node: cst.If | cst.While | cst.For | cst.Assert, scope: Scope) -> Iterable[_Part]:
        rest = (node.msg,) if isinstance(node, cst.Assert) else (node.body, node.orelse)
        yield from (_Part(each, Form.READ, node, scope) for each in rest if each is not None)

    def with_item(self, node: cst.WithItem, part: _Part) -> Iterable[_Part]:
        yield _Part(node.item, Form.READ, node, part.scope)
        if node.asname is not None:
            yield _Part(node.asname.name, Form.STORED, node, part.scope)

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler, part: _Part) -> Iterable[_Part]:
        if node.type is not None:
            yield _Part(node.type, Form.READ, node, part.scope)
        if node.name is not None:
            yield _Part(node.name.name, Form.STORED, node, part.scope)
        yield _Part(node.body, Form.READ, node, part.scope)

    def returned(self, node: cst.Return, part: _Part) -> Iterable[_Part]:
        if node.value is not None:
            yield _Part(node.value, Form.RETURNED, node, part.scope)

    def raised(self, node: cst.Raise, part: _Part) -> Iterable[_Part]:
        inner = Scope(part.scope, is_passage=True, is_raised=True)
        yield from (_Part(child, Form.READ, node, inner) for child in syntax.children(node))

    def deleted(self, node: cst.Del, part: _Part) -> Iterable[_Part]:
        yield _Part(node.target, Form.DELETED, node, part.scope)

    def imported(self, node: cst.Import | cst.ImportFrom, part: _Part) -> Iterable[_Part]:
        for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
            name: Any = alias.name if alias.asname is None else alias.asname.name
            while isinstance(name, cst.Attribute):
                name = name.value
            yield _Part(name, Form.STORED, node, part.scope)

    def declared(self, node: cst.Global | cst.Nonlocal, part: _Part) -> Iterable[_Part]:
        names = {item.name.value for item in node.names}
        if part.scope.parent is not None:
            part.scope.elsewhere.update(names)
            if isinstance(node, cst.Global):
                part.scope.of_module.update(names)
        return ()

    # Patterns of `match`

    def bound_by_pattern(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping, part: _Part) -> Iterable[_Part]:
        name = node.rest if isinstance(node, cst.MatchMapping) else node.name
        yield from (_Part(each, Form.READ, node, part.scope) for each in syntax.children(node) if each is not name)
        if name is not None:
            yield _Part(name, Form.STORED, node, part.scope)

    def keyword_pattern(self, node: cst.MatchKeywordElement, part: _Part) -> Iterable[_Part]:
        yield _Part(node.pattern, Form.READ, node, part.scope)


_NAMELESS = frozenset({cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary, cst.Pass, cst.Break, cst.Continue})
"""What holds no name."""
_CONSTANTS = frozenset({"True", "False", "None"})
"""LibCST keeps them as names."""
_HANDLERS: dict[type[cst.CSTNode], Callable[[NameReader, Any, _Part], Iterable[_Part]]] = {
    cst.Name: NameReader.name,
    cst.Attribute: NameReader.attribute,
    cst.Subscript: NameReader.subscript,
    cst.Call: NameReader.call,
    cst.StarredElement: NameReader.starred,
    cst.Tuple: NameReader.row,
    cst.List: NameReader.row,
    cst.BinaryOperation: NameReader.operation,
    cst.UnaryOperation: NameReader.operation,
    cst.BooleanOperation: NameReader.either,
    cst.Comparison: NameReader.comparison,
    cst.IfExp: NameReader.choice,
    cst.NamedExpr: NameReader.walrus,
    cst.ListComp: NameReader.comprehension,
    cst.SetComp: NameReader.comprehension,
    cst.DictComp: NameReader.comprehension,
    cst.GeneratorExp: NameReader.comprehension,
    cst.Lambda: NameReader.lambda_,
    cst.FunctionDef: NameReader.function,
    cst.ClassDef: NameReader.class_,
    cst.Assign: NameReader.assign,
    cst.AnnAssign: NameReader.annotated,
    cst.AugAssign: NameReader.augmented,
    cst.For: NameReader.loop,
    cst.If: NameReader.tested,
    cst.While: NameReader.tested,
    cst.Assert: NameReader.tested,
    cst.WithItem: NameReader.with_item,
    cst.ExceptHandler: NameReader.handler,
    cst.ExceptStarHandler: NameReader.handler,
    cst.Return: NameReader.returned,
    cst.Raise: NameReader.raised,
    cst.Del: NameReader.deleted,
    cst.Import: NameReader.imported,
    cst.ImportFrom: NameReader.imported,
    cst.Global: NameReader.declared,
    cst.Nonlocal: NameReader.declared,
    cst.MatchAs: NameReader.bound_by_pattern,
    cst.MatchStar: NameReader.bound_by_pattern,
    cst.MatchMapping: NameReader.bound_by_pattern,
    cst.MatchKeywordElement: NameReader.keyword_pattern,
}
