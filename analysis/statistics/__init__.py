"""Statistics of count tables. None of them rounds, raises on valid input or draws unseeded.

Counts add up over experts and are what is frozen; scipy, which asks for rows, gives the
distributions beneath.
"""
