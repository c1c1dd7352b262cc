"""Words in: text to a Query, or to what was not understood and what to offer instead."""
