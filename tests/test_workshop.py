"""The visitors of the benchmark do what browsers do: their choices and pages run without an error."""

import asyncio
import random

from benchmarks.visitor import Visitor


async def visit(address):
    """Some gestures of a visitor: the pages where each ended, the addresses' queries, and what went wrong."""
    visitor, seen = Visitor(address, random.Random(0)), []
    await visitor.open("explore")
    for _ in range(6):
        await visitor.gesture()
        seen.append((visitor.session.page, visitor.session.query))
    while visitor.session.blobs - visitor.fetched:
        await asyncio.sleep(0.1)
    await visitor.close()
    return seen, visitor


def test_a_visitor_chooses_runs_and_pages(server):
    seen, visitor = asyncio.run(visit(server))
    assert visitor.session.errors == [] and len(visitor.fetched) > 3
    assert len(set(seen)) > 3 and len({page for page, _ in seen}) > 1 and any(query for _, query in seen)
