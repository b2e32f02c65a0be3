"""The rules of the grammar of times, over the classes of words of `extract.timewords`.

Each is a name and a pattern: a regular expression in which `<month>` stands for any token of that class. The name up
to its first underscore is the `kind` of the `Form` that it makes; named groups say which token fills which field. They
are tried from the top at each place, so a longer form stands above its parts.
"""

from __future__ import annotations

_NUM = "(?:<number>(?:<hyphen>?<number>){0,6}|<day>|<year>)(?:<and><a>?<half>|<day><slash><day>)?"
_SOME = "(?:<a>?<few><of>?|<half><a>?|<a><half>?)"
_AMOUNT = f"(?P<amount>(?:<about>|<more><than>|<at><least>){{0,3}}(?:{_NUM}|{_SOME})(?:<more>|<full>){{0,2}})"
_EDGE = "(?:<the>?(?P<edge><edge>|<later>)(?:<hyphen>|<the>|<of><the>?|<in><the>?|<on>)?)"
_YEAR = "(?:(?P<year><year>|<short_year>)|(?P<year2><number>)(?=<bc>))"
_DOM = "(?P<day><day>|<nth>|<ordinal>(?!<other>))"
_LAST = "(?:<hyphen>|<to>|<and>|<slash>)<the>?(?P<last><day>|<nth>|<ordinal>)"
_OF_DAY = (
    "(?:(?:<edge>(?:<in>|<on>)?)?<the>?<edge>?(?P<part><part>)<units>?(?:<of>|<on>|<in>|<comma>)<the>?"
    "|(?P<clock><clock>)<zone>?<time>?<comma>?(?:<on>|<of>)?)?"
)
_WEEKDAY = "(?:<weekday><dot>?<comma>?<open>?)?"
_UNIT = "(?P<unit><unit>|<quarter>|<century>)"

