"""Logging commands of Azure Pipelines."""

from __future__ import annotations

from collections.abc import Mapping

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.findings import Report
from keras_layer_lint.report.escape import INVISIBLE, for_log

_DATA: Mapping[int, int | str] = {**INVISIBLE, ord("%"): "%AZP25", ord("\r"): "%0D", ord("\n"): "%0A"}
_PROPERTY: Mapping[int, int | str] = {**_DATA, ord(";"): "%3B", ord("]"): "%5D"}


def render(report: Report) -> str:
    """Render one issue a diagnostic, the most severe first, failures of klint before them. Notes are warnings there."""
    ordered = sorted(report.diagnostics, key=lambda each: (-each.severity, each.sort_key))
    failures = [command("error", {"sourcepath": error.path}, error.message) for error in report.errors]
    return "".join([*failures, *map(_issue, ordered)])


def _issue(each: Diagnostic) -> str:
    span, message = each.span, f"{each.message} ({each.name})"
    place: dict[str, object] = {"sourcepath": each.path}
    if each.cell is None:
        place |= {"linenumber": span.line, "columnnumber": span.column}
    else:
        message = f"cell {each.cell}, line {span.line}: {message}"
    if each.verdict is not None:
        message += f" [{each.verdict.status}]"
    is_error = each.severity is Severity.ERROR and not each.is_refuted
    return command("error" if is_error else "warning", place | {"code": each.code}, message)


def command(kind: str, properties: dict[str, object], message: str) -> str:
    """Write a logging command on one line."""
    written = "".join(f"{key}={for_log(str(value)).translate(_PROPERTY)};" for key, value in properties.items())
    return f"##vso[task.logissue type={kind};{written}]{for_log(message).translate(_DATA)}\n"
