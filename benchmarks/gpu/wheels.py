"""What a bare machine is given: wheels of klint's few needs, of Keras, and of pytest, which the tests import."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 64 << 20
_ALSO = ("keras>=3.12", "pytest>=8")
_LIST = "needs.txt"


class WheelsError(Exception):
    """The wheels cannot be had, are too many, or do not hold all that is needed."""


def prepare(folder: Path, python: str, system: str) -> int:
    """Download wheels for a Python such as `3.12` and a platform as wheels name it; return their bytes."""
    # This machine is not bare.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        needs = [*tomllib.load(file)["project"]["dependencies"], *_ALSO]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _LIST).write_text("\n".join(needs) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", str(folder)]
    # A wheel for an older system fits a newer one, but pip takes those only that are named.
    older = ("manylinux_2_24_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
    for each in (system, *(older if system.endswith("x86_64") else ())):
        command += ["--platform", each]
    done = subprocess.run([*command, "--python-version", python, *needs], capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelsError(f"wheels cannot be downloaded: {done.stderr.strip()[-600:]}")
    size = sum(wheel.stat().st_size for wheel in folder.glob("*.whl"))
    if size > MOST_BYTES:
        raise WheelsError(f"{folder} holds {size >> 20} MiB, more than {MOST_BYTES >> 20}")
    return size


def environment(folder: Path, wheels: Path) -> Path:
    """A Python that has the wheels beside what this one has, such as JAX for CUDA. Nothing is downloaded."""
    venv.create(folder, system_site_packages=True, with_pip=True)
    python = folder / "bin" / "python"
    where = [str(python), "-c", "import site; print(site.getsitepackages()[0])"]
    own = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    # Made within an environment, it would see the packages of the system and not those beside it.
    outer = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    Path(own, "outer.pth").write_text("\n".join(outer) + "\n", encoding="utf-8")
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--find-links", str(wheels)]
    done = subprocess.run([*command, "-r", str(wheels / _LIST)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelsError(f"{wheels} does not hold all that is needed: {done.stderr.strip()[-600:]}")
    return python
