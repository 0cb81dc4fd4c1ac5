"""What the rules say no to. Each error names the fact, keeps its fields, and reads as a plain sentence."""


class DomainError(Exception):
    """The rules say no; told to a person, in Bahasa Indonesia, by ``str()``."""
