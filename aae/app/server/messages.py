"""The queue of Streamlit's messages to a browser."""

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep_whole() -> None:
    """Let no run of a fragment drop messages that were not sent yet.

    Streamlit 1.67 drops those of the fragment's run before, but not the ones that name an element which the browser
    has: these hold no fragment. They come without the containers that they lie in, and the browser shows a blank page.
    """
    ForwardMsgQueue.clear = clear  # type: ignore[assignment, method-assign]


def clear(
    queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list | None = None
) -> None:
    """Before a run of the page, what Streamlit does; before one of fragments, drop nothing."""
    _clear(queue, retain_lifecycle_msgs, None if fragment_ids_this_run is None else [])
