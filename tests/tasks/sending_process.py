"""A dispatcher in a process of its own, to be killed by the test that started it.

Usage: sending_process.py URL HOME PORT CONNECTIONS
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import uvloop

import config
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tests.tasks.city import City


async def main(url: str, home: str, port: int, connections: int) -> None:
    relay = RelaySettings("127.0.0.1", port, "ppid@tangsel.example", tls=Tls.NONE)
    texts = Texts(Path(config.__file__).parent / "mail")
    with City(url, Path(home)) as city:
        outlet = Outlet(relay, kept=False, connections=connections)
        await Dispatcher(city.acts, texts, city.documents, outlet).run(asyncio.Event())


uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
