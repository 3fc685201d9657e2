"""Uploaded files: examined, kept under their digest, given back to who may see them."""
