"""A sound card that tests turn by hand: it asks for blocks, at a rate of its own that may be wrong."""

from __future__ import annotations

import numpy as np

from studio.sound.card import CardError


class FakeCard:
    """Asks for ``block`` samples at a time; what it got is in :attr:`got`, as it would be heard."""

    def __init__(self, fill, rate, desk):
        self.fill, self.rate, self.desk = fill, rate, desk
        self.running, self.closed, self.got, self.due = False, False, [], 0.0

    def start(self):
        if self.desk.dead:
            raise CardError("The sound card does not answer; playing goes on without.")
        self.running, self.due = True, self.desk.now

    def stop(self):
        self.running = False

    def close(self):
        self.closed = True

    def ask(self):
        out = np.full((self.desk.block, 2), 9.0, np.float32)
        self.fill(out, self.desk.latency)
        self.got.append(out)


class Desk:
    """A computer with a clock and a card that are turned on together.

    ``speed`` is how fast the card is against the clock: 1.001 plays 1001 samples where it says 1000.
    """

    def __init__(self, rate=None, speed=1.0, block=512, latency=0.08):
        self.now, self.rate, self.speed, self.block, self.latency = 100.0, rate, speed, block, latency
        self.dead, self.cards = False, []

    def open(self, fill, rate):
        if self.dead:
            raise CardError("Sound is not heard: no sound card was found.")
        self.cards.append(FakeCard(fill, self.rate or rate, self))
        return self.cards[-1]

    def clock(self):
        return self.now

    def wait(self, seconds):
        """Let time go by, the card asking when it is time to."""
        until = self.now + seconds
        while True:
            running = [card for card in self.cards if card.running and not self.dead]
            due = min((card.due for card in running), default=until)
            if due >= until:
                break
            self.now = max(due, self.now)
            for card in running:
                if card.due <= self.now:
                    card.ask()
                    card.due += self.block / (card.rate * self.speed)
        self.now = until

    @property
    def heard(self):
        """All that the card in use was given (N, 2)."""
        return np.concatenate(self.cards[-1].got) if self.cards and self.cards[-1].got else np.empty((0, 2))
