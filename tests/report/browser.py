# SPDX-License-Identifier: MIT
"""A headless Chromium, driven through its DevTools protocol over two pipes.

What the page asked the network for, threw and wrote to its console is kept in the order of events.
"""

import fcntl
import json
import os
import select
import subprocess
import tempfile
import time

PROGRAM = "chromium-headless-shell"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--remote-debugging-pipe")
SECONDS = 60  # a hang detector, not a performance target


class Browser:
    """One browser with one page. Use it in a with statement."""

    def __init__(self, width=1280, height=900, script=True):
        self._profile = tempfile.TemporaryDirectory(prefix="aramid-browser.",
                                                    ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # The browser wants them to be 3 and 4, which may be taken here.
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (theirs_in, theirs_out)]

        def place_pipes():
            os.dup2(moved[0], 3)
            os.dup2(moved[1], 4)

        self._process = subprocess.Popen(
            [PROGRAM, *FLAGS, f"--user-data-dir={self._profile.name}",
             f"--window-size={width},{height}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(3, 4), preexec_fn=place_pipes)
        for end in (theirs_in, theirs_out, *moved):
            os.close(end)
        self._buffer, self._number, self._session = b"", 0, None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setScriptExecutionDisabled", value=not script)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._session = None
        try:
            # Asked to close, it ends its own processes first; what it wrote can then go.
            self.call("Browser.close")
            self._process.wait(SECONDS)
        except (EOFError, OSError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait(SECONDS)
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def _receive(self, deadline):
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise TimeoutError(f"the browser said nothing for {SECONDS} s")
            piece = os.read(self._in, 1 << 16)
            if not piece:
                raise EOFError(f"{PROGRAM} ended with status {self._process.wait(SECONDS)}")
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        """The result of a command; events that come meanwhile are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def open(self, address):
        """Opens a page and waits until all of it is there."""
        before = len(self.events)
        self.call("Page.navigate", url=address)
        deadline = time.monotonic() + SECONDS
        while not any(event.get("method") == "Page.loadEventFired"
                      for event in self.events[before:]):
            self.events.append(self._receive(deadline))

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                         awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def press(self, key, text=""):
        """Presses a key, wherever the focus is."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def happened(self, method):
        """The parameters of each event of this name so far."""
        self.evaluate("new Promise((done) => setTimeout(done))")
        return [event["params"] for event in self.events if event.get("method") == method]
