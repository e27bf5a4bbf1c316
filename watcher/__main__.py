"""`watcher` and `python -m watcher`."""

import sys

INTERRUPTED = 130


def main() -> int:
    """Run the command line; what it stands on takes a second to import, and Ctrl-C may come meanwhile."""
    try:
        from watcher import cli  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        print("Arrêté à votre demande.", file=sys.stderr)  # noqa: T201 - before there is a console
        return INTERRUPTED
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
