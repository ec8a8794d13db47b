"""KLL206: keep the layer in an attribute as well, where Keras finds it."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.expressions import is_plain
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.kept_objects import free_attribute, is_in_method, is_repeated, kept
from keras_layer_lint.fixes.place import Place, own_nodes, walked
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.keras.names import canonical

_SELF = m.Name("self")
_OPEN = (cst.Lambda, cst.BaseComp, cst.IfExp, cst.BooleanOperation, cst.NamedExpr, cst.Await)
"""What is in them may run never, or often."""


def fix(place: Place) -> Fix | None:
    """Unsafe: what was neither trained nor saved is from then on, and files of weights hold more."""
    statement, owner = place.statement, place.owner
    if statement is None or owner is None:
        return None
    if statement in owner.body.body:
        return _from_class_body(place, owner, statement)
    if not is_in_method(place) or is_repeated(place, []):
        return None
    small = statement.body[0]
    if m.matches(small, m.Expr(m.Call(func=m.Attribute(m.Name(), m.Name("append"))))):
        return _by_attribute(place, cst.ensure_type(small, cst.Expr))
    return _kept_too(place, owner, statement) if isinstance(small, (cst.Assign, cst.AnnAssign)) else None


def _from_class_body(place: Place, owner: cst.ClassDef, statement: cst.SimpleStatementLine) -> Fix | None:
    """`shared = Dense(4)` in the body of a class: `self.shared = Dense(4)` in `__init__`."""
    small = statement.body[0]
    if not m.matches(small, m.Assign(targets=[m.AssignTarget(m.Name())])):
        return None
    assign = cst.ensure_type(small, cst.Assign)
    name = cst.ensure_type(assign.targets[0].target, cst.Name).value
    if _uses_of_class(place, owner, name) or not is_plain(assign.value):
        return None
    if {each.value for each in m.findall(assign.value, m.Name()) if isinstance(each, cst.Name)} & _in_body(owner):
        return None
    edit = in_init(place, kept(name, assign.value))
    span, lines = place.tree.span(statement), place.tree.lines
    if edit is None or len(owner.body.body) < 2 or span.end_line >= len(lines):
        return None
    around = lines[span.line - 1][: span.column - 1] + lines[span.end_line - 1][span.end_column - 1 :]
    if around.strip():
        return None
    is_apart = statement is owner.body.body[0] or not lines[span.line - 2].strip()
    last = span.end_line + (is_apart and not lines[span.end_line].strip())
    return Fix("unsafe", f"make `self.{name}` in `__init__`", (edit, Edit(Span(span.line, 1, last + 1, 1), "")))


def _uses_of_class(place: Place, owner: cst.ClassDef, name: str) -> bool:
    """Whether the file asks the class itself for the attribute."""
    of_class = m.Attribute(m.Name(owner.name.value) | m.Name("cls"), m.Name(name))
    return bool(m.findall(place.tree.module, of_class))


def _in_body(owner: cst.ClassDef) -> set[str]:
    """Names that the body of a class gives something: no method sees them."""
    lines = [each for each in owner.body.body if isinstance(each, cst.SimpleStatementLine)]
    targets = [target for line in lines for target in m.findall(line, m.AssignTarget(target=m.Name()))]
    return {cst.ensure_type(cst.ensure_type(each, cst.AssignTarget).target, cst.Name).value for each in targets}


def _by_attribute(place: Place, node: cst.Expr) -> Fix | None:
    """`heads.append(layer)` behind `self.heads = heads`: Keras 3 keeps a copy, which is to get it."""
    function, attribute = place.function, place.diagnostic.expectation.attribute
    holder = cst.ensure_type(cst.ensure_type(node.value, cst.Call).func, cst.Attribute).value
    assigned = m.Assign(targets=[m.AssignTarget(m.Attribute(_SELF, m.Name(attribute)))], value=m.Name())
    if function is None or not attribute:
        return None
    bound = [each for each in own_nodes(function) if m.matches(each, assigned)]
    if len(bound) != 1 or not cst.ensure_type(bound[0], cst.Assign).value.deep_equals(holder):
        return None
    new = cst.Attribute(cst.Name("self"), cst.Name(attribute))
    return Fix("unsafe", f"append to `self.{attribute}`", (place.replaced(holder, new),))


def _kept_too(place: Place, owner: cst.ClassDef, statement: cst.SimpleStatementLine) -> Fix | None:
    """Layers that are made within the statement get attributes before it, which then stand in their places."""
    value = getattr(statement.body[0], "value", None)
    if isinstance(value, cst.Set):
        return _as_list(place, owner, value)
    made = [] if value is None else _layers_in(place, value)
    if not made:
        return None
    edits, taken, lines = list[Edit](), list[str](), list[str]()
    for node in made:
        shown = f"{place.diagnostic.expectation.attribute}_{_class_of(node)}".lstrip("_")
        name = free_attribute(owner, shown, taken.count(shown))
        taken.append(shown)
        edit = place.before(statement, kept(name, node))
        if edit is None:
            return None
        lines.append(edit.text)
        first = edit.span
        edits.append(place.replaced(node, cst.Attribute(cst.Name("self"), cst.Name(name))))
    return Fix("unsafe", "keep it in an attribute, too", (Edit(first, "".join(lines)), *edits))


def _as_list(place: Place, owner: cst.ClassDef, value: cst.Set) -> Fix | None:
    """A set of layers becomes a list, which Keras looks through; the order in which a set gives them is no one's."""
    held = m.Attribute(_SELF, m.Name(place.diagnostic.expectation.attribute))
    layers = [each.value for each in value.elements if isinstance(each, cst.Element)]
    are_made = all(isinstance(each, cst.Call) and _makes_weights(place, each) for each in layers)
    if len(layers) < len(value.elements) or not are_made or m.findall(owner, m.Attribute(held)):
        return None
    opening = cst.LeftSquareBracket(value.lbrace.whitespace_after)
    closing = cst.RightSquareBracket(value.rbrace.whitespace_before)
    new = cst.List(value.elements, opening, closing)
    return Fix("unsafe", "keep them in a list", (place.replaced(value, new),))


def _layers_in(place: Place, value: cst.BaseExpression) -> list[cst.Call]:
    """The built-in layers that an expression makes, the outermost ones, each once; none where a part runs otherwise."""
    if any(isinstance(each, _OPEN) for each in walked(value)):
        return []
    found: list[cst.Call] = []
    stack: list[cst.CSTNode] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Call) and node is not value and _makes_weights(place, node):
            found.append(node)
        else:
            stack.extend(reversed(node.children))
    return found


def _makes_weights(place: Place, node: cst.Call) -> bool:
    facts = facts_of(canonical(meaning(place, node.func) or ""))
    return any(fact.has_weights is not False for fact in facts)


def _class_of(node: cst.Call) -> str:
    return node.func.attr.value if isinstance(node.func, cst.Attribute) else cst.ensure_type(node.func, cst.Name).value
