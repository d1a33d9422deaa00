"""What each pickle opcode does to the machine: all of protocols 0 to 5 (PEP 307, PEP 3154, PEP 574)."""

from __future__ import annotations

import codecs
import pickle
import struct
import warnings
from collections.abc import Callable
from typing import Any

from studio.storage.pickle_machine import (
    AskedError,
    DamagedError,
    Machine,
    Name,
    Record,
    checked_key,
)


def run(machine: Machine) -> Any:
    """The object on top of the stack at STOP; ``machine.position`` is then the first byte after it.

    Raises:
        DamagedError: the stream ends early, breaks the rules of the language or grows without cause.
        AskedError: it names something that is not in the table, or uses a name in another way.
    """
    while True:
        machine.budget.step()
        opcode = machine.unsigned(1)
        if opcode == STOP:
            if len(machine.stack) != 1 or machine.outer:
                raise DamagedError("is damaged: it does not end in one object")
            return machine.stack[0]
        step = STEPS.get(opcode)
        if step is None:
            raise DamagedError("is damaged or not a pickle at all")
        step(machine)


def _mark(machine: Machine) -> None:
    machine.outer.append(machine.stack)
    machine.stack = []


def _pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.pop_mark()


def _pop_mark(machine: Machine) -> None:
    machine.pop_mark()


def _frame(machine: Machine) -> None:
    machine.take(8)


def _extend(machine: Machine, items: list[Any]) -> None:
    target = machine.top()
    if type(target) is not list:
        raise DamagedError("is damaged: it appends to something that is not a list")
    target.extend(items)


def _update(machine: Machine, items: list[Any]) -> None:
    target = machine.top()
    if not isinstance(target, dict) or len(items) % 2:
        raise DamagedError("is damaged: it sets items of something that is not a dict")
    for key, value in zip(items[::2], items[1::2], strict=True):
        target[checked_key(key)] = value


def _set_item(machine: Machine) -> None:
    value = machine.pop()
    key = machine.pop()
    _update(machine, [key, value])


def _append(machine: Machine) -> None:
    value = machine.pop()
    _extend(machine, [value])


