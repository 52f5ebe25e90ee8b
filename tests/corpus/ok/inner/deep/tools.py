"""A module in a folder of its own."""


def tidy(text: str) -> str:
    return text.strip()
