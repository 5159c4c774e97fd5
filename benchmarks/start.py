"""How long the demo takes to answer: start.py [--quick] [--json FILE]"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path

BARS = {"first start": 60.0, "second start": 5.0}


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one second start instead of three")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        first = _seconds_until_it_answers(Path(folder))
        seconds = [_seconds_until_it_answers(Path(folder)) for _ in range(1 if arguments.quick else 3)]
    measured = {"first start": first, "second start": sorted(seconds)[len(seconds) // 2]}
    missed = [name for name, bar in BARS.items() if measured[name] > bar]

    print(f"{'':<14}{'seconds':>9}{'at most':>9}")
    for name, value in measured.items():
        print(f"{name:<14}{value:>9.1f}{BARS[name]:>9.1f}{'  missed' if name in missed else ''}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"seconds": measured, "bars": BARS, "missed": missed}, indent=2))
    return 1 if missed else 0


def _seconds_until_it_answers(instance: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "collective-alignment"), "demo", "--port", str(port)]
    started = time.perf_counter()
    server = subprocess.Popen(
        command, env=os.environ | {"DELIBERATION_INSTANCE": str(instance)}, stdout=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if server.poll() is not None:
                raise SystemExit(f"the demo ended with {server.returncode}")
            time.sleep(0.05)
        return time.perf_counter() - started
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
