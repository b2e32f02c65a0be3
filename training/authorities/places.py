"""Make `places.tsv.gz` from a gazetteer table, once: `python training/authorities/places.py GAZETTEER_FOLDER OUT`.

The table has the columns geonameid, name, altnames(|), lat, lon, fclass, fcode, country (ISO2), admin1, admin2 and
population. Left out: second-level units without a point, alternate names in other scripts, machine romanisations (small
first letter), and names whose key an earlier name of the same place has already. Rows are sorted so that neighbours
share their ends, which compresses best.
Place data (c) GeoNames, CC BY 4.0; boundaries Natural Earth, public domain.
"""

from __future__ import annotations

import csv
import gzip
import sys
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from reportedly.resolve.gazetteer import place_key

STATES = Path(__file__).resolve().parents[2] / "src/reportedly/data/authorities/states.tsv"
ARTICLES = ("al-", "el-", "ad-", "ar-", "as-", "ash-", "at-", "az-", "an-", "al ", "el ", "'", "’", "`", "s-", "s'")


def latin(name: str) -> bool:
    """Whether every letter is Latin."""
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in name)


def kept_aliases(name: str, aliases: str) -> list[str]:
    """The alternate names that add a key, in their order."""
    seen = {place_key(name)}
    kept = []
    for alias in aliases.split("|"):
        if not alias or not latin(alias) or (alias[0].islower() and not alias.lower().startswith(ARTICLES)):
            continue
        key = place_key(alias)
        if len(key) < 2 or key in seen or len(alias) > 60:
            continue
        seen.add(key)
        kept.append(alias)
    return kept


def rounded(population: str) -> str:
    """`population` to two significant digits, "" for none: it only ranks places."""
    return str(int(float(f"{int(population):.2g}"))) if int(population or 0) else ""


def main(folder: Path, out: Path) -> None:
    """Write `out` from `folder/places.tsv.gz`."""
    with STATES.open(encoding="utf-8", newline="") as lines:
        iso3 = {r["iso2"]: r["iso3"] for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    rows = []
    with gzip.open(folder / "places.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            point = [str(round(float(r[k]) * 1000)) if r[k] else "" for k in ("lat", "lon")]
            if r["fcode"] == "ADM2" and not r["lat"]:
                continue
            code = r["fcode"] or ("PPL" if r["fclass"] == "P" else r["fclass"])
            where = (iso3.get(r["country"], ""), r["admin1"], r["admin2"] if r["admin2"] != "00" else "")
            names = (r["name"], "|".join(kept_aliases(r["name"], r["altnames"])))
            rows.append((*where, code, int(r["geonameid"]), *names, *point, rounded(r["population"])))
    rows.sort(key=lambda r: (r[0], r[1], r[2], r[4]))
    last = 0
    with out.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        for country, admin1, admin2, code, number, name, aliases, lat, lon, population in rows:
            line = [str(number - last), name, aliases, lat, lon, code, country, admin1, admin2, population]
            packed.write(("\t".join(line) + "\n").encode())
            last = number


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
