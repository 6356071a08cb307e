"""Statistics of count tables. None of them rounds, raises on valid input or draws unseeded."""
