"""Visits that began at another server, or before this one was started, and go on here."""

import asyncio
from weakref import WeakKeyDictionary, WeakSet

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

LOOK = 0.02  # seconds between two looks whether a page has opened
_request = AppSession.request_rerun
_known: WeakSet[AppSession] = WeakSet()
_asked: WeakKeyDictionary[AppSession, ClientState] = WeakKeyDictionary()  # of pages that open


def go_on() -> None:
    """Let a page whose visit is not known here open as its address says, before it is given what a visitor did on it.

    Streamlit 1.67 ignores a fragment that is asked of a new session, and calls nothing when a widget was changed.
    """
    AppSession.request_rerun = request_rerun  # type: ignore[assignment, method-assign]


def request_rerun(session: AppSession, client_state: ClientState | None) -> None:
    """What Streamlit does, once the page has opened here."""
    if client_state and session in _asked:
        _asked[session] = client_state
        return
    is_new, opening = session not in _known, ClientState()
    _known.add(session)
    if client_state and is_new and client_state.widget_states.widgets:
        opening.CopyFrom(client_state)
        opening.ClearField("widget_states")
        opening.ClearField("fragment_id")
        opening.ClearField("is_auto_rerun")
        _asked[session] = client_state
        asyncio.get_running_loop().call_later(LOOK, give, session)
        client_state = opening
    _request(session, client_state)


def give(session: AppSession) -> None:
    """Ask for what the visitor wanted, once the page has run."""
    if session._scriptrunner:  # at work, or about to be
        asyncio.get_running_loop().call_later(LOOK, give, session)
        return
    asked = _asked.pop(session)
    if session._state != AppSessionState.SHUTDOWN_REQUESTED:  # the visitor has not left meanwhile
        _request(session, asked)
