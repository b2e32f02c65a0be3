"""The place index at size: python benchmarks/gazetteer.py [--rows 1000000] [--lookups 20000]

Writes a made-up dump in GeoNames' form (19 columns, half of the rows towns and villages, names in other scripts, some
broken lines) and an alternateNames file for it, builds an index with `reportedly fetch gazetteer` in a process of its
own, and prints seconds, peak memory and size. Then it looks names up, in the shipped index and in the larger one: as
they are written, with other articles, hyphens and accents, with other vowels, and names that nothing has; in
microseconds of processor time, with nothing kept in memory between lookups. --rows 0 measures the shipped index only.
Seeded; needs nothing but the package.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import mean, median, quantiles

from reportedly.resolve.authority import PlaceIndex, shipped_places

LIMIT_US = 200.0
STARTS = (
    "Ba Da Fa Ga Ha Ja Ka La Ma Na Qa Ra Sa Ta Wa Za Kha Sha Tha Bu Du Mu Nu Ru Su Tu Zu Bi Di Mi Ni Ri Si Ti".split()
)
MIDDLES = "bal dar far gan har jir kal lim mun nar qad rah sal tar wan zur bil din fil min rin sin tin bur".split()
ENDS = "a ah ia ut in an abad iyah ur im ar iq ata oun is era ovo ino stan pur".split()
COMMON = [start + end for start in STARTS for end in ENDS]
SCRIPTS = ("بحر الكبير", "Горный посёлок", "山の村", "דרום", "χωριό")
KINDS = (  # class, code, share
    ("P", "PPL", 46), ("P", "PPLX", 3), ("P", "PPLA3", 1), ("A", "ADM3", 3), ("A", "ADM4", 3), ("H", "STM", 18),
    ("S", "SCH", 10), ("S", "MSQE", 6), ("T", "HLL", 8), ("L", "LCTY", 2),
)  # fmt: skip
COUNTRIES = "SY IQ SD SS ET SO YE LY ML BF NE NG CD CF UA RU AF PK IN MM PH CO MX".split()


def a_name(rng: random.Random) -> str:
    """A name; about seven of ten in a million are single, and the commonest has hundreds of places, as in GeoNames."""
    if rng.random() < 0.05:
        return f"{rng.choice(('San', 'Santa', 'Tall', 'Nova'))} {COMMON[int(len(COMMON) * rng.random() ** 2)]}"
    word = rng.choice(STARTS) + "".join(rng.choices(MIDDLES, k=rng.choice((1, 2, 2, 3)))) + rng.choice(ENDS)
    shape = rng.random()
    if shape < 0.2:
        return f"Al {word}" if shape < 0.1 else f"Tall {word}"
    return f"{word} {rng.choice(STARTS)}{rng.choice(ENDS)}" if shape < 0.4 else word


def write_dump(dump: Path, names: Path, rows: int) -> None:
    """`rows` places with ids from 20 million on, and about as many other names."""
    rng = random.Random(7)
    kinds = [(f"{c}\t{code}", share) for c, code, share in KINDS]
    labels, weights = [k for k, _ in kinds], [w for _, w in kinds]
    with dump.open("w", encoding="utf-8") as out, names.open("w", encoding="utf-8") as more:
        for n in range(rows):
            id_, name, kind = 20_000_000 + n, a_name(rng), rng.choices(labels, weights)[0]
            others = [a_name(rng) for _ in range(rng.choice((0, 0, 1, 2, 4)))] + rng.sample(SCRIPTS, rng.randint(0, 2))
            lat, lon = round(rng.uniform(-35, 60), 5), round(rng.uniform(-110, 125), 5)
            people = int(10 ** rng.uniform(1, 4.5)) if kind[0] == "P" and rng.random() < 0.2 else 0
            before = f"{id_}\t{name}\t{name}\t{','.join(others)}\t{lat}\t{lon}\t{kind}\t{rng.choice(COUNTRIES)}\t\t"
            units = f"{rng.randint(1, 20):02}\t{rng.randint(1, 400)}"
            out.write(f"{before}{units}\t\t\t{people}\t\t350\tAfrica/Cairo\t2024-01-01\n")
            if n % 10_000 == 9_999:
                out.write(f"{id_}\tbroken\n")
            language = rng.choice(("en", "fr", "ar", "link", ""))
            other = f"https://example.org/{n}" if language == "link" else a_name(rng)
            more.write(f"{n}\t{id_}\t{language}\t{other}\t{int(language == 'en')}\t\t\t\n")


def build(rows: int, folder: Path) -> Path:
    """Write the dump and build from it; prints what it took."""
    dump, names, out = folder / "made.txt", folder / "alternateNames.txt", folder / "places.sqlite"
    write_dump(dump, names, rows)
    size = dump.stat().st_size + names.stat().st_size
    command = ["fetch", "gazetteer", str(dump), "--names", str(names), "--out", str(out)]
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "from reportedly.cli import main; main()", *command], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{rows:,} rows and as many other names, {size / 1e6:,.0f} MB: {time.perf_counter() - start:.0f} s, "
        f"{cpu:.0f} s of processor, peak {used.ru_maxrss / 1024:.0f} MB, index {out.stat().st_size / 1e6:,.0f} MB"
    )
    return out


def sample(index: Path, count: int) -> list[str]:
    """Names of places that are there, at random."""
    with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        highest = connection.execute("SELECT MAX(rowid) FROM place").fetchone()[0]
        rng = random.Random(11)
        numbers = [rng.randrange(1, highest + 1) for _ in range(2 * count)]
        query = "SELECT name FROM place WHERE rowid >= ? ORDER BY rowid LIMIT 1"
        return [row[0] for n in numbers if (row := connection.execute(query, (n,)).fetchone())][:count]


def respelt(name: str) -> str:
    """Other article, hyphens, capitals, an accent: the same key."""
    bare = name.removeprefix("Al ").removeprefix("Al-")
    return f"al-{bare}".replace(" ", "-").replace("a", "á", 1) if bare != name else name.replace("a", "á", 1).upper()


def revowelled(name: str) -> str:
    """Other vowels: another key, the same consonants."""
    return name.translate(str.maketrans("aeiou", "eaoui"))


def lookups(path: Path, count: int) -> bool:
    """Time each kind of lookup; whether the slowest kind's median stays below the limit."""
    index = PlaceIndex(path)
    names = sample(path, count)
    ways: Sequence[tuple[str, Callable[[str], str]]] = (
        ("as written", str),
        ("other spelling", respelt),
        ("other vowels", revowelled),
        ("nothing has it", lambda name: f"Qx{name}ow"),
    )
    index.find("Warm")
    fine = True
    for what, change in ways:
        asked = [change(name) for name in names]
        taken, hits = [], 0
        for name in asked:
            start = time.thread_time_ns()
            hits += bool(index.find(name))
            taken.append((time.thread_time_ns() - start) / 1000)
        usual, high = median(taken), quantiles(taken, n=20)[18]
        fine &= usual < LIMIT_US and mean(taken) < LIMIT_US
        found = f"found {hits / len(asked):.2f}"
        print(f"  {what:15} median {usual:6.1f} µs  mean {mean(taken):6.1f}  95th {high:6.1f}  {found}")
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=20_000)
    given = parser.parse_args()
    print("shipped index")
    fine = lookups(shipped_places(), given.lookups)
    if given.rows:
        with tempfile.TemporaryDirectory(prefix="reportedly-gazetteer-") as folder:
            larger = build(given.rows, Path(folder))
            print("larger index")
            fine &= lookups(larger, given.lookups)
    print(f"limit {LIMIT_US:.0f} µs a name: {'kept' if fine else 'broken'}")
    sys.exit(not fine)


if __name__ == "__main__":
    main()
