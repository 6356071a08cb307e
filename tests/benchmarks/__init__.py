"""Promises about speed and memory, measured beside other programs in one run.

Only ratios within one run mean anything; the machine may be busy.
"""

import os

# One thread for everybody, before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
