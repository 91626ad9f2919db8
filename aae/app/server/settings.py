"""The environment variables of a server, checked before it answers anybody."""

import os

from aae import cluster, storage
from aae.app.server import teacher
from aae.config import ConfigError, environment, refuse

FOLDERS = ("AAE_RUNS", "AAE_DATA", "AAE_BLOBS")
SWITCHES = ("AAE_PREPARE", "AAE_WAITING")


def check() -> None:
    """Raise ConfigError, or ClusterError, for a variable that cannot be used; a store need not answer yet."""
    for name in FOLDERS:
        _check_folder(name, os.environ.get(name, ""))
    for name in SWITCHES:
        environment.is_on(name)
    environment.niceness()
    teacher.check_secret()
    if cluster.is_asked():
        cluster.connect()


def _check_folder(name: str, text: str) -> None:
    """Raise ConfigError for a URL that no store has, or a path at which there is something else than a folder."""
    if storage.is_url(text):
        if not text.partition("://")[2].strip("/"):
            raise refuse(name, text, "names nothing in the store: write it like s3://bucket/folder")
        try:
            storage.check_url(text)
        except OSError as error:
            raise ConfigError(f"{name}={error.strerror}") from error
    elif text and os.path.exists(path := storage.place(text)) and not path.is_dir():
        raise refuse(name, text, "is no folder: name one, or the URL of a store")
