"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("results_manage", __name__)
