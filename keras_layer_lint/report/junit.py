"""JUnit XML: a suite for each file, a test case for each diagnostic. Notes, and what was refuted, are skipped."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import for_log, one_line, printable
from keras_layer_lint.report.text import ran


def render(report: Report) -> str:
    """Render all suites; files in which nothing was found are one passing test case together."""
    root = ET.Element("testsuites", {"name": "klint"})
    by_path: dict[str, list[Diagnostic]] = {}
    for each in report.diagnostics:
        by_path.setdefault(each.path, []).append(each)
    for path, found in by_path.items():
        suite = _suite(root, path)
        for each in found:
            _case(suite, each)
    if report.errors:
        suite = _suite(root, "klint")
        for error in report.errors:
            case = ET.SubElement(suite, "testcase", {"name": printable(error.path), "classname": "klint"})
            ET.SubElement(case, "error", {"message": one_line(error.message), "type": "klint"})
    clean = report.files - len(by_path)
    if clean > 0 or not len(root):
        name = f"{clean} files without findings" if clean != 1 else "1 file without findings"
        ET.SubElement(_suite(root, "klint: the rest"), "testcase", {"name": name, "classname": "klint"})
    for suite in [*root, root]:
        _count(suite)
    root.set("time", f"{report.seconds:.3f}")
    ET.indent(root)
    return for_log(f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n')


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", {"name": printable(name)})


def _case(suite: ET.Element, each: Diagnostic) -> None:
    where = each.place.removeprefix(f"{each.path}:")
    name = f"{each.code} ({each.name}) {where}:{each.span.column}"
    classname = ".".join(part for part in (each.path, each.class_name) if part)
    case = ET.SubElement(suite, "testcase", {"name": name, "classname": printable(classname)})
    parts = [f"{each.place}:{each.span.column}: {each.message}", each.help]
    if each.verdict is not None:
        parts += [f"{each.verdict.status}: {each.verdict.evidence}", ran(each.verdict)]
    text = "\n".join(one_line(part) for part in [*parts, each.url] if part)
    if each.is_refuted or each.severity is Severity.NOTE:
        ET.SubElement(case, "skipped", {"message": one_line(each.message)})
        ET.SubElement(case, "system-out").text = text
    else:
        failure = ET.SubElement(case, "failure", {"message": one_line(each.message), "type": each.severity.label})
        failure.text = text


def _count(suite: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
