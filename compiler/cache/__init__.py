"""Answers of `jobc validate`, remembered from one process to the next.

An answer is about one file, and is found by all that it was asked with: this version of jobc and of Python,
the settings, the file's name, the folder of the process, the digest of the file's content (`stamp.py`,
`memory.py`). With it stands what the answer depends on besides: the contents of imported files and of Python
modules, the names in folders where modules were looked for, where links lead (`entry.py`). All of that is
asked again, from the disk as it is now, before the answer is believed; no time of a file is trusted for its
content. So a cache can be late in saying nothing, and never says anything else than checking would.

Entries are text with a checksum, one file each, in the user's cache folder (`store.py`). What is broken,
foreign or unreadable is as if it were not there.

Only what is needed to say "as before" is loaded for files that have not changed: no module here imports
anything else at its top.
"""
