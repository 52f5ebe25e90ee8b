"""A module of the same name as one of the folder above."""


def load() -> list[str]:
    return []
