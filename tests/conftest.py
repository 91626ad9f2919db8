import os
import tempfile

import torch

os.environ.setdefault("AAE_DATA", "data")
os.environ["AAE_RUNS"] = tempfile.mkdtemp()
torch.set_num_threads(1)
