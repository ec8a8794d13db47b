"""Goes through the code of a method in the order in which it runs."""

from __future__ import annotations

import ast


class InOrder(ast.NodeVisitor):
    """Tells what names are bound to, by assignments and by loops, before what follows is looked at."""

    def assigned(self, target: ast.expr, value: ast.expr) -> None:
        """A target is bound to a value; where both are tuples of one length, each part to its own."""

    def run_over(self, target: ast.expr, over: ast.expr) -> None:
        """A loop binds a target to one item after the other."""

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            match target, node.value:
                case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                    for one, value in zip(targets, values, strict=True):
                        self.assigned(one, value)
                case _:
                    self.assigned(target, node.value)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.run_over(node.target, node.iter)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)
