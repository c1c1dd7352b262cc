"""local-slack, an npm package: a Slack workspace as one binary on loopback, and its people."""

from __future__ import annotations

import json
import logging
import os
import platform
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from tests.slack_shop import until

PACKAGE = "local-slack-linux-x64@0.1.8"
BOT_TOKEN, APP_TOKEN = "xoxb-invented-for-e2e", "xapp-invented-for-e2e"
OFFICER, CHANNEL, BOT = "U0OFFICER", "C0PARTNERS", "U0TOCSIN"


def installed(folder: Path) -> Path:
    """The binary: the one that TOCSIN_LOCAL_SLACK names, or installed by npm into `folder`."""
    if given := os.environ.get("TOCSIN_LOCAL_SLACK"):
        return Path(given)
    npm = shutil.which("npm")
    assert npm is not None, "npm is not there: see tests/e2e/README.md"
    assert (platform.system(), platform.machine()) == ("Linux", "x86_64"), "local-slack is for Linux on x64"
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE],
        check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    return folder / "node_modules" / PACKAGE.partition("@")[0] / "bin" / "local-slack"


@dataclass
class LocalSlack:
    """A running workspace, driven as its page drives it."""

    address: str
    views: list[dict[str, Any]] = field(default_factory=list)  # forms, the newest last
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return f"{self.address}/api/"

    def control(self, what: str, **values: Any) -> dict[str, Any]:
        """The control API."""
        request = urllib.request.Request(f"{self.address}/_control/{what}")
        if values:
            request.data = json.dumps(values).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as response:
            told: dict[str, Any] = json.loads(response.read())
        return told

    def command(self, name: str, text: str) -> None:
        self.control("command", channel=CHANNEL, user=OFFICER, command=name, text=text)

    def say(self, text: str, thread: str | None = None) -> str:
        """Type in the channel, or in a thread; the message's ts."""
        more = {"thread_ts": thread} if thread else {}
        told = self.control("message", channel=CHANNEL, user=OFFICER, text=text, **more)
        return str(told["message"]["ts"])

    def press(self, message: dict[str, Any], action: str) -> None:
        """Press a button of a message, by the end of its id."""
        button = next(b for b in buttons(message) if b["action_id"].endswith(action))
        self.control("interact", channel=CHANNEL, messageTs=message["ts"], user=OFFICER, action=button)

    def messages(self) -> list[dict[str, Any]]:
        return list(self.control(f"messages/{CHANNEL}")["messages"])

    def seen(self, words: str, within: float = 40.0) -> dict[str, Any]:
        """The newest message that says it, private ones among them; waits for it."""
        until(lambda: any(words in shown(m) for m in self.messages()), f"nobody sees {words!r}", within)
        return [m for m in self.messages() if words in shown(m)][-1]


@contextmanager
def page(slack: LocalSlack) -> Iterator[Connection]:
    """The connection of the workspace's own page: what forms are open, and how they are sent."""

    def told(text: str) -> None:
        news = json.loads(text)
        if news.get("t") == "view":
            slack.views[:] = news.get("stack") or []
        elif news.get("t") == "home":
            slack.homes[news["user"]] = news["view"]

    connection = Connection(
        slack.address.replace("http", "ws") + "/ui", logging.getLogger("e2e.page"), on_message_listener=told
    )
    connection.connect()
    state = ConnectionState()  # type: ignore[no-untyped-call]
    reader = threading.Thread(target=connection.run_until_completion, args=(state,), daemon=True)
    reader.start()
    try:
        yield connection
    finally:
        state.terminated = True
        reader.join(5)
        connection.close()


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message."""
    return [e for b in message.get("blocks", []) if b["type"] == "actions" for e in b["elements"]]


def shown(message: dict[str, Any]) -> str:
    """Everything that a message says."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


@contextmanager
def local_slack(binary: Path, folder: Path) -> Iterator[LocalSlack]:
    """One workspace with an officer, a channel and our app, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "workspace.json"
    config.write_text(json.dumps(_workspace()), encoding="utf-8")
    words = [str(binary), "--config", str(config), "--port", str(port), "--base-host", "127.0.0.1"]
    with (folder / "local-slack.txt").open("wb") as out:
        process = subprocess.Popen([*words, "--files-dir", str(folder / "files")], stdout=out, stderr=out)
    slack = LocalSlack(f"http://127.0.0.1:{port}")
    try:
        ends = time.monotonic() + 20
        while True:
            try:
                slack.control("state")
                break
            except OSError:
                assert process.poll() is None, "local-slack ended"
                assert time.monotonic() < ends, "local-slack does not answer"
                time.sleep(0.1)
        yield slack
    finally:
        process.kill()
        process.wait(10)


def _workspace() -> dict[str, Any]:
    commands = [{"command": f"/{name}", "description": name} for name in ("tocsin", "hotspots", "silence")]
    return {
        "workspace": {"name": "An invented partnership", "domain": "invented", "teamId": "T0INVENTED"},
        "app": {
            "appId": "A0TOCSIN", "botUserId": BOT, "botName": "Tocsin", "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN, "signingSecret": "invented", "mode": "socket", "commands": commands,
        },
        "users": [{"id": OFFICER, "name": "officer", "realName": "An officer (invented)"}],
        "channels": [{"id": CHANNEL, "name": "partnership", "members": [OFFICER, BOT]}],
    }  # fmt: skip
