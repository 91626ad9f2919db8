"""The name under which scripts of before import what reads the files that people bring: now aae.data.custom."""

from aae.data.custom import *  # noqa: F403
