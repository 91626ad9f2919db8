"""Adversarial autoencoders (Makhzani et al. 2015, arXiv 1511.05644): every mode as a choice of one Config."""

import os

# OpenMP threads that spin while they wait make two busy cores slower than one; torch reads this on import.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
