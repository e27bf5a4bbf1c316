"""What every test stands on: loopback only, slow tests on demand, one Elasticsearch node a run."""

import ipaddress
import logging
import socket
import sys
from collections.abc import Iterator

import pytest
import structlog

pytest_plugins = ["tests.fakes.node", "tests.fakes.journals", "tests.fakes.stored"]

_LOCAL_NAMES = {"localhost", "", None}


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: object) -> bool:
    """Say whether `host` is an address in some spelling (`127.1`, `0x7f.1`, `10.0.0.1`): no DNS is asked for it."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return bool(ipaddress.ip_address(text) if ":" in text else socket.inet_aton(text))
    except (ValueError, OSError):
        return False


def _refuse_the_outside(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = args[-1]
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            raise PermissionError(f"a test may not leave this machine: {address[0]}")
    elif event == "socket.getaddrinfo" and not (_is_loopback(args[0]) or _is_number(args[0])):
        raise PermissionError(f"a test may not resolve a name: {args[0]!r}")


sys.addaudithook(_refuse_the_outside)


@pytest.fixture(autouse=True)
def _logs_put_back() -> Iterator[None]:
    """A command configures the logs of its whole process; the next test must not write where that one did."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    before = [(logger, logger.level) for logger in loggers]
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for logger, level in before:
        logger.setLevel(level)
    structlog.reset_defaults()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--runslow", action="store_true", help="run the tests marked slow too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--runslow"):
        return
    skip = pytest.mark.skip(reason="slow: make test-slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
