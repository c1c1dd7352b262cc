"""Signatures: only what was signed with the secret, now, and once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.slack.signed import WINDOW, Signed

NOW = 1_663_675_200


def signed(at: float = NOW) -> Signed:
    return Signed("a-secret", clock=lambda: at)


def headers(at: str, signature: str) -> dict[str, str]:
    return {"x-slack-request-timestamp": at, "x-slack-signature": signature}


@given(body=st.text(max_size=200))
def test_it_is_slacks_own_signature(body: str) -> None:
    theirs = SignatureVerifier("a-secret").generate_signature(timestamp=str(NOW), body=body)
    assert (
        signed().signature(str(NOW), body.encode("utf-8", "surrogatepass")) == theirs
        or not body.isprintable()
    )


@given(body=st.binary(max_size=200), off=st.integers(-WINDOW, WINDOW))
def test_what_is_signed_is_let_in_once(body: bytes, off: int) -> None:
    door, at = signed(), str(NOW + off)
    given_headers = headers(at, door.signature(at, body))
    assert door.accepts(given_headers, body)
    assert not door.accepts(given_headers, body)


@given(body=st.binary(max_size=200), off=st.integers(WINDOW + 1, 10**9), ahead=st.booleans())
def test_old_and_future_requests_are_not(body: bytes, off: int, ahead: bool) -> None:
    door, at = signed(), str(max(NOW + (off if ahead else -off), 0))
    assert not door.accepts(headers(at, door.signature(at, body)), body)


@given(at=st.text(max_size=30), signature=st.text(max_size=80), body=st.binary(max_size=50))
def test_anything_else_is_refused_without_an_error(at: str, signature: str, body: bytes) -> None:
    assert not signed().accepts(headers(at, signature), body)
    assert not signed().accepts({}, body)


@given(body=st.binary(min_size=1, max_size=200), index=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_body_is_refused(body: bytes, index: int, bit: int) -> None:
    door = signed()
    changed = bytearray(body)
    changed[index % len(body)] ^= 1 << bit
    assert not door.accepts(headers(str(NOW), door.signature(str(NOW), body)), bytes(changed))


def test_the_secret_is_not_part_of_what_is_printed() -> None:
    assert "a-secret" not in repr(signed())
