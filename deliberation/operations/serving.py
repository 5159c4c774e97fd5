"""Serve the application in this process, and keep its results up to date in the background."""

import logging
import socket
import threading
from pathlib import Path

from flask import Flask
from waitress.server import create_server
from whitenoise import WhiteNoise

from deliberation.db.session import db
from deliberation.errors import DeliberationError
from deliberation.results.jobs import analyse_stale

SECONDS_BETWEEN_LOOKS = 5

_log = logging.getLogger(__name__)


def check_port(host: str, port: int) -> None:
    """Raises DeliberationError where something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DeliberationError(
                f"port {port} cannot be used: {error.strerror}", hint="choose another one: --port PORT"
            ) from error


def serve(app: Flask, host: str, port: int) -> None:
    """Answer requests until interrupted."""
    # WhiteNoise answers for our own files without the application, which keeps its threads for pages and votes.
    wsgi = WhiteNoise(app.wsgi_app, max_age=60)
    wsgi.add_files(str(Path(app.static_folder or "")), prefix="static/")
    server = create_server(wsgi, host=host, port=port, threads=8, ident=None)
    ended = threading.Event()
    analyst = threading.Thread(target=_keep_results_fresh, args=(app, ended), daemon=True, name="analysis")
    analyst.start()
    try:
        server.run()
    finally:
        ended.set()
        server.close()


def _keep_results_fresh(app: Flask, ended: threading.Event) -> None:
    mark = None
    while not ended.wait(SECONDS_BETWEEN_LOOKS):
        with app.app_context():
            try:
                mark = analyse_stale(mark)
            except DeliberationError as error:
                _log.warning("analysis: %s", error)
            finally:
                db.session.close()
