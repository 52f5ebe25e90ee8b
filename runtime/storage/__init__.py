"""What outlives an op: runs and their events, the keys of dynamic partitions, backfills.

`instance.py` is the door; behind it `memory.py` forgets with the process and `sqlite.py` does not.

**What is durable when.** A run is recorded, in one commit, before anything of it happens. Its events are
gathered in memory and written in one commit where a killed process would otherwise lose something that
matters: when resources begin to open, when a step starts, when it ended or will be tried again, and when
the run ends. The point of no return of a step is the commit that holds its STEP_SUCCESS: it comes after all
outputs were stored, and before hooks and any later step run. A process killed before that point leaves a
step that did not happen and is run again; killed after it, one that is never run again. Where steps run in
worker processes, the hooks of a step may begin before that commit; no later step does.

The commits survive the death of the process at any moment. They are not forced to the disk one by one
(`synchronous=NORMAL`), so a power failure may take back the last of them, but never leaves half of one.
"""
