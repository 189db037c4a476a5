# gdb's commands for an execution that mapquake replays (mapquake replay FILE --gdb): docs/debugger.md.
import os
import sys

import gdb

sys.dont_write_bytecode = True  # an installation is not ours to write to
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import frames  # noqa: E402
from execution import ENDED, Execution  # noqa: E402

execution = Execution()


class Mapquake(gdb.Command):
    """The execution that mapquake replays. Steps are the numbers in the report, threads are named as there."""

    def __init__(self):
        super().__init__("mapquake", gdb.COMMAND_RUNNING, gdb.COMPLETE_NONE, True)


def command(function):
    """Makes `mapquake NAME` of a function NAME_, with its description as help."""

    class Made(gdb.Command):
        __doc__ = function.__doc__

        def __init__(self):
            super().__init__("mapquake " + function.__name__.rstrip("_"), gdb.COMMAND_RUNNING)

        def invoke(self, argument, from_tty):
            function(argument)

    Made()
    return function


def number(text, name):
    if not text.strip():
        return 1
    if not text.strip().isdigit() or int(text) == 0:
        raise gdb.GdbError("mapquake %s N: \"%s\" is no number from 1" % (name, text))
    return int(text)


Mapquake()


@command
def threads_(argument):
    """All threads: what each does, what it waits for, and the innermost line of the map it is at."""
    execution.require()
    for thread in range(execution.bytes_at(execution.read("count"), 4)):
        mark = "*" if thread == execution.current() else " "
        print("%s %-5s %-24s %-40s %s" % (mark, execution.name(thread), execution.operation(thread),
                                          execution.standing(thread), execution.place(thread)))


@command
def where_(argument):
    """mapquake where [THREAD]: the calls that the thread is in, those of mapquake itself left out."""
    execution.require()
    thread = execution.thread_named(argument) if argument.strip() else execution.current()
    if not execution.has_frames(thread):
        print("%s: %s" % (execution.name(thread), execution.standing(thread)))
        return
    with execution.looking_at(thread):
        for frame in execution.calls():
            frame.select()
            print(gdb.execute("frame", to_string=True).splitlines()[0])


@command
def thread_(argument):
    """mapquake thread NAME: look at this thread: frame, up, down, info locals, print, finish. Until something runs."""
    execution.require()
    thread = execution.thread_named(argument)
    if not execution.has_frames(thread):
        raise gdb.GdbError("%s: %s" % (execution.name(thread), execution.standing(thread)))
    execution.parked.look_at(execution.registers_of(thread))
    if execution.select_own():
        gdb.execute("frame")


@command
def steps_(argument):
    """The report's steps; an arrow where the execution has got to."""
    execution.require()
    now = execution.read("moment")
    reached = [row for row in execution.session["rows"] if row["moment"] <= now][-1:]
    for row in execution.session["rows"]:
        print(("->" if row in reached else "  ") + "%(number)4d  %(thread)-5s %(text)s  %(place)s" % row)


@command
def state_(argument):
    """What the map holds here; between two steps of the report, what it held at the one before."""
    execution.require()
    now = execution.read("moment")
    seen = [state for state in execution.session["states"] if state["moment"] <= now][-1:]
    for state in seen:
        print(("The map %s" if state["moment"] == now else "At the step before: it %s") % state["text"])
        if state["inside"]:
            print(state["inside"])
    if not seen:
        print("Nobody has looked at the map before this.")


def require_more():
    execution.require()
    if execution.read("reason") == ENDED:
        raise gdb.GdbError("The execution has ended. `mapquake goto N` goes back.")


@command
def next_(argument):
    """Goes on to the next switch from one thread to another, or to a breakpoint before it."""
    require_more()
    execution.resume(switch=True)


@command
def step_(argument):
    """mapquake step [N]: goes on by N events, each of which is a point at which another thread could run."""
    require_more()
    execution.resume(2 * ((execution.read("moment") + 1) // 2 + number(argument, "step")) - 1)


@command
def back_(argument):
    """mapquake back [N]: goes back by N events, by replaying the execution up to there."""
    execution.require()
    now = execution.read("moment") if execution.read("reason") != ENDED else 2 * len(execution.session["events"])
    execution.go_to(2 * max(0, now // 2 - number(argument, "back")) + 1)


def point(frame):
    return frame.pc(), int(frame.read_register("rsp"))


@command
def leave_(argument):
    """Goes on from mapquake's code to where it comes back to the map's: what gdb's own next and step do first."""
    if not execution.is_there() or execution.read("reason") == ENDED or gdb.solib_name(gdb.newest_frame().pc()):
        return
    execution.parked.look_at(None)
    frame = gdb.newest_frame()
    while frame.older() is not None and gdb.solib_name(frame.older().pc()) is None:
        frame = frame.older()
    if frame.older() is None:
        raise gdb.GdbError("No code of the map has been called here yet: `mapquake step`")
    back = point(frame.older())
    frame.select()
    with frames.without_output():
        told = gdb.execute("finish", to_string=True)
    if execution.is_there() and point(gdb.newest_frame()) == back:
        return
    # Something else came first.
    if execution.is_there() and not execution.is_at_stop():
        gdb.execute("frame")
    raise gdb.GdbError(told.rstrip())


@command
def goto_(argument):
    """mapquake goto N: goes to step N of the report, or to event N with @N: on, or back by replaying up to there."""
    text = argument.strip()
    if text.startswith("@"):
        execution.go_to(2 * number(text[1:], "goto") - 1)
        return
    rows = {str(row["number"]): row for row in reversed(execution.session["rows"])}
    if text not in rows:
        last = max(row["number"] for row in execution.session["rows"])
        raise gdb.GdbError("The report has the steps 1 to %d; \"%s\" is none of them" % (last, text))
    execution.go_to(rows[text]["moment"], rows[text]["enters_by"])


def begin():
    gdb.execute("set print thread-events off")
    gdb.execute("set confirm off")  # nothing is lost: the session can be had again
    gdb.execute("handle SIGPROF SIGALRM nostop noprint pass", to_string=True)  # mapquake's own
    try:
        execution.attach()
    except gdb.error as error:
        print("mapquake: gdb cannot be attached to the execution: %s" % error)
        print("          In a container, it needs the capability SYS_PTRACE.")
        gdb.execute("quit 1")
    gdb.events.stop.connect(execution.on_stop)
    for stepping in ("next", "step"):  # gdb's own are by lines of the map, not of mapquake
        gdb.execute("define hook-%s\nmapquake leave\nend" % stepping)
    gdb.execute("skip -gfi */harness/runtime/*", to_string=True)
    print("%(map)s: %(end)s" % execution.session)
    goto_(str(execution.session["stop"]))
    print("`help mapquake` lists the commands.")


begin()
