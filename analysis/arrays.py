"""The kinds of arrays that numbers come in."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
