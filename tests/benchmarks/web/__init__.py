"""Servers beside each other: the same page of thirty items, answered by many at a time."""
