"""Blobs: kept by content, and forgotten everywhere at once."""

from aae.app import blobs


def test_what_is_evicted_is_forgotten_by_those_who_know_its_address(monkeypatch):
    monkeypatch.setattr(blobs, "_kept", type(blobs._kept)())
    monkeypatch.setattr(blobs, "MAX_BYTES", 25)
    forgotten = []
    monkeypatch.setattr(blobs, "on_eviction", [lambda: forgotten.append(True)])
    first = blobs.publish(b"x" * 10)
    assert blobs.publish(b"x" * 10) == first and blobs.publish(b"y" * 10) != first
    assert not forgotten
    blobs.publish(b"z" * 10)
    assert forgotten and len(blobs._kept) == 2
