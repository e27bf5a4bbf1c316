"""The node's home: what is laid on disk before a start."""

import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from watcher.errors import Fatal
from watcher.stores.embedded.home import prepare


def silent(_: str) -> None:
    """Report nothing."""


def test_a_prepared_home_is_found_again_without_a_word(es_cache: Path) -> None:
    first = prepare(es_cache, silent)
    told: list[str] = []

    assert prepare(es_cache, told.append) == first
    assert told == []


def test_the_modules_are_laid_out_as_elasticsearch_reads_them(es_cache: Path) -> None:
    home = prepare(es_cache, silent)
    modules = home.folder / "modules"

    assert {module.name for module in modules.iterdir()} == {"french-analysis", "transport-netty4"}
    for module in modules.iterdir():
        assert f"name={module.name}\n" in (module / "plugin-descriptor.properties").read_text()
    assert (
        "FrenchAnalysisModule.class" in zipfile.ZipFile(modules / "french-analysis" / "french-analysis.jar").namelist()
    )
    assert len(list((modules / "transport-netty4").glob("netty-*.jar"))) == 8


def test_the_class_path_holds_the_launcher_and_the_server_only(es_cache: Path) -> None:
    home = prepare(es_cache, silent)
    classes, *jars = home.class_path.split(":")

    assert (Path(classes) / "Launcher.class").exists()
    assert any(jar.endswith("/elasticsearch-9.2.0.jar") for jar in jars)
    assert not any("netty" in jar or "ecj" in jar for jar in jars)


def test_a_cache_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file where a folder is wanted")

    with pytest.raises(Fatal, match=f"n'a pas pu être préparé dans {cache}"):
        prepare(cache, silent)


@pytest.mark.slow
def test_two_first_starts_at_once_build_one_whole_home(es_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(es_cache / "jars", tmp_path / "jars")

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: prepare(tmp_path, silent), range(2))

    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["jars", first.folder.name])
    assert (first.folder / "classes" / "Launcher.class").exists()
