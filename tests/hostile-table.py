#!/usr/bin/env python3
"""Prints the table of docs/hostile.md: what other programs make of the hostile archives.

    FLOWLIFT_HOSTILE_DIR=DIR cargo test --test it there_is_a_test_for_every_hostile_case
    tests/hostile-table.py DIR target/debug/flowlift

Each program has ten seconds and is asked to read every entry to its end; nothing is unpacked to disk.
"""
import os, re, subprocess, sys, tempfile, zipfile

JAVA = """
import java.io.*; import java.util.*; import java.util.zip.*;
class Z { public static void main(String[] a) throws Exception {
  byte[] b = new byte[65536];
  try (ZipFile z = new ZipFile(a[0])) {
    for (Enumeration<? extends ZipEntry> e = z.entries(); e.hasMoreElements();)
      try (InputStream in = z.getInputStream(e.nextElement())) { while (in.read(b) > 0); }
    System.out.print("ok");
  } catch (Exception x) { System.out.print("error"); }
  System.out.print(" ");
  try (ZipInputStream z = new ZipInputStream(new FileInputStream(a[0]))) {
    int n = 0;
    while (z.getNextEntry() != null) { n++; while (z.read(b) > 0); }
    System.out.print(n == 0 ? "nothing" : "ok");
  } catch (Exception x) { System.out.print("error"); }
}}
"""


def python(path):
    try:
        with zipfile.ZipFile(path) as z:
            for info in z.infolist():
                with z.open(info) as entry:
                    while entry.read(1 << 16):
                        pass
        return "ok"
    except Exception:
        return "error"


def run(*words):
    try:
        return subprocess.run(words, capture_output=True, timeout=10)
    except subprocess.TimeoutExpired:
        return None


def unzip(path):
    done = run("unzip", "-tqq", path)
    return "slow" if done is None else {0: "ok", 1: "warning"}.get(done.returncode, "error")


def java(path, folder):
    done = run("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", folder, "Z", path)
    return ["slow"] * 2 if done is None else (done.stdout.decode().split() + ["error"] * 2)[:2]


def flowlift(program, path, folder):
    source = os.path.join(folder, "s.fsproject")
    with open(path, "rb") as a, open(source, "wb") as b:
        b.write(a.read())
    target = os.path.join(folder, "t")
    for left in (target, target + ".log"):
        if os.path.exists(left):
            os.remove(left)
    os.environ["XDG_STATE_HOME"] = folder
    done = run(program, "migrate", "-q", "--form=final", "-o", target, source)
    if done is None:
        return "slow"
    if done.returncode == 0:
        return "upgraded"
    error = done.stderr.decode().split("\n")[0].removeprefix("error: " + source + ": ")
    error = re.sub(r"\s+", " ", error).replace("|", "\\|")
    return "refused: " + (error if len(error) < 90 else error[:87] + "…")


def main(folder, program):
    with tempfile.TemporaryDirectory() as temp:
        with open(os.path.join(temp, "Z.java"), "w") as out:
            out.write(JAVA)
        subprocess.run(["javac", os.path.join(temp, "Z.java")], check=True)
        print("| case | Python | Info-ZIP | Java `ZipFile` | Java stream | flowlift |")
        print("|---|---|---|---|---|---|")
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            row = [python(path), unzip(path), *java(path, temp), flowlift(program, path, temp)]
            print("|", name.removesuffix(".zip").replace("_", " "), "|", " | ".join(row), "|", flush=True)


main(*sys.argv[1:])
