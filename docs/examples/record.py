"""Writes record files for `mapquake check`, after docs/recorded-histories.md. Python 3.8 or newer, no packages.

    recording = Recording("run.mqrec", threads_max=4, calls_max=1000)
    recorder = recording.thread()                        # in each thread
    with recorder.call(INSERT, key, value) as call:
        call.answer(cache.setdefault(key, value) is value)
    recording.close()

A call that raises is recorded as one that may have happened.
"""
import mmap
import struct
import threading
import time

INSERT, FIND, CONTAINS, ERASE, ASSIGN, UPDATE, GET_OR_CREATE = range(1, 8)
EXTRACT, REPLACE, COMPARE_EXCHANGE, UPSERT, SIZE, CLEAR = range(8, 14)
NOT_RECORDED, FALSE, TRUE, NONE, VALUE, COUNT = range(1, 7)

PAGE = 4096
RECORD = 64
NONE_DROPPED = 2**64 - 1


class Recording:
    def __init__(self, path, threads_max=64, calls_max=65536, starts_empty=True):
        self.calls_max, self.threads_max = calls_max, threads_max
        size = PAGE + threads_max * (calls_max + 1) * RECORD
        with open(path, "wb+") as file:
            file.truncate(size)
            self.memory = mmap.mmap(file.fileno(), size)
        self.lock = threading.Lock()  # of the header alone: each thread writes to its own block
        self.first_dropped = NONE_DROPPED
        struct.pack_into("<IIQQI", self.memory, 8, PAGE, RECORD, threads_max, calls_max, int(starts_empty))
        struct.pack_into("<QQQ", self.memory, 40, 0, 0, NONE_DROPPED)
        self.memory[0:8] = b"MQREC1\n\0"

    def thread(self):
        with self.lock:
            number = struct.unpack_from("<Q", self.memory, 40)[0]
            if number == self.threads_max:
                return Recorder(self, None)
            struct.pack_into("<Q", self.memory, 40, number + 1)
        return Recorder(self, PAGE + number * (self.calls_max + 1) * RECORD)

    def drop(self, start):
        with self.lock:
            dropped = struct.unpack_from("<Q", self.memory, 48)[0]
            self.first_dropped = min(self.first_dropped, start)
            struct.pack_into("<QQ", self.memory, 48, dropped + 1, self.first_dropped)

    def close(self):
        self.memory.close()


class Recorder:
    """One thread's block."""

    def __init__(self, recording, block):
        self.recording, self.block, self.used = recording, block, 0

    def call(self, operation, key, value=0, expected=0):
        return Call(self, operation, key, value, expected)


class Call:
    """From `with` to its end is the call."""

    def __init__(self, recorder, operation, key, value, expected):
        self.recorder, self.words = recorder, (operation, key, value, expected)
        self.told, self.number, self.at = NOT_RECORDED, 0, None

    def answer(self, answer, counts=False):
        """True, False, None for "there is no value", or a number."""
        if isinstance(answer, bool):
            self.told = TRUE if answer else FALSE
        elif answer is None:
            self.told = NONE
        else:
            self.told, self.number = COUNT if counts else VALUE, answer

    def __enter__(self):
        recorder = self.recorder
        recording = recorder.recording
        if recorder.block is None or recorder.used == recording.calls_max:
            recording.drop(time.monotonic_ns())
            return self
        recorder.used += 1
        self.at = recorder.block + recorder.used * RECORD
        operation, key, value, expected = self.words
        # All but the end; then the block's number; then the call.
        struct.pack_into("<QQqqqqB", recording.memory, self.at, time.monotonic_ns(), 0, key, value, expected, 0, operation)
        struct.pack_into("<Q", recording.memory, recorder.block, recorder.used)
        return self

    def __exit__(self, kind, error, traceback):
        end = time.monotonic_ns()
        if self.at is None or kind is not None:
            return
        memory = self.recorder.recording.memory
        struct.pack_into("<q", memory, self.at + 40, self.number)
        struct.pack_into("<B", memory, self.at + 49, self.told)
        struct.pack_into("<Q", memory, self.at + 8, end)
