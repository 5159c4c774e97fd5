"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("spec", __name__)
