"""Our own static files, at addresses that carry their hash so that browsers may keep them for good."""

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for


def init_app(app: Flask) -> None:
    """Offer `asset('app.css')` to templates and let hashed addresses be cached."""
    folder = Path(app.static_folder or "")
    hashes: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in hashes or app.debug:
            hashes[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=hashes[name])

    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def cache_hashed(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
