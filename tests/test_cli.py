from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import __version__, lint
from keras_layer_lint.diagnostic import Limit, Severity
from keras_layer_lint.explain import pages
from keras_layer_lint.findings import FileError
from keras_layer_lint.option_values import FORMATS
from keras_layer_lint.settings import Settings
from tests.conftest import ROOT, Make, Run

Klint = Callable[..., Run]
Pipeline = Callable[..., list[Settings]]


def spawn(*arguments: str, code: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, *(["-c", code] if code else ["-m", "keras_layer_lint"]), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


@pytest.mark.parametrize("arguments", [(), ("check",), (".",), ("check", "."), ("--quiet",)])
def test_check_is_the_default_command(klint: Klint, pipeline: Pipeline, make: Make, arguments: tuple[str, ...]) -> None:
    seen = pipeline([make()])
    run = klint(*arguments)
    assert run.code == 1
    assert len(seen) == 1
    assert run.out.startswith("layers.py:5:12: error KLL101 (tensor-if): `if` on a tensor\n")


@pytest.mark.parametrize(
    ("severity", "arguments", "code"),
    [
        (None, (), 0),
        (Severity.NOTE, (), 0),
        (Severity.WARNING, (), 1),
        (Severity.ERROR, (), 1),
        (Severity.NOTE, ("--fail-on", "note"), 1),
        (Severity.WARNING, ("--fail-on", "error"), 0),
        (Severity.WARNING, ("--min-severity", "error"), 1),
        (Severity.ERROR, ("--exit-zero",), 0),
    ],
)
def test_exit_code(
    klint: Klint, pipeline: Pipeline, make: Make, severity: Severity | None, arguments: tuple[str, ...], code: int
) -> None:
    pipeline([make(severity=severity)] if severity else [])
    assert klint(*arguments).code == code


@pytest.mark.parametrize("arguments", [(), ("--exit-zero",)])
def test_failure_to_do_the_job_is_2_and_the_rest_is_reported(
    klint: Klint, pipeline: Pipeline, make: Make, arguments: tuple[str, ...]
) -> None:
    pipeline([make()], [FileError("gone.py", "no such file")])
    run = klint(*arguments, "--output-format", "concise")
    assert run.code == 2
    assert run.out.count("KLL101") == 1
    assert run.err == "klint: gone.py: no such file\n"


def test_hidden_diagnostics_are_mentioned(klint: Klint, pipeline: Pipeline, make: Make) -> None:
    settings = pipeline([make(), make(severity=Severity.NOTE), make(severity=Severity.WARNING)])
    run = klint("--min-severity", "error", "--output-format", "concise")
    assert run.out.count("\n") == 1
    assert run.err == "klint: not shown because of --min-severity: 1 warning, 1 note\n"
    assert settings[0].min_severity is Severity.WARNING


def test_options_reach_the_pipeline(klint: Klint, pipeline: Pipeline) -> None:
    seen = pipeline()
    arguments = (
        "--select KLL1,tensor-if --select KLL2 --extend-select KLL301 --ignore KLL122 --keras 2,3 --backend jax -j 1"
    )
    run = klint(*arguments.split(), "--exclude", "a,b c", "--per-file-ignores", "t/*:KLL2", "--isolated", "src", "lib")
    assert run.code == 0
    assert seen == [
        Settings(
            select=("KLL1", "KLL101", "KLL2"),
            extend_select=("KLL301",),
            ignore=("KLL122",),
            per_file_ignores={"t/*": ("KLL2",)},
            keras=("2", "3"),
            backend="jax",
            exclude=("a", "b c"),
            jobs=1,
        )
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--selct", "x"), "--selct"),
        (("--select", "KLL106"), "--select: no rule has the code, prefix or name `KLL106`; did you mean `KLL10"),
        (("--backend", "torch"), 'jax, or several of tensorflow, jax, torch, not "torch"'),
        (("--backend", "jax,torh"), 'several of tensorflow, jax, torch, not "jax,torh"'),
        (("--keras", "4"), '--keras: must be auto, 2, 3 or 2,3, or a version such as 3.6, not "4"'),
        (
            ("--output-format", "xml"),
            f"--output-format: must be one of {', '.join(FORMATS)}, not `xml`",
        ),
        (("--color", "green"), "green"),
        (("--config", "absent.toml"), "absent.toml: cannot be read: No such file"),
        (("--config", "x.toml", "--isolated"), "--isolated and --config exclude each other"),
        (("-", "src"), "`-` (standard input) cannot be mixed with other paths"),
        (("--stdin-filename", "x.py"), "--stdin-filename needs the path `-`"),
        (("--output-file", "x", "--output-format", "json=y"), "--output-file needs exactly one --output-format"),
        (("--output-file", "absent/x"), "absent/x: cannot be written: No such file"),
        (("rule", "KLL91"), "no rule is called `KLL91`"),
        (("rule", "tensor-iff"), "no rule is called `tensor-iff`; did you mean `tensor-if`?"),
    ],
)
def test_mistakes_are_2_with_one_line(
    klint: Klint, pipeline: Pipeline, arguments: tuple[str, ...], message: str
) -> None:
    pipeline()
    run = klint(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("klint: ")
    assert message in run.err
    assert run.err.count("\n") == 1


def test_crash_is_2_and_says_whose_bug_it_is(klint: Klint, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("layers.py")

    monkeypatch.setattr(lint, "lint_paths", crash)
    run = klint()
    assert (run.code, run.err) == (2, "klint: ZeroDivisionError: layers.py; this is a bug in klint\n")
    assert "Traceback" in klint("--verbose").err


def test_interrupt_is_130(klint: Klint, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lint, "lint_paths", interrupt)
    run = klint()
    assert (run.code, run.out, run.err.strip()) == (130, "", "")


def test_configuration_is_found_from_the_first_path(
    klint: Klint, pipeline: Pipeline, make: Make, tmp_path: Path
) -> None:
    seen = pipeline([make()])
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "klint.toml").write_text("keras = 2\noutput-format = 'json'\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("keras = 3\n", encoding="utf-8")
    assert json.loads(klint("src").out)["summary"]["files"] == 3
    klint("src/absent.py")
    klint("src", "--isolated")
    klint("src", "--config", "other.toml")
    klint("-", "--stdin-filename", "src/x.py")
    assert [settings.keras for settings in seen] == [("2",), ("2",), None, ("3",), ("2",)]


def test_show_settings(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text("keras = 2\n", encoding="utf-8")
    run = klint("--show-settings", "--fail-on", "error")
    assert run.code == 0
    assert f"# configuration file: {tmp_path / 'klint.toml'}\n" in run.out
    assert f'keras = "2"  # {tmp_path / "klint.toml"}\n' in run.out
    assert 'fail-on = "error"  # command line\n' in run.out
    assert "jobs = 0  # default\n" in run.out


def test_show_files(klint: Klint, tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "notes.txt"):
        (tmp_path / name).touch()
    assert [Path(line).name for line in klint("--show-files").out.splitlines()] == ["a.py", "b.py"]
    run = klint("--show-files", "absent")
    assert (run.code, run.out) == (2, "")
    assert "absent" in run.err


def test_stdin_frames_show_what_was_read(klint: Klint, pipeline: Pipeline, make: Make) -> None:
    pipeline([make(2, 4, 2, 5, path="<stdin>")])
    run = klint("-", stdin=b"\xef\xbb\xbfx = 1\r\nif x: pass\r\n")
    assert "2 | if x: pass\n  |    ^\n" in run.out
    assert "Found 1 problem (1 error) in 1 file, 1 layer\n" in run.out


def test_frames_read_files_as_python_does(klint: Klint, pipeline: Pipeline, make: Make, tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_bytes(b"# coding: latin-1\n'\x0c'\nif '\xe9': pass\n")
    pipeline([make(3, 4, 3, 7)])
    assert "3 | if 'é': pass\n  |    ^^^\n" in klint().out


def test_several_formats_in_one_run(klint: Klint, pipeline: Pipeline, make: Make, tmp_path: Path) -> None:
    pipeline([make()])
    run = klint("--output-format", "concise", "--output-format", "json=a.json", "--output-format", "github=b")
    assert run.out == "layers.py:5:12: error KLL101 (tensor-if): `if` on a tensor\n"
    assert len(json.loads((tmp_path / "a.json").read_text())["diagnostics"]) == 1
    assert (tmp_path / "b").read_text().startswith("::error file=layers.py,")


def test_output_file(klint: Klint, pipeline: Pipeline, make: Make, tmp_path: Path) -> None:
    pipeline([make(message="é \udcff")])
    run = klint("--output-file", "report.txt")
    assert (run.out, run.err) == ("", "klint: Found 1 problem (1 error) in 3 files, 2 layers\n")
    assert "é \\udcff\n" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert klint("--output-file", "report.txt", "--quiet").err == ""


@pytest.mark.parametrize("name", ["json", "github"])
def test_standard_output_for_programs_holds_nothing_else(
    klint: Klint, pipeline: Pipeline, make: Make, name: str
) -> None:
    pipeline([make() for _ in range(12)])
    plain = klint("--output-format", name)
    noisy = klint("--output-format", name, "--statistics", "--verbose")
    assert plain.out == noisy.out
    assert "12  KLL101 tensor-if\n" in noisy.err
    assert ("not 2 errors of these" in plain.err) == (name == "github")


def test_statistics(klint: Klint, pipeline: Pipeline, make: Make) -> None:
    pipeline([make(), make()])
    assert klint("--statistics", "--output-format", "concise").out.endswith("\n2  KLL101 tensor-if\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ((), {}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(
    klint: Klint,
    pipeline: Pipeline,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    pipeline([make()])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in klint(*arguments).out) == colored


def test_rule_page_by_code_or_name(klint: Klint) -> None:
    by_code, by_name = klint("rule", "kll101"), klint("rule", "tensor-if")
    assert by_code == by_name
    assert by_code.code == 0
    assert by_code.out == (ROOT / "rules" / "KLL101-tensor-if.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_rule_page_for_a_terminal(klint: Klint) -> None:
    out = klint("rule", "KLL101", "--color", "always").out
    assert "\x1b[" in out
    assert "```" not in out


def test_all_rules_as_json(klint: Klint) -> None:
    found = json.loads(klint("rule", "--all", "--output-format", "json").out)
    assert [item["code"] for item in found] == [page.rule.code for page in pages()]
    assert found[0]["page"] == pages()[0].text
    assert klint("rule", "--all").out.count("\n# KLL") == len(found) - 1


@pytest.mark.slow
def test_version() -> None:
    assert spawn("--version").stdout == f"klint {__version__}\n"


HEAVY = "import sys; from keras_layer_lint.__main__ import main; code = main(sys.argv[1:]); "
HEAVY += "heavy = {'libcst', 'rich', 'tensorflow', 'keras', 'click', 'nbformat', 'subprocess', 'pygls'}; "
HEAVY += "print(code, sorted(heavy & set(sys.modules)))"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "last_line"),
    [
        (("--version",), "0 []"),
        (("rule", "KLL101"), "0 ['click']"),
        (("--show-settings",), "0 ['click']"),
        (("folder",), "0 ['click']"),
    ],
)
def test_nothing_heavy_is_imported_without_need(tmp_path: Path, arguments: tuple[str, ...], last_line: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "plain.py").write_text("x = 1\n", encoding="utf-8")
    run = spawn(*arguments, code=HEAVY, cwd=tmp_path)
    assert run.stdout.splitlines()[-1] == last_line, run.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
def test_reader_that_goes_away_is_no_failure() -> None:
    command = f"'{sys.executable}' -m keras_layer_lint rule --all | head -1; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout.splitlines()[-1], run.stderr) == ("0", "")


@pytest.mark.slow
def test_output_that_the_terminal_cannot_encode(tmp_path: Path) -> None:
    (tmp_path / "é.py").touch()
    run = spawn("--show-files", env=os.environ | {"PYTHONIOENCODING": "ascii"}, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "\\xe9.py" in run.stdout


LIMITS = [Limit("a.py", 3, "A", "300 items of a list"), Limit("b.py", 1, None, "larger than 5 MiB")]


@pytest.mark.parametrize(
    ("arguments", "out", "err"),
    [
        ("", "No problems in 3 files, 2 layers; 2 limits reached, --verbose names them\n", ""),
        ("--output-format markdown", "2 limits reached, --verbose names them", ""),
        ("--output-format concise", "", "klint: 2 limits reached, --verbose names them\n"),
        ("--output-format github", "", "klint: 2 limits reached, --verbose names them\n"),
        ("--quiet", "", ""),
        ("--output-format json", '"class": "A",\n      "what": "300 items of a list"', "klint: 2 limits reached"),
        ("--output-format full=x.txt", "", "klint: No problems in 3 files, 2 layers; 2 limits reached"),
    ],
)
def test_limits_are_counted(klint: Klint, pipeline: Pipeline, arguments: str, out: str, err: str) -> None:
    pipeline(limits=LIMITS)
    run = klint(*arguments.split())
    assert run.code == 0
    assert (out in run.out, err in run.err) == (True, True)
    assert (bool(out), bool(err)) == (bool(run.out), bool(run.err))


def test_verbose_names_limits(klint: Klint, pipeline: Pipeline) -> None:
    pipeline(limits=LIMITS)
    assert klint("--verbose").err.splitlines()[1:3] == [
        "klint: a.py:3, class A: not analysed: 300 items of a list",
        "klint: b.py:1: not analysed: larger than 5 MiB",
    ]
