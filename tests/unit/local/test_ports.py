"""A port that cannot be had is said in one sentence, before anything is started."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack, suppress

import pytest

from local import __main__ as command
from local.containers import sam
from local.server import PortError, listen


@pytest.mark.parametrize("port", ["70000", "65536", "-1", "abc", "8080.0", "", "٨٠٨٠", "1" * 30])
@pytest.mark.parametrize(("program", "starts", "arguments"), [(command, "run", []), (sam, "start_api", ["start-api"])])
def test_what_is_no_port_is_refused_with_what_is_one(program, starts, arguments, port, monkeypatch, capsys):
    monkeypatch.setattr(program, starts, lambda *_, **__: pytest.fail("it starts"))
    monkeypatch.setattr("sys.argv", ["program", *arguments, f"--port={port}"])
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 2
    assert "is no port: a whole number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(("program", "arguments"), [(command, []), (sam, ["start-api"])])
def test_a_port_is_kept_from_the_moment_it_is_had(program, arguments, monkeypatch, capsys):
    """Whoever comes second learns it at once, although nobody answers there yet."""
    with listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortError):
            listen(port)
        monkeypatch.setattr("sys.argv", ["program", *arguments, "--port", str(port)])
        assert program.main() == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(f"Port {port} is taken: Address already in use. Try `make run PORT=")
    assert captured.out == ""


def test_answers_do_not_wait_to_be_sent():
    """Nagle's algorithm holds an answer's body until the caller has confirmed its headers, which takes 40 ms."""

    async def is_sent_at_once() -> bool:
        connected: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            connected.set_result(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        listener = listen(0)
        async with await asyncio.start_server(on_connection, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            return await asyncio.wait_for(connected, 5)

    assert asyncio.run(is_sent_at_once())


def test_the_port_that_is_proposed_is_one():
    with ExitStack() as stack:
        with suppress(PortError):  # somebody has it already, which does as well
            stack.enter_context(listen(65535))
        with pytest.raises(PortError, match="PORT=8080"):
            listen(65535)
