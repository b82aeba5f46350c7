"""What a process and all its children have used, as Linux tells it under /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and its descendants that run now."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(_stat(int(folder.name))[1])
        except OSError:  # ended since it was listed
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of the tree since its start, ended children included."""
    total = 0
    for pid in tree(root):
        try:
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])  # utime stime cutime cstime
        except OSError:  # ended since; its parent has its time in the next reading
            continue
    return total / TICKS


def peak_memory(root: int) -> list[int]:
    """The most memory each process of the tree ever held, in bytes (shared pages count in each)."""
    peaks = []
    for pid in tree(root):
        status = Path(f"/proc/{pid}/status").read_text()
        peaks += [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return peaks


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; the name before may hold spaces (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
