"""The reports a PPID is obliged to give, computed from the case files; no figure is typed."""
