#!/usr/bin/env python3
"""Start posapp: `python3 main.py [command]`; the commands are in posapp/cli.py.

Every Python since 2.7 must be able to read this file, so that a wrong one gets a sentence
instead of a traceback: no f-strings, no annotations, nothing but ASCII.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
KNOWN_NAMES = (["python3.11"], ["python3.12"], ["python3.13"], ["py", "-3.11"], ["py", "-3.12"])


def fits(version):
    return OLDEST <= tuple(version[:2]) <= NEWEST


def find_other_python():
    """Return the command of a Python that fits, if one is on the path."""
    question = "import sys; sys.exit(not %r <= sys.version_info[:2] <= %r)" % (OLDEST, NEWEST)
    for name in KNOWN_NAMES:
        with open(os.devnull, "w") as nowhere:
            try:
                if subprocess.call(name + ["-c", question], stdout=nowhere, stderr=nowhere) == 0:
                    return name
            except OSError:
                continue  # no such name on the path: the next one
    return None


def use_other_python(arguments):
    other = find_other_python()
    if other is None:
        here = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "posapp needs Python 3.11, 3.12 or 3.13, and this is Python %s. Nothing was changed. "
            "Install one of them (on Debian 12: apt-get install python3) and start again, "
            "for example with: python3.11 main.py\n" % here
        )
        return 1
    command = other + [os.path.abspath(__file__)] + arguments
    if os.name == "posix":
        os.execvp(command[0], command)
    return subprocess.call(command)


def main(arguments):
    if not fits(sys.version_info):
        return use_other_python(arguments)
    from posapp.bootstrap import start

    root = os.path.dirname(os.path.abspath(__file__))
    code = start.prepare(root, arguments)
    if code is not None:
        return code
    return start.guard(root, run_command, arguments)


def run_command(arguments):
    from posapp import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
