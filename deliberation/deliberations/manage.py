"""Pages of this room."""

from flask import Blueprint

bp = Blueprint("deliberations_manage", __name__)
