"""Figures for answers: facts without words, from the feeds that `jobs.counting` reads."""
