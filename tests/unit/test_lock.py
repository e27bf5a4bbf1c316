"""One daemon a data folder, told at once (promise 18)."""

import subprocess
import sys
from pathlib import Path

import pytest

from watcher.errors import Fatal
from watcher.stores.lock import only_one

HOLD = """
import sys
from pathlib import Path
from watcher.stores.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Fatal, match="tourne déjà"), only_one(tmp_path):
        pass


def test_the_folder_is_free_again_after_the_block(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Fatal), only_one(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with only_one(tmp_path):
        pass
