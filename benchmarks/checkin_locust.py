"""One participant of the load on the check-in page, for locust: opens a link, answers, leaves.

Runs in locust's own environment, started by ``checkin_load.py``, which says by the environment
where the links are, where each acknowledged answer is noted, and how many people come.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import time
from pathlib import Path

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

LINKS = enumerate(Path(os.environ["CHECKIN_LINKS"]).read_text(encoding="utf-8").split())
APART = float(os.environ["CHECKIN_SECONDS"]) / int(os.environ["CHECKIN_PEOPLE"])
BEGAN = time.monotonic()
NOTES = os.open(os.environ["CHECKIN_NOTES"], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
PEOPLE = int(os.environ["CHECKIN_PEOPLE"])
FIELD = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
ITEM = re.compile(r'name="(item-\w+)"')
gone = [0]


class Participant(FastHttpUser):
    """Somebody with a phone and a minute; never comes again."""

    wait_time = constant(0)
    host = os.environ["CHECKIN_ADDRESS"]

    @task
    def check_in(self) -> None:
        """Look, answer the pulse, log a meeting; half a second to two between the pages."""
        place, link = next(LINKS, (0, ""))
        if not link:
            raise StopUser
        # All of them are there from the start; each opens the link at a time of their own.
        gevent.sleep(max(0.0, BEGAN + place * APART - time.monotonic()))
        mine, number = link.split("#")
        try:
            self.get(mine, "home")
            self.fill(mine, f"{mine}/{number}/pulse", "pulse")
            self.fill(mine, f"{mine}/{number}/meeting", "meeting")
        finally:
            gone[0] += 1
            if gone[0] == PEOPLE:
                gevent.spawn(self.environment.runner.quit)
        raise StopUser

    def get(self, url: str, name: str) -> str:
        """A page, and a moment to read it."""
        with self.client.get(url, name=f"GET {name}", catch_response=True) as answer:
            text = answer.text or ""
        gevent.sleep(random.uniform(0.5, 2.0))
        return text

    def fill(self, mine: str, url: str, name: str) -> None:
        """A form, opened and sent; noted once it is acknowledged."""
        text = self.get(url, name)
        form = {key: html.unescape(value) for key, value in FIELD.findall(text)}
        if name == "pulse":
            form |= {item: str(random.randint(1, 5)) for item in ITEM.findall(text)}
            form["comment"] = "It goes well, and we meet every two weeks. " * 4
        else:
            form |= {"happened": "held", "on": "2026-02-10", "minutes": "45", "topic": "SQL"}
        with self.client.post(
            url, data=form, name=f"POST {name}", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 303:
                os.write(NOTES, f"{name} {form['key']}\n".encode())
                answer.success()
                onward = answer.headers["location"]
            else:
                answer.failure(f"status {answer.status_code}")
                return
        self.get(onward, "thanks")


@events.quitting.add_listener
def tell(environment, **_kwargs) -> None:  # type: ignore[no-untyped-def]
    """Print what was measured as the last line."""
    total = environment.stats.total
    kinds = {
        entry.name: {
            "n": entry.num_requests,
            "failed": entry.num_failures,
            "p50": entry.get_response_time_percentile(0.5),
            "p95": entry.get_response_time_percentile(0.95),
            "max": entry.max_response_time,
        }
        for entry in [*environment.stats.entries.values(), total]
    }
    print(json.dumps(kinds))
