"""A living node: found by its data folder, asked how it is, stopped."""

import http.client
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
ANSWER_S = 5  # a node that is only busy answers well within this


@dataclass(frozen=True, slots=True)
class Node:
    """An Elasticsearch on this machine. `process` is None where somebody else started it."""

    folder: Path
    pid: int
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{HOST}:{self.port}"

    def is_alive(self) -> bool:
        """Say whether its process runs; of a node that somebody else started, whether it answers."""
        return find(self.folder) == self if self.process is None else self.process.poll() is None

    def is_settled(self) -> bool:
        """Say whether every index can be read and written: green, or yellow for want of a second machine only."""
        wanted = "wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=1s"
        health = ask(self.port, f"/_cluster/health?{wanted}")
        return health is not None and health.get("timed_out") is False

    def stop(self, patience_s: float = 20) -> None:
        """Close the node properly, or kill it when it does not close within `patience_s`. Blocks until it is gone."""
        if self._signal(signal.SIGTERM) and not self._is_gone_within(patience_s):
            self._signal(signal.SIGKILL)
            self._is_gone_within(patience_s)
        state_file(self.folder).unlink(missing_ok=True)

    def _signal(self, number: signal.Signals) -> bool:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def _is_gone_within(self, patience_s: float, step_s: float = 0.1) -> bool:
        for _ in range(round(patience_s / step_s)):
            # Another's child may stay as a zombie under a parent that does not reap: its file tells, not its pid.
            if self.process.poll() is not None if self.process else not state_file(self.folder).exists():
                return True
            time.sleep(step_s)
        return False


def find(folder: Path) -> Node | None:
    """Return the living node of this data folder, None when there is none. A stale state file counts for nothing.

    The node must answer on the port it announced, under the announced process, and hold this very folder: a pid or
    a port that another program took over since is never mistaken for it.
    """
    announced = announced_node(folder)
    if announced is None:
        return None
    shown = "nodes.*.process.id,nodes.*.settings.path.data"
    answer = ask(announced.port, f"/_nodes/_local/process,settings?filter_path={shown}") or {}
    ours = {"process": {"id": announced.pid}, "settings": {"path": {"data": [str(folder.resolve() / "data")]}}}
    return announced if ours in answer.get("nodes", {}).values() else None


def state_file(folder: Path) -> Path:
    """Return where a node announces itself. Written by the launcher, see java/Launcher.java."""
    return folder / "node.json"


def announced_node(folder: Path, process: subprocess.Popen[bytes] | None = None) -> Node | None:
    """Return the node that the state file names, living or not; None without a readable one."""
    try:
        state = json.loads(state_file(folder).read_bytes())
        return Node(folder, int(state["pid"]), int(state["port"]), process)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask(port: int, path: str) -> dict[str, Any] | None:
    """Return what the node on `port` answers to a GET, None when it does not answer with JSON."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_S)
    try:
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else None
