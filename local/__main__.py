"""Run Tripane on this machine: page and API on one loopback port, one emulated Lambda function for each model.

python -m local                     http://127.0.0.1:8080/
python -m local --port 9000
python -m local --containers        the functions as the real container images (needs a docker daemon)
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import signal

from local.expected import in_a_sentence
from local.privacy import forwarded_hosts
from local.server import port_number
from local.system import run


@in_a_sentence
def main() -> int:
    """Parse the command line and run until interrupted; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m local", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=port_number, default=8080, help="where page and API listen (default: 8080)")
    parser.add_argument("--containers", action="store_true", help="run the functions as container images")
    parser.add_argument(
        "--hosts",
        type=forwarded_hosts,
        default=[],
        help="names, separated by spaces, under which a browser reaches a forwarded port; NAME:PORT: there alone",
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end in good order for both
    with contextlib.suppress(KeyboardInterrupt):
        run(arguments.port, containers=arguments.containers, hosts=arguments.hosts)
    print("Tripane has stopped.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
