"""Lines leave by a thread of their own, and a slow reader costs lines, not time."""

import io
import threading

from probe.logs.writer import LineWriter


class SlowReader(io.StringIO):
    """Takes nothing until it is released; tells when it has been asked to take something."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        self.asked.set()
        self.released.wait()
        return super().write(text)


class GoneReader(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def a_writer(stream: io.StringIO, capacity: int = 4) -> LineWriter:
    return LineWriter(stream, lambda count: f"dropped {count}", capacity, gather_seconds=0)


def test_lines_are_written_in_order_and_all_of_them_by_the_end():
    stream = io.StringIO()
    writer = a_writer(stream, capacity=1000)
    for number in range(100):
        writer.write(str(number))
    writer.close()
    assert stream.getvalue() == "".join(f"{number}\n" for number in range(100))
    assert writer.dropped == 0


def test_a_reader_that_is_stuck_costs_the_newest_lines_which_are_counted_and_told():
    stream = SlowReader()
    writer = a_writer(stream, capacity=4)
    writer.write("first")
    assert stream.asked.wait(10)
    for number in range(10):
        writer.write(str(number))
    assert writer.dropped == 6
    stream.released.set()
    writer.close(10)
    assert stream.getvalue() == "first\n0\n1\n2\n3\ndropped 6\n"


def test_a_reader_that_is_stuck_is_not_waited_for_at_the_end():
    stream = SlowReader()
    writer = a_writer(stream)
    writer.write("first")
    assert stream.asked.wait(10)
    writer.close(timeout_seconds=0)
    stream.released.set()
    writer.close(10)


def test_a_reader_that_is_gone_is_survived_and_its_lines_are_counted():
    writer = a_writer(GoneReader())
    writer.write("one")
    writer.close(10)
    assert writer.dropped == 1


def test_a_line_after_the_end_is_counted_and_not_written():
    stream = io.StringIO()
    writer = a_writer(stream)
    writer.close(10)
    writer.write("late")
    assert (stream.getvalue(), writer.dropped) == ("", 1)
