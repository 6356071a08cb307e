"""Counting codes fast, and refusing those outside their range."""

import numpy as np
import numpy.typing as npt

from analysis.tables.histograms import Codes, Counts, UnknownCode

PAIRED_FROM = 100_000  # experts from which two codes are counted at a time


def frozen_array(values: npt.ArrayLike, dtype: type[np.generic] = np.int64) -> npt.NDArray[np.int64]:
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array


def count_codes(codes: Codes, size: int) -> Counts:
    """``bincount`` of one measure's codes; long runs of bytes are counted two at a time."""
    even = codes.size - codes.size % 2
    if codes.dtype != np.int8 or codes.size < PAIRED_FROM or not codes.flags.c_contiguous:
        return np.bincount(codes, minlength=size)
    pairs = np.bincount(codes[:even].view(np.uint16), minlength=1 << 16).reshape(256, 256)
    counts = (pairs.sum(axis=0) + pairs.sum(axis=1))[:size]
    if codes.size > even:
        counts[codes[-1]] += 1
    return np.asarray(counts, dtype=np.int64)


def require_range(codes: Codes, size: int) -> None:
    if codes.size and (int(codes.min()) < 0 or int(codes.max()) >= size):
        raise UnknownCode(f"a code outside 0..{size - 1}")


def checked_count(row: Codes, size: int) -> Counts:
    """Counts of one measure; the bytes are looked at once, so the counts tell what is foreign."""
    if row.size and row.dtype == np.int8 and row.size >= PAIRED_FROM:
        counts = count_codes(row, 1 << 8)
        if counts[size:].any():
            raise UnknownCode(f"a code outside 0..{size - 1}")
        return counts[:size]
    require_range(row, size)
    return np.bincount(row, minlength=size)
