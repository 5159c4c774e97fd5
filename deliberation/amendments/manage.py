"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("amendments_manage", __name__)
