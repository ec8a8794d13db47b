"""The packages that faults are planted in: of the index, in these versions."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    keras: str
    is_for_validation: bool = False
    """Only its figures are looked at, never a mutant."""
    pools: tuple[str, ...] = ()
    """Which kinds of classes are looked for; all where none is named."""

    def __str__(self) -> str:
        return f"{self.name}-{self.version}@{self.keras}"

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


_NO_LAYERS = ("objects", "models")
PACKAGES = (
    Package("alibi-detect", "0.13.0", "2", pools=_NO_LAYERS),
    Package("bayesflow", "2.0.12", "3"),
    Package("deepchem", "2.8.0", "2", is_for_validation=True),
    Package("deepctr", "0.9.4", "2"),
    Package("deepctr", "0.9.4", "3"),
    Package("kapre", "0.4.1", "2", is_for_validation=True),
    Package("keras-cv", "0.9.0", "3"),
    Package("keras-cv-attention-models", "1.4.3", "2"),
    Package("keras-cv-attention-models", "1.4.3", "3"),
    Package("keras-hub", "0.32.0", "3"),
    Package("keras-nlp", "0.5.2", "2"),
    Package("keras-tcn", "3.5.7", "3"),
    Package("keras-unet-collection", "0.1.13", "2"),
    Package("kgcnn", "4.0.2", "3", is_for_validation=True),
    Package("larq", "0.14.0", "2"),
    Package("molgraph", "0.10.1", "2"),
    Package("nobrainer", "1.2.1", "2", is_for_validation=True),
    Package("qkeras", "0.9.0", "2", pools=_NO_LAYERS),
    Package("spektral", "1.3.1", "2"),
    Package("spektral", "1.3.1", "3"),
    Package("tensorflow-addons", "0.23.0", "2"),
    Package("tensorflow-graphics", "2021.12.3", "2", pools=_NO_LAYERS),
    Package("tensorflow-ranking", "0.5.5", "2"),
    Package("tensorflow-recommenders", "0.7.7", "2"),
    Package("tensorflow-similarity", "0.17.1", "2"),
    Package("tf-models-official", "2.20.0", "2"),
)


def chosen(words: list[str]) -> list[Package]:
    """Those whose name, name with version, or the same with `@2` or `@3` is given; all where nothing is."""
    found = [each for each in PACKAGES if not words or {each.name, each.folder, str(each)} & set(words)]
    if not found:
        known = ", ".join(map(str, PACKAGES))
        raise SystemExit(f"no such package: {', '.join(words)}; there are {known}")
    return found


def unpacked(package: Package, folder: Path) -> Path:
    """The folder of a package under `folder`; downloaded with pip if missing. Nothing of it is executed."""
    home = folder / package.folder
    if home.is_dir():
        return home
    with tempfile.TemporaryDirectory() as downloads:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", downloads]
        wanted = f"{package.name}=={package.version}"
        done = subprocess.run([*pip, "--only-binary", ":all:", wanted], check=False, capture_output=True)
        if done.returncode:
            subprocess.run([*pip, "--no-binary", ":all:", "--no-build-isolation", wanted], check=True)
        archive = next(Path(downloads).iterdir())
        home.mkdir(parents=True)
        if archive.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(archive) as file:
                file.extractall(home)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(home, filter="data")
    return home
