"""`ancadmin` and `python -m ancadmin`."""

import gc
import sys


def main() -> None:
    """Runs the command line and leaves with its exit code."""
    # Loading makes many objects and no garbage: collecting meanwhile is a fifth of what `--help` costs. The command
    # line turns collection on again before a command starts to work.
    gc.disable()
    try:
        from ancadmin.cli.app import defect, run

        if "--debug" not in sys.argv:
            sys.excepthook = defect
        code = run(sys.argv[1:])
        # Nor is there anything to find by looking through it all when the process goes; but DuckDB reports whatever is
        # left then.
        if "duckdb" not in sys.modules:
            gc.freeze()
        sys.exit(code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
