#!/usr/bin/env python
"""The command line of Dailies; `--data FOLDER` is read here, before the settings are."""

import os
import sys


def data_folder(arguments: list[str]) -> str | None:
    """Find the value of `--data FOLDER` or `--data=FOLDER` among the arguments."""
    for position, argument in enumerate(arguments):
        if argument == "--data" and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith("--data="):
            return argument.removeprefix("--data=")
    return None


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    if folder := data_folder(sys.argv[1:]):
        os.environ["DAILIES_DATA"] = folder
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
