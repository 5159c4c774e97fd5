"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("amendments", __name__)
