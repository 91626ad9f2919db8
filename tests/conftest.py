import os

import torch

os.environ.setdefault("AAE_DATA", "data")
torch.set_num_threads(1)