RULES: tuple[tuple[str, str], ...] = (
    ("iso", "(?P<word><iso>)"),
    ("date_mdd", f"(?P<month><month>)<dot>?{_DOM}{_LAST}(?!<dot>?<month>|<units>)(?:<comma>?{_YEAR})?"),
    ("date_ddm", f"<the>?{_DOM}{_LAST}<of>?(?P<month><month>)<dot>?(?:(?:<comma>|<of>)?{_YEAR})?"),
    (
        "date_mly",
        f"{_EDGE}?(?P<month><month>)<dot>?(?P<day><day>|<nth>|<ordinal>)?<of>?<the>?<relative>?"
        "(?P<step><relative>)(?P<unit><unit>)",
    ),
    (
        "date_mdy",
        f"{_OF_DAY}{_WEEKDAY}(?P<month><month>)<dot>?<the>?{_DOM}(?!<units>)"
        f"(?:(?:<comma>|<of>)?{_YEAR}(?P<bc><bc>)?)?(?:<at>?(?P<clock2><clock>))?",
    ),
    (
        "date_dmy",
        f"{_OF_DAY}{_WEEKDAY}(?:<of>)?<the>?{_DOM}(?:<of>|<hyphen>)?(?P<month><month>)<dot>?"
        f"(?:(?:<comma>|<of>|<hyphen>)?{_YEAR}(?P<bc><bc>)?)?",
    ),
    ("date_my", f"{_EDGE}?(?P<month><month>)<dot>?(?:<comma>|<of>|<in>)?{_YEAR}(?P<bc><bc>)?"),
    ("date_ym", f"{_YEAR}<comma>?(?P<month><month>)(?!<day>)"),
    ("date_lm", f"{_EDGE}?<the>?(?P<step><relative>)(?P<month><month>)"),
    ("date_m", f"{_EDGE}?(?P<month><month>)"),
    ("hijri", "(?:(?P<day><day>|<nth>|<ordinal>)<of>?)?(?P<hijri><hijri>)(?:<comma>?(?P<year><year>))?"),
    ("feast", "(?P<feast><feast>)(?:<of>?(?P<year><year>))?"),
    ("dom_of", "<the>(?P<day><nth>)<of>(?P<step><relative>)<unit>"),
    ("dom", "<the>(?P<day><nth>)(?!<unit>|<units>|<quarter>|<century>|<season>|<half>|<part>|<month>)"),
    ("half_year", "<the>?(?P<ordinal>(?:<ordinal>|<nth>))<hyphen>?<half><of>(?P<year><year>)"),
    ("half", "<the>?(?P<ordinal>(?:<ordinal>|<nth>))<hyphen>?<half><of>(?:(?P<step><relative>)|<the>)(?P<unit><unit>)"),
    (
        "quarter_a",
        "<the>?(?:(?P<year><year>)|(?P<step><relative>)<unit><own>?)<fiscal>?<hyphen>?"
        "(?P<ordinal>(?:<ordinal>|<nth>))<hyphen>?<quarter>"
    ),
    (
        "quarter_b",
        "<the>?<fiscal>?<hyphen>?(?P<ordinal>(?:<ordinal>|<nth>))<hyphen>?<quarter>(?:<of>?(?P<year><year>)|<of>?"
        "(?P<step><relative>)<unit>)?"
    ),
    ("quarter_c", "(?:<the>)?<unit><hyphen>(?P<how><ago>|<later>)(?P<ordinal>(?:<ordinal>|<nth>))?<quarter>"),
    ("lastn", f"<the>?<relative>?(?P<step><relative>)<full>?{_AMOUNT}<hyphen>?(?P<unit><unit>|<units>)"),
    (
        "weekof",
        "<the>?(?P<ordinal>(?:<ordinal>|<nth>)|<relative>)(?P<unit><unit>)<of>(?P<month><month>)(?:<comma>?"
        "(?P<year><year>))?"
    ),
    ("firstn", f"<the>?(?:<ordinal>|<nth>){_AMOUNT}<hyphen>?(?P<unit><units>)"),
    ("recent", "<the>?<relative>?(?P<step><relative>)(?P<unit><units>)"),
    ("yearago", "<the>?(?P<unit><unit>|<quarter>)<hyphen>(?P<how><ago>|<later>)"),
    ("shift", f"{_AMOUNT}<hyphen>?<full>?(?P<unit><unit>|<units>)<time>?(?P<how><ago>|<later>|<shift>)"),
    ("shift_some", "(?P<unit><units>)(?P<how><ago>|<later>|<shift>)"),
    ("today_by", "<the><unit>(?P<how><shift>)(?P<today><today>)"),
    ("beside", "<the>(?P<unit><unit>)(?P<how><shift>)(?!<unit>)"),
    ("beside_rel", "<the>(?P<unit><unit>)(?P<step><relative>)(?!<unit>|<weekday>)"),
    ("date_ey", f"{_EDGE}(?P<year><year>)(?P<bc><bc>)?"),
    ("rel_edge", f"{_EDGE}(?P<step2><relative>)?(?P<step><relative>)?{_UNIT}"),
    (
        "season",
        f"{_EDGE}?<the>?(?P<step2><relative>)?(?P<step><relative>)?(?P<season><season>)(?:(?:<of>|<in>)?"
        f"{_YEAR})?"
    ),
    ("season_y", f"{_YEAR}(?P<season><season>)"),
    ("decade", f"{_EDGE}?<the>?(?P<decade><decade>)(?P<bc><bc>)?"),
    ("century", f"{_EDGE}?<the>?(?P<ordinal>(?:<ordinal>|<nth>))<hyphen>?<century>(?P<bc><bc>)?"),
    ("today", f"{_EDGE}?<the>?(?:(?P<part><part>)<in>?)?(?P<today><today>)(?P<after><part>)?"),
    ("weekday_at", "(?P<clock><clock>)<zone>?<time>?<comma>?<on>?(?P<weekday><weekday>)"),
    (
        "weekday",
        f"{_EDGE}?<the>?(?:(?P<part><part>)(?:<of>|<on>|<in>)?)?(?:(?P<step2><relative>)?"
        "(?P<step><relative>))?(?P<weekday><weekday>)(?P<after><part>)?"
    ),
    ("rel", f"<the>?(?P<step2><relative>)?(?P<step><relative>)(?:<fiscal>|<full>)?{_UNIT}"),
    ("partof", f"{_EDGE}?<the>?(?P<step2><relative>)?(?P<step><relative>)(?P<part><part>)"),
    ("clock", "(?P<word><clock>)(?:<zone><time>?)?"),
    ("set", "(?P<every><every>)(?P<unit><unit>)"),
    ("daily", "(?P<daily><daily>)"),
    ("duration", f"{_AMOUNT}<hyphen>?<full>?(?P<unit><unit>|<units>)(?:<hyphen>?(?P<long><long>))?"),
    ("ofunit", "<the>(?P<unit><unit>|<quarter>)"),
    ("some", "(?P<unit><units>)"),
    ("bareyear_words", "(?P<century>(?:<number>))(?P<tens><number>)(?:<hyphen>?(?P<ones><number>))?"),
    ("bareyear_yy", "(?P<year><year>)(?:<hyphen>|<slash>)(?P<last><day>|<number>)(?!<units>|<other>)"),
    (
        "bareyear_bb",
        "(?P<year><day>|<number>|<year>)(?:<hyphen>|<to>|<and>)(?P<last><day>|<number>|<year>)"
        "(?P<bc><bc>)"
    ),
    ("bareyear", "(?:<the><unit>)?(?P<year><year>)(?P<bc><bc>)?"),
    ("bareyear_bc", "(?P<year><day>|<number>)(?P<bc><bc>)"),
    ("part", f"{_EDGE}?<the>?(?P<part><part>)"),
    ("now", "(?P<now><now>)"),
)  # fmt: skip
