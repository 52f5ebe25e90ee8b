"""What a job is made of: ops, graphs, resources, jobs. Immutable once built.

Names are imported from the modules that define them; users find them in the facade of `jobc`. A facade here
could not offer them, for `graph`, `job` and others are names of modules of this package as well.
"""
