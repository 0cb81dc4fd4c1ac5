"""The registers a PPID is obliged to keep, read from the case files row by row and written as files."""
