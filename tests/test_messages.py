"""The queue of messages to a browser."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from aae.app.server import messages

FRAGMENT = "a"


def block(*path: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.add_block.allow_empty = True
    message.delta.fragment_id = FRAGMENT
    message.metadata.delta_path[:] = path
    return message


def named(*path: int) -> ForwardMsg:
    message = ForwardMsg(ref_hash="of an element that the browser has")
    message.metadata.delta_path[:] = path
    return message


@pytest.fixture
def queue(monkeypatch) -> ForwardMsgQueue:
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)  # as it was, afterwards
    messages.keep_whole()
    queue = ForwardMsgQueue()
    for message in (block(0, 0), block(0, 0, 0), named(0, 0, 0, 0)):
        queue.enqueue(message)
    return queue


def paths(queue: ForwardMsgQueue) -> list[tuple[int, ...]]:
    return [tuple(message.metadata.delta_path) for message in queue.flush()]


def test_an_element_is_never_sent_without_its_containers(queue):
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[FRAGMENT])
    queue.enqueue(block(0, 0))
    assert paths(queue) == [(0, 0), (0, 0, 0), (0, 0, 0, 0), (0, 0)]


def test_a_run_of_the_page_drops_what_was_not_sent(queue):
    queue.clear(retain_lifecycle_msgs=True)
    assert paths(queue) == []


def test_a_fragment_that_was_run_anew_did_not_end_by_itself(queue):
    queue.enqueue(ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[FRAGMENT])
    assert queue.flush()[-1].script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
