"""What people do: on each task of the worklist, and besides.

A file for each part of the road. `WORK` says what may be done about a task, the usual thing first; `BESIDES` what
somebody may come up with at any time. Moves may well be refused: nobody here knows the rules.
"""
