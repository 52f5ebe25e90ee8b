"""The engine: walks a plan, records events, gathers results."""
