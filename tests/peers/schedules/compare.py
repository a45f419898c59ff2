"""Ticks of random crontab lines: Courant's against those of cronsim (in every zone) and croniter (working days).

What differs on purpose, and how it is compared all the same:
- A fixed time that the clocks skip: cronsim takes the first moment after the gap (as Debian's cron does), Courant
  goes out later by the gap (RFC 5545). Ticks within the gap's length after such a change are left out on both sides.
- A day without a midnight: cronsim believes in the midnight all the same, and may drop an interval's day for it.
  Such days are left out for lines of intervals.
- An hour of which the clocks skip a part only: cronsim drops the rest of it. Such hours are left out for lines of intervals.
- Clocks that go back over midnight (at a minute past it, in Newfoundland until 2011): cronsim does not come back to the day
  before. Its second copy is left out for lines of intervals.
- Asked in the second copy of a doubled hour, cronsim begins again with the first.
- Ranges over the end of the week (FRI-MON): unknown to cronsim, which is given the weekdays one by one.
- The last Friday: FRI#L here, 5L there.
- The nearest working day (15W): unknown to cronsim; croniter answers, in UTC, because its clock changes are others.
  In a month without a 31st it takes 31W for the last day; Courant goes out in no month that lacks the day.
- cronsim gives up after 50 years without a tick; what it found by then is compared.
"""

import itertools
import json
import random
import signal
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, time, timedelta

import tzdata
from croniter import croniter
from cronsim import CronSim, CronSimError

PER_CALL = 250
TICKS = 6
LEAPS = [timedelta(minutes=minutes) for minutes in (15, 20, 30, 40, 45, 60, 90, 120, 180, 24 * 60)]
NOT_PLACES = {"localtime", "posixrules", "Factory"}
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def number_field(first, last):
    def part():
        if random.random() < 0.75:
            return str(random.randint(first, last))
        low, high = sorted(random.sample(range(first, last + 1), 2))
        return f"{low}-{high}" + random.choice(["", "", f"/{random.randint(1, 5)}"])

    return ",".join(part() for _ in range(random.choice([1, 1, 1, 2, 3])))


def open_field(last):
    return random.choice(["*", "*", "*", f"*/{random.randint(2, last)}"])


def clock_field(last):
    return open_field(last) if random.random() < 0.3 else number_field(0, last)


def day_field():
    kind = random.random()
    if kind < 0.6:
        return open_field(31)
    return number_field(1, 31) if kind < 0.85 else random.choice(["L", "LW", "1,L"])


def weekday_field():
    """A weekday field as Courant reads it, and the same for cronsim."""
    kind = random.random()
    if kind < 0.6:
        text = open_field(6)
        return text, text
    day = random.randint(0, 6)
    name = random.choice([WEEKDAYS[day], WEEKDAYS[day].lower(), str(day)])
    if kind < 0.75:
        return name, name
    if kind < 0.85:
        last = (day + random.randint(1, 5)) % 7
        days = [(day + step) % 7 for step in range((last - day) % 7 + 1)]
        return f"{name}-{WEEKDAYS[last]}", ",".join(map(str, days))
    nth = random.randint(1, 6)
    return (f"{name}#L", f"{day}L") if nth == 6 else (f"{name}#{nth}", f"{name}#{nth}")


def random_line():
    """A line as Courant reads it, and the same for cronsim."""
    month = open_field(12) if random.random() < 0.8 else number_field(1, 12)
    start = f"{clock_field(59)} {clock_field(23)} {day_field()} {month}"
    ours, theirs = weekday_field()
    return f"{start} {ours}", f"{start} {theirs}"


def working_day_line():
    """A line with a nearest working day; croniter reads the same."""
    days = f"{random.randint(1, 28)}W"
    line = f"{number_field(0, 59)} {number_field(0, 23)} {days} * *"
    return line, line


def is_interval(line):
    minute, hour = line.split()[:2]
    return minute.startswith("*") or hour.startswith("*")


def near_a_change(zone):
    """A moment within two days before a change of the zone's clocks, if it changes them in the year chosen."""
    start = datetime(random.randint(1975, 2037), random.randint(1, 12), 1, tzinfo=UTC)
    step = timedelta(days=7)
    for week in range(53):
        moment = start + week * step
        if moment.astimezone(zone).utcoffset() != (moment + step).astimezone(zone).utcoffset():
            return moment + random.random() * (step + timedelta(days=1)) - timedelta(days=1)
    return start


def moved(moment, zone):
    """Whether a moment lies as close after a change of clocks as the clocks leapt: a moved time may be there."""
    def offset(at):
        return at.astimezone(zone).utcoffset()

    return any(offset(moment) - offset(moment - leap) >= leap for leap in LEAPS)


