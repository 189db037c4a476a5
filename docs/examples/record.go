// Package record writes record files for `mapquake check`, after docs/recorded-histories.md. Linux, no packages besides the
// standard library.
//
//	recording, err := record.New("run.mqrec", 4, 1000, true)
//	recorder := recording.Thread()                          // in each goroutine
//	call := recorder.Begin(record.Insert, key, value, 0)
//	_, loaded := m.LoadOrStore(key, value)
//	call.EndBool(!loaded)
//
// A call that panics before its end is recorded as one that may have happened.
package record

import (
	"encoding/binary"
	"math"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// Operations. The numbers are the format's.
const (
	Insert byte = iota + 1
	Find
	Contains
	Erase
	Assign
	Update
	GetOrCreate
	Extract
	Replace
	CompareExchange
	Upsert
	Size
	Clear
)

const (
	toldNothing byte = iota + 1
	toldFalse
	toldTrue
	toldNone
	toldValue
	toldCount
)

const (
	pageBytes   = 4096
	recordBytes = 64
)

// A Recording is the file. It may be used by any number of goroutines.
type Recording struct {
	memory     []byte
	threadsMax uint64
	callsMax   uint64
	began      time.Time
}

// New makes the file, or replaces it.
func New(path string, threadsMax, callsMax uint64, startsEmpty bool) (*Recording, error) {
	size := pageBytes + threadsMax*(callsMax+1)*recordBytes
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := file.Truncate(int64(size)); err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	little := binary.LittleEndian
	little.PutUint32(memory[8:], pageBytes)
	little.PutUint32(memory[12:], recordBytes)
	little.PutUint64(memory[16:], threadsMax)
	little.PutUint64(memory[24:], callsMax)
	if startsEmpty {
		little.PutUint32(memory[32:], 1)
	}
	little.PutUint64(memory[56:], math.MaxUint64)
	copy(memory, "MQREC1\n\x00")
	return &Recording{memory, threadsMax, callsMax, time.Now()}, nil
}

// Close ends it. No recorder may be used any more.
func (r *Recording) Close() error { return syscall.Munmap(r.memory) }

func (r *Recording) word(at uint64) *uint64 { return (*uint64)(unsafe.Pointer(&r.memory[at])) }

// now is of the monotonic clock; 0 would say that a call has not returned.
func (r *Recording) now() uint64 { return uint64(time.Since(r.began)) + 1 }

// A Recorder is one goroutine's block.
type Recorder struct {
	recording *Recording
	block     uint64 // 0: there was none left
	used      uint64
}

// Thread takes a block for the calling goroutine.
func (r *Recording) Thread() *Recorder {
	for {
		number := atomic.LoadUint64(r.word(40))
		if number >= r.threadsMax {
			return &Recorder{recording: r}
		}
		if atomic.CompareAndSwapUint64(r.word(40), number, number+1) {
			return &Recorder{recording: r, block: pageBytes + number*(r.callsMax+1)*recordBytes}
		}
	}
}

// A Call has begun.
type Call struct {
	recording *Recording
	at        uint64 // 0: there was no room
}

// Begin records all but the end.
func (t *Recorder) Begin(operation byte, key, value, expected int64) Call {
	r := t.recording
	if t.block == 0 || t.used == r.callsMax {
		start := r.now()
		atomic.AddUint64(r.word(48), 1)
		for first := atomic.LoadUint64(r.word(56)); start < first; first = atomic.LoadUint64(r.word(56)) {
			atomic.CompareAndSwapUint64(r.word(56), first, start)
		}
		return Call{recording: r}
	}
	t.used++
	at := t.block + t.used*recordBytes
	*r.word(at + 16) = uint64(key)
	*r.word(at + 24) = uint64(value)
	*r.word(at + 32) = uint64(expected)
	r.memory[at+48] = operation
	atomic.StoreUint64(r.word(at), r.now())
	atomic.StoreUint64(r.word(t.block), t.used)
	return Call{r, at}
}

func (c Call) end(told byte, answer int64) {
	now := c.recording.now()
	if c.at == 0 {
		return
	}
	*c.recording.word(c.at + 40) = uint64(answer)
	c.recording.memory[c.at+49] = told
	atomic.StoreUint64(c.recording.word(c.at+8), now)
}

// End tells nothing of the answer.
func (c Call) End() { c.end(toldNothing, 0) }

// EndBool ends a call that answers yes or no.
func (c Call) EndBool(answer bool) {
	if answer {
		c.end(toldTrue, 0)
	} else {
		c.end(toldFalse, 0)
	}
}

// EndValue ends a call that answers a value, or that there is none.
func (c Call) EndValue(answer int64, present bool) {
	if present {
		c.end(toldValue, answer)
	} else {
		c.end(toldNone, 0)
	}
}

// EndCount ends Size.
func (c Call) EndCount(count int64) { c.end(toldCount, count) }
