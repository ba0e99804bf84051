"""revmentor: reverse-mentoring cycles, from the objective to the measured result."""

__version__ = "0.1.0"