def _dict(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.push({})
    _update(machine, items)


def _add_items(machine: Machine) -> None:
    items = machine.pop_mark()
    target = machine.top()
    if type(target) is not set:
        raise DamagedError("is damaged: it adds items to something that is not a set")
    target.update(checked_key(item) for item in items)


def _tuple_of(count: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        items = [machine.pop() for _ in range(count)]
        machine.push(tuple(reversed(items)))

    return step


def _reduce(machine: Machine) -> None:
    arguments = machine.pop()
    machine.push(machine.call(machine.pop(), arguments))


def _new_object(machine: Machine) -> None:
    arguments = machine.pop()
    kind = machine.pop()
    machine.push(machine.call(kind, arguments))


def _new_object_with_keywords(machine: Machine) -> None:
    keywords = machine.pop()
    if keywords != {}:
        raise AskedError("a call with keyword arguments")
    _new_object(machine)


def _object(machine: Machine) -> None:
    items = machine.pop_mark()
    if not items:
        raise DamagedError("is damaged: its stack runs empty")
    machine.push(machine.call(items[0], tuple(items[1:])))


def _build(machine: Machine) -> None:
    state = machine.pop()
    target = machine.top()
    if not isinstance(target, Record):
        what = str(target) if isinstance(target, Name) else f"something of type {type(target).__name__}"
        raise AskedError(f"setting attributes of {what}")
    target.build(state)


def _text(raw: bytes, encoding: str, errors: str = "strict") -> str:
    try:
        return raw.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise DamagedError("is damaged: it holds text that cannot be decoded") from error


def _global(machine: Machine) -> None:
    module, name = _text(machine.line(), "utf-8"), _text(machine.line(), "utf-8")
    machine.push(machine.name(module, name))


def _stack_global(machine: Machine) -> None:
    name, module = machine.pop(), machine.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise DamagedError("is damaged: it names a class by something that is not text")
    machine.push(machine.name(module, name))


def _instance(machine: Machine) -> None:
    module, name = _text(machine.line(), "utf-8"), _text(machine.line(), "utf-8")
    items = machine.pop_mark()
    machine.push(machine.call(machine.name(module, name), tuple(items)))


def _extension(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        raise AskedError(f"entry {machine.unsigned(width)} of the copyreg extension table")

    return step


def _persistent(machine: Machine, key: Any) -> None:
    if machine.persistent is None:
        raise AskedError("an object kept outside the file (a persistent id)")
    machine.push(machine.persistent(key))


def _outside_buffer(_machine: Machine) -> None:
    raise AskedError("a buffer kept outside the file")


def _number(kind: Callable[[bytes], Any], raw: bytes) -> Any:
    try:
        return kind(raw)
    except ValueError as error:
        raise DamagedError("is damaged: it holds a number that cannot be read") from error


def _int_line(machine: Machine) -> None:
    raw = machine.line()
    machine.push({b"00": False, b"01": True}[raw] if raw in (b"00", b"01") else _number(int, raw))


def _long_line(machine: Machine) -> None:
    machine.push(_number(int, machine.line().removesuffix(b"L")))


def _string_line(machine: Machine) -> None:
    raw = machine.line().strip()
    if len(raw) < 2 or raw[0] != raw[-1] or raw[:1] not in (b"'", b'"'):
        raise DamagedError("is damaged: it holds text without quotes")
    body = raw[1:-1]
    if b"\\" in body:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                body, _ = codecs.escape_decode(body)
        except ValueError as error:
            raise DamagedError("is damaged: it holds text that cannot be decoded") from error
    machine.push(body.decode("latin1"))


def _memo_index(raw: bytes) -> int:
    index = _number(int, raw)
    if index < 0:
        raise DamagedError("is damaged: it refers to something that is not there")
    return int(index)


def _get(machine: Machine, index: int) -> None:
    if index not in machine.memo:
        raise DamagedError("is damaged: it refers to something that is not there")
    machine.push(machine.memo[index])


def _put(machine: Machine, index: int) -> None:
    machine.memo[index] = machine.top()


def _protocol(machine: Machine) -> None:
    version = machine.unsigned(1)
    if version > pickle.HIGHEST_PROTOCOL:
        raise DamagedError(f"is written in pickle protocol {version}, which is not known")


def _constant(value: Any) -> Callable[[Machine], None]:
    return lambda machine: machine.push(value)


def _sized(width: int, convert: Callable[[bytes], Any]) -> Callable[[Machine], None]:
    return lambda machine: machine.push(convert(machine.take(machine.unsigned(width))))


def _latin1(raw: bytes) -> str:
    return raw.decode("latin1")


def _utf8(raw: bytes) -> str:
    return _text(raw, "utf-8", "surrogatepass")


def _signed(raw: bytes) -> int:
    return int.from_bytes(raw, "little", signed=True)


STOP = pickle.STOP[0]

STEPS: dict[int, Callable[[Machine], None]] = {
    code[0]: step
    for code, step in {
        pickle.PROTO: _protocol,
        pickle.FRAME: _frame,
        pickle.MARK: _mark,
        pickle.POP: _pop,
        pickle.POP_MARK: _pop_mark,
        pickle.DUP: lambda machine: machine.push(machine.top()),
        pickle.NONE: _constant(None),
        pickle.NEWTRUE: _constant(True),
        pickle.NEWFALSE: _constant(False),
        pickle.INT: _int_line,
        pickle.BININT: lambda machine: machine.push(_signed(machine.take(4))),
        pickle.BININT1: lambda machine: machine.push(machine.unsigned(1)),
        pickle.BININT2: lambda machine: machine.push(machine.unsigned(2)),
        pickle.LONG: _long_line,
        pickle.LONG1: _sized(1, _signed),
        pickle.LONG4: _sized(4, _signed),
        pickle.FLOAT: lambda machine: machine.push(_number(float, machine.line())),
        pickle.BINFLOAT: lambda machine: machine.push(struct.unpack(">d", machine.take(8))[0]),
        pickle.STRING: _string_line,
        pickle.BINSTRING: _sized(4, _latin1),
        pickle.SHORT_BINSTRING: _sized(1, _latin1),
        pickle.UNICODE: lambda machine: machine.push(_text(machine.line(), "raw-unicode-escape")),
        pickle.BINUNICODE: _sized(4, _utf8),
        pickle.SHORT_BINUNICODE: _sized(1, _utf8),
        pickle.BINUNICODE8: _sized(8, _utf8),
        pickle.BINBYTES: _sized(4, bytes),
        pickle.SHORT_BINBYTES: _sized(1, bytes),
        pickle.BINBYTES8: _sized(8, bytes),
        pickle.BYTEARRAY8: _sized(8, bytes),
        pickle.EMPTY_LIST: lambda machine: machine.push([]),
        pickle.EMPTY_DICT: lambda machine: machine.push({}),
        pickle.EMPTY_SET: lambda machine: machine.push(set()),
        pickle.EMPTY_TUPLE: _constant(()),
        pickle.LIST: lambda machine: machine.push(machine.pop_mark()),
        pickle.DICT: _dict,
        pickle.TUPLE: lambda machine: machine.push(tuple(machine.pop_mark())),
        pickle.TUPLE1: _tuple_of(1),
        pickle.TUPLE2: _tuple_of(2),
        pickle.TUPLE3: _tuple_of(3),
        pickle.FROZENSET: lambda machine: machine.push({checked_key(item) for item in machine.pop_mark()}),
        pickle.APPEND: _append,
        pickle.APPENDS: lambda machine: _extend(machine, machine.pop_mark()),
        pickle.SETITEM: _set_item,
        pickle.SETITEMS: lambda machine: _update(machine, machine.pop_mark()),
        pickle.ADDITEMS: _add_items,
        pickle.GLOBAL: _global,
        pickle.STACK_GLOBAL: _stack_global,
        pickle.INST: _instance,
        pickle.OBJ: _object,
        pickle.REDUCE: _reduce,
        pickle.NEWOBJ: _new_object,
        pickle.NEWOBJ_EX: _new_object_with_keywords,
        pickle.BUILD: _build,
        pickle.EXT1: _extension(1),
        pickle.EXT2: _extension(2),
        pickle.EXT4: _extension(4),
        pickle.PERSID: lambda machine: _persistent(machine, machine.line().decode("latin1")),
        pickle.BINPERSID: lambda machine: _persistent(machine, machine.pop()),
        pickle.NEXT_BUFFER: _outside_buffer,
        pickle.READONLY_BUFFER: _outside_buffer,
        pickle.GET: lambda machine: _get(machine, _memo_index(machine.line())),
        pickle.BINGET: lambda machine: _get(machine, machine.unsigned(1)),
        pickle.LONG_BINGET: lambda machine: _get(machine, machine.unsigned(4)),
        pickle.PUT: lambda machine: _put(machine, _memo_index(machine.line())),
        pickle.BINPUT: lambda machine: _put(machine, machine.unsigned(1)),
        pickle.LONG_BINPUT: lambda machine: _put(machine, machine.unsigned(4)),
        pickle.MEMOIZE: lambda machine: _put(machine, len(machine.memo)),
    }.items()
}