def is_skipped(local, zone):
    """Whether the clocks never show this local time."""
    local = local.replace(tzinfo=zone, fold=0)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != local.replace(tzinfo=None)


def has_no_midnight(moment, zone):
    """Whether the local day of a moment begins in a gap."""
    return is_skipped(datetime.combine(moment.astimezone(zone).date(), time()), zone)


def begins_in_a_gap(moment, zone):
    """Whether the clocks skip the beginning of a moment's local hour."""
    return is_skipped(moment.astimezone(zone).replace(minute=0, second=0), zone)


def is_back_before_midnight(moment, zone):
    """Whether the clocks have shown the next day already."""
    day = moment.astimezone(zone).date()
    return any((moment - timedelta(minutes=minutes)).astimezone(zone).date() > day for minutes in range(1, 121))


def is_other_on_purpose(moment, zone, line):
    if is_interval(line):
        return any(rule(moment, zone) for rule in (has_no_midnight, begins_in_a_gap, is_back_before_midnight))
    return moved(moment, zone)


def courant(program, lines, zone, after):
    command = [program, "schedule", "-", "--json", f"-n{TICKS}", f"--zone={zone}", f"--after={after:%Y-%m-%dT%H:%M:%SZ}"]
    answer = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True)
    if answer.returncode not in (0, 1):
        sys.exit(f"{command} failed: {answer.stderr}")
    return json.loads(answer.stdout)


def use_the_same_zone_data(program):
    """Both sides on one version of the time zone data; a difference in the data is none in the rules."""
    data = courant(program, ["@daily"], "UTC", datetime(2026, 1, 1, tzinfo=UTC))[0]["zone_data"]
    version, origin = data.split(" ", 1)
    if origin != "(built in)":
        zoneinfo.reset_tzpath([origin.strip("()")])
    elif version == tzdata.IANA_VERSION:
        zoneinfo.reset_tzpath([])
    else:
        sys.exit(f"Courant has time zone data {version}, the package tzdata {tzdata.IANA_VERSION}: take the same")
    return data


def cronsim_ticks(line, zone, after):
    try:
        peer = CronSim(line, after.astimezone(zone))
    except CronSimError:
        return None
    return [tick.astimezone(UTC) for tick in itertools.islice(peer, TICKS)]


def croniter_ticks(line, _zone, after):
    return [tick for tick in itertools.islice(croniter(line, after).all_next(datetime), TICKS)]


def differs(ours, theirs, zone, line, after):
    """Whether the ticks differ that both sides had the room to tell."""
    if theirs is None or "error" in ours:
        return theirs is not None or "error" not in ours
    ours = [datetime.fromisoformat(tick["utc"]) for tick in ours["ticks"]]
    if not theirs:
        return False
    end = min(ours[-1], theirs[-1])
    odd = (tick for tick in set(ours) ^ set(theirs) if after < tick <= end)
    return any(not is_other_on_purpose(tick, zone, line) for tick in odd)


class NoAnswer(Exception):
    """The peer looks for a tick that it does not find, and does not give up."""


def give_up(_signal, _frame):
    raise NoAnswer


def answer(peer, line, zone, after):
    """The peer's ticks, within ten seconds."""
    signal.alarm(10)
    try:
        return peer(line, zone, after)
    finally:
        signal.alarm(0)


def main(program, cases, seed):
    data = use_the_same_zone_data(program)
    names = sorted(zoneinfo.available_timezones() - NOT_PLACES)
    signal.signal(signal.SIGALRM, give_up)
    random.seed(seed)
    print(f"{cases} lines, {len(names)} zones, time zone data {data}, seed {seed}", flush=True)
    wrong = silent = 0
    for batch in range(0, cases, PER_CALL):
        with_working_days = batch % (10 * PER_CALL) == 0
        name = "UTC" if with_working_days else random.choice(names)
        zone = zoneinfo.ZoneInfo(name)
        after = near_a_change(zone).replace(microsecond=0)
        pairs = [working_day_line() if with_working_days else random_line() for _ in range(PER_CALL)]
        peer = croniter_ticks if with_working_days else cronsim_ticks
        for ours, (line, theirs) in zip(courant(program, [line for line, _ in pairs], name, after), pairs, strict=True):
            try:
                other = answer(peer, theirs, zone, after)
            except NoAnswer:
                silent += 1
                print(f"the peer has no answer to {line!r} in {name} after {after}", flush=True)
                continue
            if differs(ours, other, zone, line, after):
                wrong += 1
                told = ours.get("error") or ", ".join(tick["utc"] for tick in ours["ticks"])
                print(f"DIFFERS: {line!r} in {name} after {after}:\n  courant {told}\n  peer    {other and ', '.join(map(str, other))}", flush=True)
    print(f"{wrong} of {cases} lines differ, {silent} without an answer from the peer")
    return wrong == 0 and 100 * silent <= cases


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])) else 1)
