"""Forms of code that single rules ask for."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import libcst as cst

from keras_layer_lint.model import syntax, uses


def method_called(node: cst.CSTNode | None) -> str | None:
    """The name of the method that an expression calls: `update` of `config.update(...)`."""
    match node:
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=name))):
            return name
        case _:
            return None


def function_called(node: cst.CSTNode | None) -> str | None:
    """The dotted name of what an expression calls, where it has one."""
    return syntax.dotted(node.func) if isinstance(node, cst.Call) else None


def last_name_called(node: cst.Call) -> str:
    """The last part of the name of what is called, a method's too; empty where it has none."""
    match node.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case _:
            return ""


def calls_in_value(statement: cst.CSTNode | None) -> tuple[cst.Call, ...]:
    """The calls in what a statement assigns."""
    value = statement.value if isinstance(statement, cst.Assign | cst.AnnAssign) else None
    return () if value is None else syntax.calls_in(value)


def calls_method(code: cst.CSTNode, names: Container[str]) -> bool:
    """Whether some call in the code is of a method of one of these names."""
    return any(method_called(node) in names for node in syntax.walk(code))


def has_unbound_super(code: cst.CSTNode) -> bool:
    """Whether `super(Name)` stands in the code, which is bound to nothing."""
    return any(
        isinstance(node, cst.Call) and syntax.dotted(node.func) == "super" and len(node.args) == 1
        for node in syntax.walk(code)
    )


def takes_state(code: cst.CSTNode) -> bool:
    """Whether the attributes of another object become those of self: `self.__dict__.update(other.__dict__)`."""
    for node in syntax.walk(code):
        match node:
            case cst.Call(func=cst.Attribute(value=own, attr=cst.Name(value="update")), args=args) if args:
                given: list[cst.BaseExpression] = [arg.value for arg in args]
            case cst.Assign(targets=[cst.AssignTarget(target=own)], value=value):
                given = [value]
            case _:
                continue
        if _holder_of_state(own) == "self" and any(_holders_within(value) - {"self"} for value in given):
            return True
    return False


def _holders_within(value: cst.CSTNode) -> set[str]:
    return {holder for part in syntax.walk(value) if (holder := _holder_of_state(part)) is not None}


def _holder_of_state(node: cst.CSTNode) -> str | None:
    """The object whose attributes an expression is the dict of, as written: `x.__dict__`, `vars(x)`."""
    match node:
        case cst.Attribute(value=holder, attr=cst.Name(value="__dict__")):
            return syntax.source(holder)
        case cst.Call(func=cst.Name(value="vars"), args=[cst.Arg(value=holder)]):
            return syntax.source(holder)
    return None


def is_by_identity(key: cst.BaseExpression, code: cst.CSTNode) -> bool:
    """Whether a key of a container tells objects apart, `id(x)`, `hash(x)` and `x.ref()`, or a name is one of these."""
    if any(_asks_for_identity(node) for node in syntax.walk(key)):
        return True
    names = {node.value for node in syntax.walk(key) if isinstance(node, cst.Name)}
    return any(
        isinstance(node, cst.Assign)
        and any(isinstance(item.target, cst.Name) and item.target.value in names for item in node.targets)
        and any(_asks_for_identity(part) for part in syntax.walk(node.value))
        for node in syntax.walk(code)
    )


def _asks_for_identity(node: cst.CSTNode) -> bool:
    match node:
        case cst.Call(func=cst.Name(value="id" | "hash"), args=[_]):
            return True
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="ref" | "experimental_ref")), args=[]):
            return True
    return False


def becomes_text(node: cst.CSTNode, code: cst.CSTNode) -> bool:
    """Whether an expression of the code goes straight into text: `str(...)`, a placeholder, `.hex`."""
    for parent in syntax.walk(code):
        match parent:
            case cst.Call(func=cst.Name(value="str"), args=[cst.Arg(value=inner)]) if inner is node:
                return True
            case cst.FormattedStringExpression(expression=inner) if inner is node:
                return True
            case cst.Attribute(value=inner, attr=cst.Name(value="hex" | "urn")) if inner is node:
                return True
            case _:
                pass
    return False


def attributes_of_self(code: cst.CSTNode) -> set[str]:
    """The attributes of `self` that the code names, whatever it does with them."""
    return {name for node in syntax.walk(code) if (name := syntax.self_attribute(node)) is not None}


