"""Measurements with the project's real code, each beside a floor from the same run; see bench/README.md."""
