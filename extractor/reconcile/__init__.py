"""Records -> findings; `checks` runs every kind of check, one module each."""
