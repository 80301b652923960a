"""This is the shell: everything between Slack and the rules."""

import os

# Linear algebra uses one thread: with one for each core, an answer takes a hundred times as long
# on two cores, and sweeps wait behind it. It is read when numpy is first imported: so it is here.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
# No library of models may look anything up, whatever it was built to do.
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ.setdefault(_name, "1")
