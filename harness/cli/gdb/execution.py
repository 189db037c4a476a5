# The execution that mapquake replays, as gdb holds it: the worker's table `mapquake_debug`, 64-bit words by position
# (harness/runtime/debugger.cpp), and what the report says, as JSON in the file that $MAPQUAKE_DEBUG names
# (harness/cli/debugger.hpp). No debug information of mapquake is needed.
import contextlib
import json
import os
import time

import frames
import gdb

VERSION = 1
FIELDS = ("version attached restart stop_at stop_at_switch reason moment trace_hash begin_anew in_map running current "
          "count threads thread_bytes state operation awaited awaited_of holder registers stack_top stack_bytes "
          "restart_below").split()
NEVER = 2**64 - 1
BY_MOMENT, ENDED = 1, 2
NOT_BEGUN, READY, WAITS, HAS_ENDED = range(4)


class Execution:
    def __init__(self):
        self.pid = 0
        self.session = None
        self.breakpoint = None
        self.quiet = False
        self.parked = frames.Parked()
        

    # the process

    def attach(self):
        """To the worker that waits for us: the first one, or another where that has ended."""
        for _ in range(600):
            with open(os.environ["MAPQUAKE_DEBUG"], encoding="utf-8") as letter:
                line, told = letter.readline(), letter.read()
            if int(line) not in (0, self.pid):
                break
            time.sleep(0.05)
        else:
            raise gdb.GdbError("mapquake has not started another process")
        self.pid = int(line)
        self.session = json.loads(told)
        with frames.without_output():  # where it waits for us is of no interest
            gdb.execute("attach %d" % self.pid, to_string=True)
        self.table = self.address_of("mapquake_debug")
        self.stop = self.address_of("mapquake_debug_stop")
        if self.read("version") != VERSION:
            raise gdb.GdbError("these commands are of another version than mapquake")
        for thread in gdb.selected_inferior().threads():
            thread.name = "fibers" if thread.ptid[1] == self.pid else "parked"
        self.select_thread()
        if self.breakpoint is None:
            self.breakpoint = self.silent_breakpoint(self.stop)
        self.write("attached", 1)

    @staticmethod
    def silent_breakpoint(address):
        breakpoint = gdb.Breakpoint("*%#x" % address, internal=True)
        breakpoint.silent = True
        return breakpoint

    @staticmethod
    def address_of(symbol):
        return int(gdb.parse_and_eval("(unsigned long)&" + symbol))

    def is_there(self):
        return gdb.selected_inferior().pid == self.pid != 0

    def require(self):
        if not self.is_there():
            raise gdb.GdbError("The process has ended. `mapquake goto N` begins another one.")
        self.select_thread()

    def select_thread(self):
        for thread in gdb.selected_inferior().threads():
            if thread.ptid[1] == self.pid and thread != gdb.selected_thread():
                thread.switch()

    # memory

    def bytes_at(self, address, size):
        return int.from_bytes(gdb.selected_inferior().read_memory(address, size).tobytes(), "little")

    def read(self, field):
        return self.bytes_at(self.table + 8 * FIELDS.index(field), 8)

    def write(self, field, value):
        gdb.selected_inferior().write_memory(self.table + 8 * FIELDS.index(field), value.to_bytes(8, "little"))

    def of_thread(self, field, thread, size):
        return self.bytes_at(self.read(field) + thread * self.read("thread_bytes"), size)

    def current(self):
        return (self.bytes_at(self.read("current"), 8) - self.read("threads")) // self.read("thread_bytes")

    def is_running(self):
        return self.bytes_at(self.read("running"), 1) != 0

    def registers_of(self, thread):
        """Of one that stands elsewhere; None: it runs, or has no frames."""
        if thread == self.current() and self.is_running():
            return None
        words = [self.of_thread("registers", thread, 64) >> (64 * i) & NEVER for i in range(8)]
        return dict(zip(frames.REGISTERS, words))

    # moving on

    def is_at_stop(self):
        return gdb.newest_frame().pc() == self.stop

    def on_stop(self, event):
        if not self.is_there():
            return
        self.write("stop_at", NEVER)
        self.write("stop_at_switch", 0)
        if self.quiet:
            return
        if self.is_at_stop() and self.read("reason") != 0:
            self.announce()
        elif isinstance(event, (gdb.BreakpointEvent, gdb.SignalEvent)):
            self.tell_event("behind ")

    def resume(self, stop_at=NEVER, switch=False, command="continue"):
        self.parked.look_at(None)
        self.write("stop_at", stop_at)
        self.write("stop_at_switch", int(switch))
        gdb.execute(command)

    @contextlib.contextmanager
    def travelling(self):
        """Breakpoints of the user's do not stop it on its way."""
        enabled = [b for b in gdb.breakpoints() if b.number > 0 and b.enabled]
        for breakpoint in enabled:
            breakpoint.enabled = False
        self.quiet = True
        try:
            yield
        finally:
            self.quiet = False
            for breakpoint in enabled:
                if breakpoint.is_valid():
                    breakpoint.enabled = True

    def begin_anew(self, stop_at):
        if not self.is_at_stop() and not self.bytes_at(self.read("in_map"), 1):
            self.resume(0)  # on, to where harness code can be left
            if not self.is_there():
                self.attach()
                return self.resume(stop_at)
        self.write("restart", 1)
        if self.is_at_stop():
            return self.resume(stop_at)
        gdb.newest_frame().select()
        top = self.read("stack_top") + self.current() * self.read("stack_bytes")
        gdb.execute("set var $rsp = %#x" % (top - self.read("restart_below")))
        gdb.execute("set var $rip = %#x" % self.read("begin_anew"))
        return self.resume(stop_at, command="signal 0")

    def go_to(self, moment, enters_by=0):
        """`enters_by`: from there to where code of the map is entered, but not beyond this moment."""
        with self.travelling():
            if not self.is_there():
                self.attach()
            self.select_thread()
            self.parked.look_at(None)
            now = self.read("moment")
            is_here = self.is_at_stop() and self.read("reason") == BY_MOMENT and now == moment
            if now < moment and self.read("reason") != ENDED:
                self.resume(moment)
            elif not is_here:
                self.begin_anew(moment)
            if enters_by and self.is_there() and self.read("moment") == moment:
                self.enter(enters_by)
                if self.is_there() and not self.select_own():
                    self.begin_anew(moment)
        if self.is_there():
            self.announce(moment if enters_by else None)

    def enter(self, by):
        """Into the next function that is the map's own."""
        address = self.address_of("__tsan_func_entry")
        entry = self.silent_breakpoint(address)
        try:
            while self.is_there() and self.read("moment") < by and not self.select_own():
                self.resume(by)
        finally:
            entry.delete()
        if self.is_there() and gdb.newest_frame().pc() == address:
            gdb.newest_frame().select()
            with frames.without_output():
                gdb.execute("finish", to_string=True)

    # telling

    def name(self, thread):
        return self.session["threads"][thread]

    def operation(self, thread):
        return self.session["operations"].get("%d:%d" % (thread, self.of_thread("operation", thread, 4)), "")

    def announce(self, moment=None):
        """`moment`: that was gone to, where it is not the last one."""
        self.require()
        if moment is None:
            moment = self.read("moment")
        if self.is_at_stop() and self.read("reason") == ENDED:
            print("The execution has ended: " + self.session["end"])
            if self.read("trace_hash") != self.session["trace_hash"]:
                print("It was another one than the report's: something that mapquake does not control reaches the map.")
            return
        for row in self.session["rows"]:
            if row["moment"] == moment:
                print("step %(number)d  %(thread)s  %(text)s  %(place)s" % row)
        self.tell_event()
        if self.select_own():
            gdb.execute("frame")

    def tell_event(self, behind=""):
        thread, moment, events = self.current(), self.read("moment"), self.session["events"]
        what = "goes on" if moment % 2 == 0 else events[moment // 2] if moment // 2 < len(events) else ""
        operation = self.operation(thread)
        print("%sevent %d%s  thread %s%s%s" % (behind, moment // 2 + 1, moment // 2 < len(events) and " of %d" % len(events)
                                               or "", self.name(thread), operation and ", " + operation,
                                               what and ": " + what))

    def map_frames(self):
        """Innermost first, without those of mapquake itself."""
        frame = gdb.newest_frame()
        while frame is not None:
            if gdb.solib_name(frame.pc()) is not None and not self.parked.hides(frame):
                yield frame
            frame = frame.older()

    def calls(self):
        """Without what is outside of the author's code, either."""
        paths = [(frame, frame.find_sal().symtab) for frame in self.map_frames()]
        while paths and paths[-1][1] is None:
            paths.pop()
        return [frame for frame, symtab in paths if symtab is None or not frames.is_glue(symtab.fullname())]

    def select_own(self):
        """The innermost frame of the map's own. False: there is none."""
        for frame in self.map_frames():
            symtab = frame.find_sal().symtab
            if symtab is not None and not frames.is_of_others(symtab.fullname()):
                frame.select()
                return True
        return False

    def standing(self, thread):
        state = self.of_thread("state", thread, 1)
        if state != WAITS:
            runs = thread == self.current() and self.is_running()
            begun = state != READY or runs or self.has_frames(thread)
            return "running" if runs else ("not begun", "ready", "", "ended")[state if begun else NOT_BEGUN]
        text = "waits for " + self.session["waits_for"][self.of_thread("awaited", thread, 1)]
        holder = self.bytes_at(self.read("holder") + 2 * thread, 2)
        return text if holder == self.session["no_thread"] else text + " (%s)" % self.name(holder)

    @contextlib.contextmanager
    def looking_at(self, thread):
        before = self.parked.registers
        self.parked.look_at(self.registers_of(thread))
        try:
            yield
        finally:
            self.parked.look_at(before)
            self.select_own()

    def has_frames(self, thread):
        registers = self.registers_of(thread)
        return self.of_thread("state", thread, 1) in (READY, WAITS) and (registers is None or registers["rip"] != 0)

    def place(self, thread):
        if not self.has_frames(thread):
            return ""
        with self.looking_at(thread):
            if not self.select_own():
                return ""
            sal = gdb.selected_frame().find_sal()
            return "%s:%d in %s" % (os.path.basename(sal.symtab.filename), sal.line, frames.short(gdb.selected_frame().name()))

    def thread_named(self, name):
        count = self.bytes_at(self.read("count"), 4)
        names = self.session["threads"][:count]
        if name.strip() not in names:
            raise gdb.GdbError("There is no thread \"%s\": %s" % (name.strip(), ", ".join(names)))
        return names.index(name.strip())
