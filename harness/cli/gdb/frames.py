# Frames of threads that do not run, and which frames are whose.
import contextlib
import os
import re

import gdb
import gdb.unwinder


def is_glue(path):
    """Of the adapter API, between mapquake and the author."""
    return os.path.basename(os.path.dirname(path)) == "mapquake"


def is_of_others(path):
    """Or of the C++ library."""
    standard = ("/usr/include/c++/", "/usr/include/x86_64-linux-gnu/", "/usr/lib/gcc", "/usr/lib/llvm")
    return path.startswith(standard) or is_glue(path)


def short(name):
    """Of a function, without template arguments."""
    parts = 1
    while parts:
        name, parts = re.subn(r"<[^<>]*>", "", name)
    return name.split("(struct")[0]


@contextlib.contextmanager
def without_output():
    """gdb tells of a stop on a stream of its own, whatever is asked for."""
    gdb.flush()
    terminal, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        gdb.flush()
        os.dup2(terminal, 1)
        os.close(terminal)
        os.close(nowhere)


REGISTERS = ("rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15")  # SavedRegisters


class Parked(gdb.unwinder.Unwinder):
    """While a thread that does not run is looked at, its frames are the callers of the innermost one."""

    def __init__(self):
        super().__init__("mapquake")
        self.live = self.registers = None
        gdb.unwinder.register_unwinder(None, self, replace=True)
        gdb.events.cont.connect(self.forget)

    def forget(self, _):
        """What runs now is what is looked at."""
        self.live = self.registers = None

    def look_at(self, registers):
        self.live = self.registers = None
        gdb.invalidate_cached_frames()
        if registers is not None:
            frame = gdb.newest_frame()
            self.live = tuple(int(frame.read_register(name)) for name in ("rip", "rsp"))
            self.registers = registers
            gdb.invalidate_cached_frames()

    def hides(self, frame):
        """Of what really runs, or inlined there: pending frames and others alike."""
        return self.live is not None and self.live == tuple(int(frame.read_register(name)) for name in ("rip", "rsp"))

    def __call__(self, pending):
        if not self.hides(pending):
            return None
        word = gdb.lookup_type("unsigned long")
        # A caller's frame has to lie above: below the parked stack's, not where the live one is.
        here = type("FrameId", (), {"sp": gdb.Value(self.registers["rsp"] - 64).cast(word),
                                    "pc": gdb.Value(self.live[0]).cast(word)})
        info = pending.create_unwind_info(here)
        for name, value in self.registers.items():
            info.add_saved_register(name, gdb.Value(value).cast(word))
        return info
