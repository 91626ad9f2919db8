"""The name under which scripts of before import the reading of custom data: now aae.data.custom."""

from aae.data.custom import *  # noqa: F403
from aae.data.custom import CustomData

Own = CustomData
