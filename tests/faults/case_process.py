"""The office under CASE load with its dispatcher, in a process of its own, to be killed at any instant.

Usage: case_process.py URL HOME PORT AT_A_TIME; prints each number once its registration is acknowledged.
A case: register, record completeness, forward to two OPDs, two answers, sign the notice, withdraw. With
AT_A_TIME 0 it files nothing, sends what is owed and ends.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import uvloop

import config
from cli.logs import log_to
from domain.office import Actor, Role
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tests.tasks.city import PEOPLE, City

CONNECTIONS = 4
OPDS = ("Dikbud", "BKAD")


async def case(city: City, nth: int) -> None:
    """One request from its filing to its withdrawal, each step after the one before is durable."""
    filing = city.filing(PEOPLE[nth % 2])
    done = await asyncio.wrap_future(city.acts.register(filing, Actor(Role.DESK)))
    print(done.number, flush=True)
    steps = [
        city.act("record_complete", Role.DESK),
        city.act("forward", Role.COORDINATOR, opds=OPDS),
        city.act("answer", Role.OPD, opd=OPDS[0], items=(1,)),
        city.act("answer", Role.OPD, opd=OPDS[1], items=(2,)),
        city.act("send_notice", Role.COORDINATOR),
        city.act("withdraw", Role.DESK, note="dicabut pemohon"),
    ]
    for step in steps:
        await city.acts.aperform(done.number, step)


async def for_ever(city: City, at_a_time: int) -> None:
    async def one_after_another(nth: int) -> None:
        while True:
            await case(city, nth)

    await asyncio.gather(*(one_after_another(nth) for nth in range(at_a_time)))


async def nudging(dispatcher: Dispatcher) -> None:
    while True:
        dispatcher.nudge()
        await asyncio.sleep(0.01)


async def main(url: str, home: str, port: int, at_a_time: int) -> None:
    relay = RelaySettings("127.0.0.1", port, "ppid@tangsel.example", tls=Tls.NONE)
    texts = Texts(Path(config.__file__).parent / "mail")
    log_to(Path(home) / "case.log")
    with City(url, Path(home)) as city:
        outlet = Outlet(relay, kept=False, connections=CONNECTIONS)
        dispatcher = Dispatcher(city.acts, texts, city.documents, outlet)
        print("ready", flush=True)
        if at_a_time:
            parts = (for_ever(city, at_a_time), nudging(dispatcher), dispatcher.run(asyncio.Event()))
            await asyncio.gather(*parts)
        while await dispatcher.drain():
            pass
        await dispatcher.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
