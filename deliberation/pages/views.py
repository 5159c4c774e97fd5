"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("pages", __name__)