def tests_attribute(code: cst.CSTNode, attribute: str) -> bool:
    """Whether some `if` in the code depends on an attribute of `self`."""
    return any(
        isinstance(node, cst.If) and f"self.{attribute}" in uses.names_read(node.test) for node in syntax.walk(code)
    )


def reads_static(code: cst.CSTNode, attribute: str) -> list[bool]:
    """Tell for each place that reads `self.attribute` whether a tensor there is asked only for its shape or dtype.

    Places that compare it with None are left out.
    """
    reads = [use for use in uses.uses_of(code) if use.name == f"self.{attribute}" and use.is_read]
    return [
        use.form is uses.Form.ATTRIBUTE and isinstance(use.parent, cst.Attribute) and use.parent.attr.value in _STATIC
        for use in reads
        if not (use.form is uses.Form.COMPARED and _is_none(use.parent))
    ]


_STATIC = frozenset({"shape", "dtype", "ndim", "get_shape"})


def _is_none(parent: cst.CSTNode) -> bool:
    """Whether a comparison is with None."""
    parts = [part.comparator for part in parent.comparisons] if isinstance(parent, cst.Comparison) else [parent]
    return all(isinstance(part, cst.Name) and part.value == "None" for part in parts)


def may_reach_any_attribute(code: cst.CSTNode) -> bool:
    """Whether the code gets at attributes of `self` whose names are not written: `getattr`, `vars`, `self(...)`."""
    return any(
        node.func.value in ("self", "getattr")
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name)
        else isinstance(node, cst.Name) and node.value in ("vars", "setattr")
        for node in syntax.walk(code)
    )


def returned(function: cst.FunctionDef | cst.Lambda) -> list[cst.BaseExpression]:
    """What a function returns at each `return` that has a value."""
    if isinstance(function, cst.Lambda):
        return [function.body]
    parts = syntax.walk(function.body, into_functions=False)
    return [part.value for part in parts if isinstance(part, cst.Return) and part.value is not None]


def conditions_before(code: cst.CSTNode, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What is tested in the code on the way to a node: around it, and by an `if` before it that leaves."""
    for test, _ in outcomes_before(code, node):
        yield test


def outcomes_before(code: cst.CSTNode, node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, bool | None]]:
    """As `conditions_before`, each with the outcome that leads to the node; None where it is no truth."""
    here = code
    while here is not node:
        inside = next((child for child in syntax.children(here) if syntax.holds(child, node)), None)
        if inside is None:
            return
        match here:
            case cst.If(test=test) | cst.IfExp(test=test) | cst.While(test=test) if inside is not test:
                yield test, inside is here.body
            case cst.Match(subject=subject) if inside is not subject:
                yield subject, None
            case cst.BooleanOperation(left=left, operator=operator, right=right) if inside is right:
                yield left, isinstance(operator, cst.And)
            case cst.IndentedBlock(body=body):
                before = [statement for statement in body[: _place(body, inside)] if isinstance(statement, cst.If)]
                yield from [(statement.test, False) for statement in before if _leaves(statement.body)]
        here = inside


def _place(body: Sequence[cst.CSTNode], node: cst.CSTNode) -> int:
    return next(number for number, statement in enumerate(body) if statement is node)


def _leaves(body: cst.BaseSuite) -> bool:
    """Whether the last statement of a block leaves the function."""
    statements = syntax.statements(body)
    last = syntax.simple(statements[-1])[-1] if statements else None
    return isinstance(last, cst.Return | cst.Raise)


def text_holds(node: cst.BaseExpression, part: str) -> bool:
    """Whether an expression that makes a text certainly puts `part` into it: a literal, an f-string, `a + "/b"`."""
    match node:
        case cst.SimpleString() | cst.ConcatenatedString():
            text = syntax.literal(node)
            return isinstance(text, str) and part in text
        case cst.FormattedString(parts=parts):
            return any(isinstance(piece, cst.FormattedStringText) and part in piece.value for piece in parts)
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
            return text_holds(left, part) or text_holds(right, part)
        case cst.BinaryOperation(left=left, operator=cst.Modulo()):
            return text_holds(left, part)
        case cst.Call(func=cst.Attribute(value=text, attr=cst.Name(value="format"))):
            return text_holds(text, part)
        case _:
            return False
