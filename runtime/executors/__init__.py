"""Executors: where the steps of a run are carried out.

```
job_run  ->  an executor  ->  conductor  ->  a carrier  ~~ another process ~~>  site
             (definition)     what, when     takes a task     |                 does it
                                             to a worker      +-- worker, nursery: processes of one machine
```

The process that starts a run decides everything: which step is ready, skipped, retried, over its time, and
what is written into the record. Elsewhere a step is only carried out: a *task* goes there, which is a few
numbers, and *messages* come back: the records of what happened, in the end how it went. Values never pass
between the two; they go through IO managers. Definitions never do either: a worker gets a pointer, builds the
job itself, and refuses to go on when its plan is not the very plan that the run was started with.

`schedule.py` knows of order and nothing of processes, `pool.py` of processes and nothing of order.
"""
