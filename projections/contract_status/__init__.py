"""How each case stands, from the first draft to the closed contract."""
