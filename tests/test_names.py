"""One public name, one meaning: no two classes or type aliases of the product share a name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("core", "bots", "storage")


def test_no_two_classes_or_type_aliases_of_the_product_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name, line in public_types(path.read_text(encoding="utf-8")):
                places[name].append(f"{path.relative_to(ROOT)}:{line}")
    assert len(places) > 200, "the product has more than that"
    shared = {name: modules for name, modules in places.items() if len(modules) > 1}
    assert not shared, "\n".join(f"{name}: {', '.join(modules)}" for name, modules in sorted(shared.items()))


def test_every_way_to_name_a_type_is_seen() -> None:
    module = (
        "class A: pass\nB: TypeAlias = int\ntype C = int\nD = NewType('D', int)\nE = Annotated[int, 1]\n"
        "F = Mapping[str, int]\ng = Mapping[str, int]\nT = TypeVar('T')\nP = ParamSpec('P')\nclass _Own: pass\n"
        "G = dict(a=1)\nLONGEST = 9\nH: typing.TypeAlias = int\nfrom x import I\nif True:\n    class J: pass\n"
    )
    assert [name for name, _ in public_types(module.replace("type C = int\n", ""))] == list("ABDEFHJ")


def public_types(module: str) -> Iterator[tuple[str, int]]:
    """The classes and type aliases that a module defines, with their lines."""
    statements = list(ast.parse(module).body)
    while statements:
        statement = statements.pop(0)
        if isinstance(statement, ast.If | ast.Try):
            statements[:0] = statement.body
        name = _defined(statement)
        if name and not name.startswith("_"):
            yield name, statement.lineno


def _defined(statement: ast.stmt) -> str:
    match statement:
        case ast.ClassDef(name):
            return name
        case ast.AnnAssign(target=ast.Name(name), annotation=annotation) if _last_name(annotation) == "TypeAlias":
            return name
        case ast.Assign(targets=[ast.Name(name)], value=value) if _is_camel_case(name) and _makes_type(value):
            return name
    alias = getattr(statement, "name", None) if type(statement).__name__ == "TypeAlias" else None  # Python 3.12
    return alias.id if isinstance(alias, ast.Name) else ""


def _is_camel_case(name: str) -> bool:
    return name[0].isupper() and (len(name) == 1 or not name.isupper())


def _makes_type(value: ast.expr) -> bool:
    """`NewType(...)`, `Annotated[...]`, `Mapping[...]`, but neither a TypeVar nor a value."""
    if isinstance(value, ast.Call):
        return _last_name(value.func) in {"NewType", "NamedTuple", "namedtuple", "TypedDict", "StrEnum", "Enum"}
    return isinstance(value, ast.Subscript | ast.Attribute | ast.Name | ast.BinOp)


def _last_name(expression: ast.expr) -> str:
    match expression:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""
