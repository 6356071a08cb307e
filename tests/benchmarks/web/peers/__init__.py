"""Other servers that ask the same page of thirty items, each by its ordinary means, in an environment of their own."""
