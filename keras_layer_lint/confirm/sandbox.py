"""Limits set on a process before code of the user runs in it. Each is tried on its own: what the system lacks is named.

Only Linux offers most of this. What is set cannot be taken back by the process or what it starts.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path

GIB = 1 << 30
LARGEST_FILE = GIB
_CORES = os.cpu_count() or 1
MOST_PROCESSES = 512 + 16 * _CORES * _CORES
"""Threads count, of all that the user runs: XLA starts some per core, in as many children as there are cores."""
MOST_FILES = 1024

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER = 1, 38, 22, 36
_SIGKILL = 9

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _call(function: str, *arguments: object) -> int:
    if _libc is None:
        raise OSError(errno.ENOSYS, "Linux only")
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(getattr(_libc, function)(*converted))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends."""
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of what children leave behind, instead of the system's first process."""
    _call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


# Namespaces: entered once by the process that forks, before it has threads.

_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000


def enter_namespaces() -> None:
    """Go on in a child that has no network and is the first process of its namespace: all ends when it ends.

    The process that called this waits for the child and ends as it did. OSError where the system refuses.
    """
    user, group = os.getuid(), os.getgid()
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWPID)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    die_with_parent()


def next_child_is_first() -> None:
    """Let the next child be the first process of a namespace, so that all it starts ends with it."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        _call("setns", own, _CLONE_NEWPID)  # out of the namespace that was made for the child before
    finally:
        os.close(own)
    _call("unshare", _CLONE_NEWPID)


# The child's own limits.


def memory_limit() -> int:
    """Bytes that a layer may allocate: half of the machine's memory, within bounds."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        total = 8 * GIB
    return max(4 * GIB, min(16 * GIB, total // 2))


def limit_resources(seconds: float | None) -> None:
    """Bound memory, processor time, files and processes. `seconds` are those of all threads together; None: any."""
    limits = [
        ("RLIMIT_CORE", 0),
        *([] if seconds is None else [("RLIMIT_CPU", math.ceil(seconds))]),
        ("RLIMIT_FSIZE", LARGEST_FILE),
        ("RLIMIT_NOFILE", MOST_FILES),
        ("RLIMIT_NPROC", MOST_PROCESSES),
        # Not the address space: CUDA reserves more of it than any machine has memory.
        ("RLIMIT_DATA", memory_limit()),
    ]
    for name, limit in limits:
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(number, (limit, limit))


_LANDLOCK = (444, 445, 446)  # create_ruleset, add_rule, restrict_self: the same on every architecture
_WRITE_FILE = 1 << 1
_DIRECTORY_WRITES = sum(1 << bit for bit in range(4, 13))  # remove and make, of every kind
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BIND_TCP, _CONNECT_TCP = 1, 2
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "nvidia", "dri", "kfd", "shm/nvidia")


def forbid_writing(*folders: str) -> None:
    """Let this process write below `folders` and to devices only, whatever the permissions of files say."""
    version = _call("syscall", _LANDLOCK[0], None, 0, 1)
    handled = _WRITE_FILE | _DIRECTORY_WRITES
    handled |= _REFER if version >= 2 else 0
    handled |= _TRUNCATE if version >= 3 else 0
    network = _BIND_TCP | _CONNECT_TCP if version >= 4 else 0
    scoped = _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _call("syscall", _LANDLOCK[0], attributes, len(attributes), 0)
    try:
        for folder in folders:
            _allow_below(ruleset, folder, handled)
        for entry in os.scandir("/dev"):
            if entry.name.startswith(_DEVICES) and not entry.is_symlink():
                _allow_below(ruleset, entry.path, handled if entry.is_dir() else handled & (_WRITE_FILE | _TRUNCATE))
        _no_new_rights()
        _call("syscall", _LANDLOCK[2], ruleset, 0)
    finally:
        os.close(ruleset)


def _allow_below(ruleset: int, path: str, access: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _call("syscall", _LANDLOCK[1], ruleset, 1, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)


def _no_new_rights() -> None:
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


# Seccomp: a program of the kernel's packet filter that sees the number and arguments of each system call.

_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_VM = 0x100
_NUMBERS = {
    # architecture, then: socket, io_uring_setup, ptrace, process_vm_writev, fork, clone, clone3
    "x86_64": (0xC000003E, 41, 425, 101, 311, 57, 56, 435),
    "aarch64": (0xC00000B7, 198, 425, 117, 271, None, 220, 435),
}


def forbid_calls(*, forks: bool = True) -> None:
    """Refuse sockets, forks and reaching into other processes. Threads, and starting another program, stay.

    Without `forks` the process may go on to fork.
    """
    numbers = _NUMBERS.get(platform.machine())
    if numbers is None:
        raise OSError(errno.ENOSYS, f"no filter for {platform.machine()}")
    architecture, socket, io_uring, ptrace, write_memory, fork, clone, clone3 = numbers

    def refuse(number: int | None, error: int) -> list[tuple[int, int, int, int]]:
        return [] if number is None else [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | error)]

    program = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_JUMP_AT_LEAST, 0, 1, 0x40000000),  # the second set of numbers of x86-64
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        *[part for number in (socket, io_uring, ptrace, write_memory) for part in refuse(number, errno.EACCES)],
    ]
    if forks:
        program += [
            *refuse(fork, errno.EAGAIN),
            *refuse(clone3, errno.ENOSYS),  # its flags lie in memory; the C library falls back to clone
            (_JUMP_EQUAL, 0, 3, clone),
            (_LOAD, 0, 0, 16),
            (_JUMP_ANY_BIT, 1, 0, _CLONE_VM),
            (_RETURN, 0, 0, _ERRNO | errno.EAGAIN),
        ]
    program.append((_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    memory = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(memory)))
    _no_new_rights()
    _call("prctl", _PR_SET_SECCOMP, 2, header, 0, 0)


def attempt(what: str, limit: Callable[[], None], lacking: list[str]) -> bool:
    """Set a limit; where the system refuses, note what is not stopped."""
    try:
        limit()
    except (OSError, ValueError, AttributeError, ImportError):
        lacking.append(what)
        return False
    return True


def confine(folder: str, seconds: float) -> list[str]:
    """Set all limits of a child whose only place to write is `folder`; return what could not be stopped."""
    lacking: list[str] = []
    attempt("outliving klint", die_with_parent, lacking)
    attempt("using up memory", lambda: limit_resources(seconds), lacking)
    attempt("writing files elsewhere", lambda: forbid_writing(folder), lacking)
    attempt("reaching the network", forbid_calls, lacking)
    return lacking


def confine_imports(folder: str) -> list[str]:
    """Set the limits of a process that imports packages and forks children, whose folders lie in `folder`."""
    lacking: list[str] = []
    attempt("outliving klint", die_with_parent, lacking)
    attempt("using up memory", lambda: limit_resources(None), lacking)
    attempt("writing files elsewhere", lambda: forbid_writing(folder), lacking)
    attempt("reaching the network", lambda: forbid_calls(forks=False), lacking)
    return lacking
