"""Places where a module can be broken, and the broken source."""

from __future__ import annotations

import ast
import copy
import difflib
from dataclasses import dataclass
from functools import cache
from typing import Any

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
_INERT_KEYWORDS = {"strict", "encoding", "slots", "stacklevel"}  # dropped, they change nothing that a test could see
_TYPING_CALLS = {"cast", "TypeVar", "ParamSpec", "NewType"}


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a module's source, in characters from its beginning, and the replacement that breaks it."""

    module: str
    operator: str
    start: int
    end: int
    replacement: str
    lines: tuple[int, int]

    def breaks(self, source: str) -> str:
        """The module's source with this place broken."""
        return source[: self.start] + self.replacement + source[self.end :]

    def diff(self, source: str) -> str:
        """The change, as a unified diff without context."""
        before, after = source.splitlines(), self.breaks(source).splitlines()
        return "\n".join(difflib.unified_diff(before, after, self.module, self.module, lineterm="", n=0))


@cache
def places_in(module: str, source: str) -> tuple[Place, ...]:
    """Every place of a module, in the order of the source. Docstrings, annotations and prose are left alone."""
    finder = _Finder(module, source)
    finder.visit(ast.parse(source))
    places = {
        (place.start, place.end, place.replacement): place for place in finder.places if place.breaks(source) != source
    }
    return tuple(sorted(places.values(), key=lambda place: (place.start, place.end, place.replacement)))


class _Finder(ast.NodeVisitor):
    """Collects places; whatever it does not descend into stays whole."""

    def __init__(self, module: str, source: str) -> None:
        self.places: list[Place] = []
        self._module, self._source = module, source
        self._starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._bytes = source.encode()
        self._statement: ast.stmt | None = None
        self._returns_bool = False

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self._statement = node
        if isinstance(node, ast.expr):
            self._break_expression(node)
        super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer, self._returns_bool = self._returns_bool, isinstance(node.returns, ast.Name) and node.returns.id == "bool"
        self._visit_all(*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults), *node.body)
        self._returns_bool = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (the visitor's own naming)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all(*node.keywords, *node.body)  # a dataclass's options are seen by type checkers alone

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value and ast.unparse(node.annotation) != "TypeAlias":
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if any(isinstance(target, ast.Name) and target.id in {"__all__", "__slots__"} for target in node.targets):
            return
        if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            self._replace(node, "pass", "delete statement")
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._replace(node, "pass", "delete statement")
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return  # a docstring, or the body of a protocol's method
        if isinstance(node.value, ast.Call | ast.Await):
            self._replace(node, "pass", "delete call")
        self._visit_all(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._replace(node, "pass", "delete raise")
        self._visit_all(node.exc)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            return
        if self._returns_bool:
            for value in ("True", "False"):
                self._replace(node, f"return {value}", "return a constant")
        else:
            self._replace(node, "return None", "return None")
        self._visit_all(node.value)

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test) and "__name__" not in ast.unparse(node.test):
            self._negate(node.test)
            self._visit_all(node.test, *node.body, *node.orelse)

    def visit_While(self, node: ast.While) -> None:
        self._visit_all(node.test, *node.body)  # negated, most loops would not end

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self._visit_all(node.test, node.body, node.orelse)

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func).rpartition(".")[2] not in _TYPING_CALLS:
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Nothing: assertions tell the type checker what is so anyway."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Nothing: positions inside these are wrong before Python 3.12."""

    def _visit_all(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _break_expression(self, node: ast.expr) -> None:
        match node:
            case ast.Compare(ops=ops):
                for index, operator in enumerate(ops):
                    broken = copy.copy(node)
                    broken.ops = [*ops[:index], SWAPS[type(operator)](), *ops[index + 1 :]]  # type: ignore[list-item]
                    self._replace(node, f"({ast.unparse(broken)})", "swap comparison")
            case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in SWAPS:
                other: Any = copy.copy(node)
                other.op = SWAPS[type(operator)]()
                self._replace(node, f"({ast.unparse(other)})", "swap operator")
            case ast.UnaryOp(op=ast.Not()):
                self._replace(node, f"({ast.unparse(node.operand)})", "drop not")
            case ast.Call():
                self._drop_keywords(node)
            case ast.Constant(value=value):
                self._change(node, value)

    def _drop_keywords(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in _INERT_KEYWORDS:
                broken = copy.copy(node)
                broken.keywords = [other for other in node.keywords if other is not keyword]
                self._replace(node, ast.unparse(broken), "drop keyword argument")

    def _change(self, node: ast.Constant, value: object) -> None:
        """A constant: numbers are one off, truth is turned around, strings that are not prose change."""
        if isinstance(value, bool):
            self._replace(node, str(not value), "turn constant around")
        elif isinstance(value, int | float):
            self._replace(node, repr(value + 1), "constant one off")
        elif isinstance(value, str) and value and " " not in value:
            self._replace(node, repr(f"{value}X"), "other string")

    def _negate(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Compare) and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
            self._replace(test, f"(not ({ast.unparse(test)}))", "negate condition")

    def _replace(self, node: ast.expr | ast.stmt, replacement: str, operator: str) -> None:
        start, end = (self._offset(*at) for at in _span(node))
        statement = self._statement if isinstance(self._statement, ast.Expr | ast.Assign | ast.Return) else node
        lines = statement.lineno, statement.end_lineno or statement.lineno
        self.places.append(Place(self._module, operator, start, end, replacement, lines))

    def _offset(self, line: int, column: int) -> int:
        """Characters from the beginning; the parser counts bytes."""
        return len(self._bytes[: self._starts[line - 1] + column].decode())


def _span(node: ast.expr | ast.stmt) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)
