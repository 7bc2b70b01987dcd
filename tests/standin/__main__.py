"""`python -m tests.standin runware --port 9001`: serve one dialect until Ctrl-C."""

import argparse
import time

from studio.providers.registry import DIALECTS
from tests.standin.server import Standin


def main():
    known = {dialect.slug: dialect for dialect in DIALECTS}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dialect", choices=known)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--price", type=int, default=70_000, help="native micro-units per second")
    options = parser.parse_args()
    standin = Standin(known[options.dialect](), price=options.price)
    print(standin.start(options.port), flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
