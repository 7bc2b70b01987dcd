#!/usr/bin/env python
"""The command line of Dailies; `--data FOLDER` is read here, before the settings are."""

import os
import sys


def take_data_folder(arguments: list[str]) -> str | None:
    """Take `--data FOLDER` or `--data=FOLDER` out of the arguments and return the folder."""
    for position, argument in enumerate(arguments):
        if argument == "--data" and position + 1 < len(arguments):
            del arguments[position]
            return arguments.pop(position)
        if argument.startswith("--data="):
            return arguments.pop(position).removeprefix("--data=")
    return None


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    if folder := take_data_folder(sys.argv):
        os.environ["DAILIES_DATA"] = folder
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
