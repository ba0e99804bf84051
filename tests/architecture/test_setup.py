"""The set-up: one set of version ranges, a hashed lock without addresses, one clear sentence."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

# conda-forge's own name where it differs from the project's: builds without a Qt toolkit, and
# DuckDB's Python package beside its library.
CONDA_NAMES = {
    "matplotlib-base": "matplotlib",
    "python-duckdb": "duckdb",
    "seaborn-base": "seaborn",
}


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def runtime(project: dict[str, Any]) -> dict[str, Requirement]:
    wanted = [Requirement(text) for text in project["dependencies"]]
    return {canonicalize_name(one.name): one for one in wanted}


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    return (repository / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def locked(lock: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in lock.splitlines():
        if line and not line.startswith((" ", "#")):
            one = Requirement(line.rstrip(" \\"))
            found.setdefault(canonicalize_name(one.name), []).append(one)
    return found


def version_of(pin: Requirement) -> Version:
    (only,) = pin.specifier
    assert only.operator == "=="
    return Version(only.version)


def test_the_lock_satisfies_every_range_of_the_project(
    project: dict[str, Any], locked: dict[str, list[Requirement]]
) -> None:
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    for one in map(Requirement, wanted):
        pins = locked.get(canonicalize_name(one.name))
        assert pins, f"{one.name} is not in requirements.lock: run make lock"
        for pin in pins:
            assert version_of(pin) in one.specifier, f"{pin} is not {one}: run make lock"


def test_every_locked_package_has_a_hash(lock: str, locked: dict[str, list[Requirement]]) -> None:
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)[1:]
    assert len(blocks) == sum(len(pins) for pins in locked.values())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_holds_no_address(lock: str) -> None:
    assert re.findall(r"(?i)://|--(?:extra-)?index|--find-links| @ ", lock) == []


def test_what_installs_is_locked_too(locked: dict[str, list[Requirement]]) -> None:
    assert {"uv", "setuptools"} <= set(locked)


def test_conda_users_get_the_same_ranges(
    repository: Path, project: dict[str, Any], runtime: dict[str, Requirement]
) -> None:
    text = (repository / "environment.yml").read_text(encoding="utf-8")
    listed = YAML(typ="safe", pure=True).load(text)["dependencies"]
    (by_pip,) = [entry["pip"] for entry in listed if isinstance(entry, dict)]
    assert by_pip[-1] == "--editable ."
    by_conda = [entry for entry in listed if isinstance(entry, str) and entry != "pip"]
    found = {}
    for entry in [*by_conda, *by_pip[:-1]]:
        one = Requirement(re.sub(r"(?<![=<>!])=(?!=)", "==", entry))
        found[canonicalize_name(CONDA_NAMES.get(one.name, one.name))] = one
    python = found.pop("python")
    series = str(python.specifier).removeprefix("==")
    assert Version(series) in Requirement(f"python{project['requires-python']}").specifier
    assert (repository / ".python-version").read_text(encoding="utf-8").strip() == series
    assert {name: (one.specifier, one.extras) for name, one in found.items()} == {
        name: (one.specifier, one.extras) for name, one in runtime.items()
    }


def test_every_import_of_the_package_is_declared(
    modules: dict[str, Any], runtime: dict[str, Requirement]
) -> None:
    owners = importlib.metadata.packages_distributions()
    undeclared = set()
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                heads = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                heads = {str(node.module).split(".")[0]}
            else:
                continue
            for head in heads - set(sys.stdlib_module_names) - {"revmentor"}:
                mine = {canonicalize_name(owner) for owner in owners.get(head, [head])}
                if not mine & set(runtime):
                    undeclared.add(f"{name} imports {head}")
    assert undeclared == set()


@pytest.fixture
def bare_folder(repository: Path, tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(repository / name, tmp_path / name)
    return tmp_path


def make(folder: Path, target: str, path: Path) -> subprocess.CompletedProcess[str]:
    make_command = shutil.which("make")
    if make_command is None:
        pytest.skip("make is not installed")
    environment = {"PATH": str(path), "HOME": str(folder / "home")}
    return subprocess.run(
        [make_command, target], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def fake_tools(folder: Path, **tools: str) -> Path:
    """A folder to be the whole PATH: a shell, and these scripts."""
    tools_folder = folder / "bin"
    tools_folder.mkdir()
    shell = shutil.which("sh")
    assert shell is not None
    (tools_folder / "sh").symlink_to(os.path.realpath(shell))
    for name, body in tools.items():
        script = tools_folder / name.replace("_", ".")
        script.write_text(f"#!{shell}\n{body}\n")
        script.chmod(0o755)
    return tools_folder


@pytest.mark.parametrize("target", ["demo", "test", "setup", "lab"])
def test_without_a_new_enough_python_one_sentence_says_what_to_install(
    bare_folder: Path, target: str
) -> None:
    done = make(bare_folder, target, fake_tools(bare_folder, python3="exit 1"))
    assert done.returncode == 2
    sentence, *rest = done.stderr.splitlines()
    assert sentence.startswith("revmentor needs Python 3.12 or newer")
    assert "pyenv install 3.13" in sentence
    assert len(rest) == 1
    assert rest[0].startswith("make: ***")
    assert not (bare_folder / ".venv").exists()


def test_a_newer_python_is_found_behind_an_old_python3(bare_folder: Path) -> None:
    said = 'case "$*" in *venv*--clear*) echo "made by $0"; exit 3;; *) exit 0;; esac'
    done = make(bare_folder, "setup", fake_tools(bare_folder, python3="exit 1", python3_13=said))
    assert "made by" in done.stdout
    assert "python3.13" in done.stdout


def test_a_python_that_only_pyenv_has_is_found(bare_folder: Path) -> None:
    tools = fake_tools(bare_folder, python3="exit 1")
    hidden = bare_folder / "home/.pyenv/versions/3.13.0/bin/python3"
    hidden.parent.mkdir(parents=True)
    answer = 'case "$*" in *venv*--clear*) echo "made by $0"; exit 3;; esac'
    hidden.write_text(f"#!{shutil.which('sh')}\n{answer}\n")
    hidden.chmod(0o755)
    assert f"made by {hidden}" in make(bare_folder, "setup", tools).stdout


def test_a_second_set_up_installs_nothing(bare_folder: Path) -> None:
    python = bare_folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    (bare_folder / ".venv/.installed").write_text("")
    tools = fake_tools(bare_folder, python3="exit 1")
    done = make(bare_folder, "setup", tools)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing to be done" in done.stdout
    stamp = bare_folder / ".venv/.installed"
    newer = stamp.stat().st_mtime + 10
    os.utime(bare_folder / "requirements.lock", (newer, newer))
    assert make(bare_folder, "setup", tools).returncode != 0


def test_the_automatic_check_runs_make_test(repository: Path) -> None:
    script = repository / ".ci/run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert text.splitlines()[-1] == "make test"
    assert "set -euo pipefail" in text


def test_hooks_before_a_commit_are_local(repository: Path) -> None:
    text = (repository / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    config = YAML(typ="safe", pure=True).load(text)
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    assert {hook["language"] for hook in config["repos"][0]["hooks"]} == {"system"}
