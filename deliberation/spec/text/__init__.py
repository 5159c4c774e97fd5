"""The text of a Model Spec: read, edited and drawn. Pure: bytes and strings in, frozen values out."""
