"""The project's rules as functions: each takes a tree and returns what breaks the rule, as
`file:line: what`. They are run on the project and on planted mistakes by test_source.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.rules.source import dotted, files, place, texts, trees

_NESTED_LOOPS = frozenset(
    f"{box}.{name}"
    for box, names in {
        "QMessageBox": "question warning critical information about aboutQt",
        "QFileDialog": "getOpenFileName getOpenFileNames getSaveFileName getExistingDirectory",
        "QInputDialog": "getText getInt getDouble getItem getMultiLineText",
        "QColorDialog": "getColor",
        "QFontDialog": "getFont",
    }.items()
    for name in names.split()
)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![0-9a-zA-Z])")
_COLOUR_CALL = re.compile(r"\b(?:rgba?|hsla?|hsva?)\(")
_STYLE_WORD = re.compile(r"color|background|border|fill|stroke", re.IGNORECASE)
_LOOP_MODULES = frozenset({"asyncio", "threading", "concurrent", "multiprocessing", "qasync"})
_WAITS = frozenset({"time.sleep", "qtbot.wait", "QTest.qWait", "QTest.qSleep"})
_PROVES = ("expect_", "assert_")
# Words put together here, so that this file does not hold them itself.
_MARKS = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3))
# In a comment or with a colon: as a bare name it may be a state, or the code of no currency.
_UNFINISHED = re.compile(
    rf"#.*\b(?:{_MARKS})\b|\b(?:{_MARKS}):|raise " + "NotImplemented" + "Error"
)
_MACHINE = re.compile(
    r"(?<![\w.:/-])(?:/(?:root|work)/|/(?:home|Users)/\w|[A-Z]:\\Users\\)|bash_" + "jobs"
)
_REGISTRY = re.compile(
    "|".join(
        re.escape(left + right)
        for left, right in (
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("registry.", "npmjs"),
            ("deb.", "debian.org"),
            ("index", "-url"),
        )
    )
)
_LONGEST_MODULE = 400


def nested_loops(root: Path) -> list[str]:
    """No `.exec()` and no static dialog: a nested Qt loop stops every task (style 0.5)."""
    found = []
    for path, tree in trees(root, "posapp"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name = ".".join(dotted(node.func).split(".")[-2:])
            if node.func.attr in ("exec", "exec_") or name in _NESTED_LOOPS:
                found.append(f"{place(root, path, node)}: {name}() nests a loop; use open()")
    return found


def colours(root: Path) -> list[str]:
    """No colour outside resources/themes: neither in code nor in a style sheet.

    The sandbox's pages are another house's, with a look of their own.
    """
    found = []
    for path, tree in trees(root, "posapp"):
        if path.is_relative_to(root / "posapp" / "sandbox"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if _is_colour(node.value):
                    found.append(f"{place(root, path, node)}: colour {node.value[:30]!r}")
            elif isinstance(node, ast.Attribute) and ".GlobalColor." in f".{dotted(node)}.":
                if node.attr not in ("GlobalColor", "transparent"):
                    found.append(f"{place(root, path, node)}: colour {node.attr}")
            elif isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "QColor":
                numbers = [a for a in node.args if isinstance(a, ast.Constant)]
                if numbers and len(numbers) == len(node.args):
                    found.append(f"{place(root, path, node)}: colour QColor(…)")
    for path in files(root, "resources", ".qss"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            value = line.partition(":")[2]  # a selector such as #add is no colour
            if _COLOUR.search(value) or _COLOUR_CALL.search(value):
                found.append(f"{place(root, path, number)}: colour in {line.strip()[:40]!r}")
    return found


def _is_colour(text: str) -> bool:
    if _COLOUR.fullmatch(text.strip()):
        return True
    hinted = _COLOUR.search(text) or _COLOUR_CALL.search(text)
    return bool(hinted and _STYLE_WORD.search(text) and "\n\n" not in text)


def loops_in_widgets(root: Path) -> list[str]:
    """Coroutines and threads meet widgets in ui/kit only (style B.4)."""
    found = []
    for path, tree in trees(root, "posapp/ui"):
        if path.relative_to(root / "posapp/ui").parts[0] == "kit":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                found.append(f"{place(root, path, node)}: a coroutine outside ui/kit")
            for name in _imported(node):
                if name.partition(".")[0] in _LOOP_MODULES or name.endswith(".QThread"):
                    found.append(f"{place(root, path, node)}: imports {name} outside ui/kit")
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tests_without_proof(root: Path) -> list[str]:
    """Every test asserts, expects an error or asks a driver's expect_… for proof."""
    found = []
    for path, tree in trees(root, "tests"):
        if not path.name.startswith("test_"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if node.name.startswith("test_") and not any(map(_proves, ast.walk(node))):
                    found.append(f"{place(root, path, node)}: {node.name} proves nothing")
    return found


def _proves(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not (isinstance(node.test, ast.Constant) and node.test.value)
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        return name in ("pytest.raises", "pytest.warns") or name.split(".")[-1].lstrip(
            "_"
        ).startswith(_PROVES)
    return False


def sleeping_tests(root: Path) -> list[str]:
    """No test waits a fixed time. The helper that waits for conditions may pause between looks,
    and a test may show that waiting is refused.
    """
    found = []
    for path, tree in trees(root, "tests"):
        if path.relative_to(root).as_posix() == "tests/helpers/waiting.py":
            continue
        refused = set(_refused(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = dotted(node.func)
                yields = [ast.dump(a) for a in node.args] == [ast.dump(ast.Constant(0))]
                waits = name in _WAITS or (name == "asyncio.sleep" and not yields)
                if waits and node not in refused:
                    found.append(f"{place(root, path, node)}: {name}() waits a fixed time")
    return found


def _refused(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what stands inside `with pytest.raises(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and any(
            isinstance(item.context_expr, ast.Call)
            and dotted(item.context_expr.func) == "pytest.raises"
            for item in node.items
        ):
            yield from ast.walk(node)


def skipped_tests(root: Path) -> list[str]:
    """No test is skipped or expected to fail."""
    words = re.compile(r"\b(?:pytest\.(?:skip|xfail|importorskip)|mark\.(?:skip|skipif|xfail))\b")
    return [
        f"{place(root, path, node)}: {dotted(node)}"
        for path, tree in trees(root, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and words.search(dotted(node))
    ]


def unfinished(root: Path) -> list[str]:
    """No note of work to do, no part that is not written."""
    found = []
    for under in ("posapp", "tests", "main.py"):
        for path in files(root, under, ".py"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if _UNFINISHED.search(line):
                    found.append(f"{place(root, path, number)}: unfinished: {line.strip()[:60]}")
    return found


def swallowed(root: Path) -> list[str]:
    """No exception of any kind is caught and forgotten."""
    found = []
    for path, tree in trees(root, "posapp"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                wide = node.type is None or dotted(node.type) in ("Exception", "BaseException")
                if wide and all(_is_empty(statement) for statement in node.body):
                    found.append(f"{place(root, path, node)}: an exception swallowed")
            elif isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "suppress":
                if any(dotted(a) in ("Exception", "BaseException") for a in node.args):
                    found.append(f"{place(root, path, node)}: every exception suppressed")
    return found


def _is_empty(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass | ast.Continue)


def machine_paths(root: Path) -> list[str]:
    """No path of a developer's machine and no address of a package registry in any file."""
    found = []
    for path, text in texts(root):
        for number, line in enumerate(text.splitlines(), 1):
            if path.is_relative_to(root / "tests" / "rules"):
                continue
            hit = _MACHINE.search(line) or _REGISTRY.search(line)
            if hit:
                found.append(f"{place(root, path, number)}: {hit.group()!r}")
    return found


def missing_icons(root: Path) -> list[str]:
    """Every icon that the code names is there."""
    found = []
    for path, tree in trees(root, "posapp"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            named = [k.value for k in node.keywords if k.arg == "icon"]
            if dotted(node.func).split(".")[-1] == "icon":
                named += node.args[:1]
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                    if not (root / "resources" / "icons" / f"{value.value}.svg").is_file():
                        found.append(f"{place(root, path, node)}: no icon {value.value!r}")
    return found


def modules_without_purpose(root: Path) -> list[str]:
    """Each module says what part of the shop it is; none grows beyond what one can read."""
    found = []
    for path, tree in trees(root, "posapp"):
        if tree.body and not ast.get_docstring(tree):  # an empty __init__.py holds nothing
            found.append(f"{place(root, path, 1)}: no docstring")
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > _LONGEST_MODULE:
            found.append(f"{place(root, path, 1)}: {lines} lines; split it")
    return found


def lock_addresses(root: Path) -> list[str]:
    """The locks hold pinned, hashed requirements and no address."""
    found = []
    for path in sorted(root.glob("requirements*.lock")):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"://|^\s*-(?!-hash=)|\s@\s", line.partition("#")[0]):
                found.append(f"{place(root, path, number)}: {line.strip()[:60]}")
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
            if entry.strip() and "--hash=sha256:" not in entry:
                found.append(f"{path.name}: no hash for {entry.splitlines()[0][:60]}")
    return found
