#!/usr/bin/env python3
"""Runs clang-tidy on each source of a build folder, several at a time, and remembers what is clean.

usage: tidy.py BUILD_FOLDER JOBS

The key of a source is the hash of its preprocessed text, the rules and the tool's version, so a
remembered result holds exactly as long as nothing that the tool would see has changed. The memory
is shared between checkouts: $ODOP_TIDY_CACHE, or ~/.cache/odop-tidy.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys


def preprocessed(entry):
    words = [w for w in shlex.split(entry["command"]) if not w.endswith("ccache")]
    at = words.index("-o")
    words[at + 1] = "-"
    words[words.index("-c")] = "-E"
    done = subprocess.run(words, cwd=entry["directory"], capture_output=True)
    return done.stdout if done.returncode == 0 else None


def main():
    build, jobs = sys.argv[1], int(sys.argv[2])
    root = os.getcwd()
    memory = pathlib.Path(os.environ.get("ODOP_TIDY_CACHE",
                                         pathlib.Path.home() / ".cache/odop-tidy"))
    memory.mkdir(parents=True, exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout
    rules = pathlib.Path(".clang-tidy").read_bytes()
    # Batches of sources lie below the build folder, in the place of their room.
    rooms = [room for room in pathlib.Path("packaging/tidy-rooms.txt").read_text().split()]
    places = tuple(f"{root}/{room}/" for room in rooms)
    batches = tuple(f"{root}/{build}/{room}/" for room in rooms)
    entries = [e for e in json.load(open(f"{build}/compile_commands.json"))
               if e["file"].startswith(places) or
               (e["file"].startswith(batches) and "/Unity/unity_" in e["file"])]

    def check(entry):
        text = preprocessed(entry)
        mark = None
        if text is not None:
            key = hashlib.sha256(version + rules + text.replace(root.encode(), b".")).hexdigest()
            mark = memory / key
            if mark.exists():
                return entry["file"], True, ""
        done = subprocess.run(["clang-tidy", "--quiet", "-p", build, entry["file"]],
                              capture_output=True, text=True)
        if done.returncode == 0 and mark is not None:
            mark.touch()
        return entry["file"], done.returncode == 0, done.stdout

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for file, clean, output in pool.map(check, entries):
            if not clean:
                failed += 1
                print(f"-- {os.path.relpath(file, root)}\n{output}", flush=True)
    print(f"clang-tidy: {len(entries)} batches and sources, {failed} with findings")
    return 1 if failed else 0


sys.exit(main())
