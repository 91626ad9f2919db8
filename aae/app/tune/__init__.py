"""The Tune page: the form of a sweep, and what sweeps came to."""
