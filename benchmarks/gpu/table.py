"""The report as a table in Markdown."""

from __future__ import annotations

from collections import Counter
from typing import Any

Entry = dict[str, Any]
_TIMES = ("compile_ms", "eager_ms", "jitted_ms", "gradient_ms")


def table(report: Entry) -> str:
    """What ran where, what was not as expected, and times on both devices."""
    machine = report.get("machine", {})
    lines = [
        f"# {machine.get('device', 'no device')} ({machine.get('platform', '')})",
        "",
        f"Keras {machine.get('keras')}, JAX {machine.get('jax')}, Python {machine.get('python')}, "
        f"{machine.get('processors')} processors; {report['seconds']:.0f} s in all.",
        "",
        "| part | run | as expected | devices | seconds |",
        "|---|---|---|---|---|",
    ]
    for part in ("pages", "fixtures", "hostile"):
        entries = report.get(part, [])
        good = sum(entry["as_expected"] for entry in entries)
        lines.append(f"| {part} | {len(entries)} | {good} | {_devices(entries)} | {_seconds(report, part)} |")
    checks = report.get("checks", [])
    passed = sum(not entry["failures"] for entry in checks)
    lines.append(f"| check_layer | {len(checks)} | {passed} | {machine.get('device')} | {_seconds(report, 'checks')} |")
    lines += _not_as_expected(report) + _times(report)
    lines += [f"Not finished: {part}: {why}" for part, why in report.get("unfinished", {}).items()]
    return "\n".join(lines) + "\n"


def _devices(entries: list[Entry]) -> str:
    counted = Counter(f"{entry['device']} ({entry['platform']})" for entry in entries if entry["device"])
    return ", ".join(f"{name}: {times}" for name, times in counted.most_common())


def _seconds(report: Entry, part: str) -> str:
    return f"{report['part_seconds'].get(part, 0.0):.0f}"


def _not_as_expected(report: Entry) -> list[str]:
    lines = []
    for part in ("pages", "fixtures", "hostile"):
        for entry in report.get(part, []):
            if not entry["as_expected"]:
                said = [verdict["evidence"] for verdict in entry["verdicts"]]
                said += [failure["evidence"] for failure in entry["failures"]]
                told = "; ".join(filter(None, [entry["reason"], *said])) or "nothing"
                lines.append(f"- {part}, {entry['name']}, {entry['class']}: expected {entry['expected']}: {told[:300]}")
    for entry in report.get("checks", []):
        lines += [f"- {entry['layer']}: {failure[:300]}" for failure in entry["failures"]]
    return ["", "Not as expected:", "", *lines] if lines else []


def _times(report: Entry) -> list[str]:
    """Milliseconds: the processor, then the device, where they are two."""
    on_device = {entry["layer"]: entry for entry in report.get("steps", [])}
    on_cpu = {entry["layer"]: entry for entry in report.get("steps_cpu", [])}
    if not (on_device or on_cpu):
        return []
    lines = [
        "",
        "Milliseconds, on the processor and on the device:",
        "",
        "| layer | inputs | compile | eager step | jitted step | gradient step |",
        "|---|---|---|---|---|---|",
    ]
    for name, entry in {**on_cpu, **on_device}.items():
        pairs = [(on_cpu.get(name, {}).get(key), on_device.get(name, {}).get(key)) for key in _TIMES]
        cells = [" / ".join("-" if value is None else f"{value:g}" for value in pair) for pair in pairs]
        lines.append(f"| `{name}` | {entry['inputs']} | {' | '.join(cells)} |")
    return lines
