"""The runtime: definitions, plans, and the engine that runs them."""
