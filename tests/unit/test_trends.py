"""Emerging tags: who counts as a voice, what was to be expected, and a stream told by hand."""

from collections.abc import Iterable, Sequence

import pytest

from pipelines.trends import DAY_H, HOUR_S, THRESHOLD, TICK_S, Emerging, Use, surprise, voices
from watcher.stores.journal.folds import packed, unpacked

DAY_S = DAY_H * HOUR_S


def spread_over_two_ticks(uses: Sequence[Use]) -> list[Sequence[Use]]:
    return [uses[::2], uses[1::2]]


def everybody(_: int) -> bool:
    return True


def nobody(_: int) -> bool:
    return False


ORIGINALS = [(author, f"texte {author}") for author in range(10)]

ONE_TEXT = [(author, "texte") for author in range(10)]

INSISTING = [(author % 3, f"texte {n}") for n, author in enumerate(range(30))]


@pytest.mark.parametrize(
    ("ticks", "knows", "least", "most"),
    [
        pytest.param(spread_over_two_ticks(ORIGINALS), everybody, 10, 10, id="ten people in ten texts are ten"),
        pytest.param([ORIGINALS], everybody, 0, 0, id="all at once is nothing yet"),
        pytest.param(spread_over_two_ticks(ORIGINALS), nobody, 0, 1, id="newcomers alone are one at most"),
        pytest.param(spread_over_two_ticks(ONE_TEXT), everybody, 0, 1, id="ten copies are hardly anybody"),
        pytest.param(spread_over_two_ticks(INSISTING), everybody, 0, 1, id="three who insist are not thirty"),
    ],
)
def test_voices(ticks: list[Sequence[Use]], knows: object, least: float, most: float) -> None:
    assert least <= voices(ticks, knows) <= most  # type: ignore[arg-type]


@pytest.mark.parametrize(("weight", "heard"), [(1.0, 10), (0.5, 7.5), (0.0, 5)])
def test_an_author_counts_for_its_weight(weight: float, heard: float) -> None:
    weights = dict.fromkeys(range(5), weight)
    assert voices(spread_over_two_ticks(ORIGINALS), everybody, weights) == pytest.approx(heard)


def test_surprise_grows_with_what_is_heard_falls_with_what_is_expected_and_is_nothing_below() -> None:
    assert surprise(20, 1) > surprise(10, 1) > surprise(10, 2) > 0
    assert surprise(3, 3) == surprise(2, 3) == 0
    # By hand: (10 ln 5 - (10 + 1/0.6) ln((10 + 1/0.6) / (2 + 1/0.6))) / ln 10.
    assert surprise(10, 2) == pytest.approx(1.12514, abs=1e-4)


Told = tuple[float, str, str]
"""Hours since the beginning, an author, a tag; every text is its own."""


def run(detector: Emerging, told: Iterable[Told], begin_h: float, end_h: float) -> dict[str, list[float]]:
    """Give the uses to the detector and return the hours at which each tag passed the threshold."""
    alerts: dict[str, list[float]] = {}
    waiting = sorted(use for use in told if begin_h <= use[0] < end_h)
    t = begin_h * HOUR_S
    while t < end_h * HOUR_S:
        t += TICK_S
        while waiting and waiting[0][0] * HOUR_S < t:
            hour, author, tag = waiting.pop(0)
            detector.observe(hour * HOUR_S, author, tag, f"{hour} {author}")
        for tag, score in detector.tick(t):
            if score >= THRESHOLD:
                alerts.setdefault(str(tag), []).append(t / HOUR_S)
    return alerts


def talk(days: int) -> list[Told]:
    """Thirty people who each say something of their own three times a day."""
    return [
        (24.0 * day + 7 + n % 12 + 4 * turn / 60, f"a{n}", f"sujet{n}")
        for day in range(days)
        for n in range(30)
        for turn in range(3)
    ]


def meeting(tag: str, hour: float, people: int = 12) -> list[Told]:
    """So many people who use `tag` within the half-hour after `hour`."""
    return [(hour + n / (2 * people), f"a{n}", tag) for n in range(people)]


def test_what_never_was_and_twelve_people_say_is_found_within_two_ticks() -> None:
    alerts = run(Emerging(), [*talk(10), *meeting("crue", 9 * 24 + 4)], 0, 240)
    assert list(alerts) == ["crue"]
    assert alerts["crue"][0] <= 9 * 24 + 4 + 2 * TICK_S / HOUR_S


def test_what_comes_every_day_at_its_hour_is_expected_from_the_third_on() -> None:
    breakfast = [use for day in range(14) for use in meeting("bonjour", 24 * day + 7.5)]
    alerts = run(Emerging(), [*talk(14), *breakfast], 0, 14 * 24)
    assert all(hour < 4 * 24 for hour in alerts.get("bonjour", []))


def test_what_comes_every_week_is_expected() -> None:
    market = [use for week in range(3) for use in meeting("marche", 168 * week + 72 + 10)]
    alerts = run(Emerging(), [*talk(21), *market], 0, 21 * 24)
    assert {int(hour // 168) for hour in alerts["marche"]} == {0}


def test_the_aude_floods_of_2018_are_found_within_the_hour() -> None:
    """Urgent posts from 04:00 to 05:00 UTC, ten an hour from near zero, as the real ones came."""
    night = [(9 * 24 + 4 + n / 10, f"a{n}", "aude") for n in range(11)]
    alerts = run(Emerging(), [*talk(10), *night], 0, 240)
    assert alerts["aude"][0] <= 9 * 24 + 5


def test_beside_another_tag_only_the_posts_without_it_surprise() -> None:
    detector, begin = Emerging(), 9 * 24 + 4
    run(detector, talk(10), 0, begin)
    for hour, author, tag in [*meeting("crue", begin), *meeting("orage", begin), *meeting("fete", begin)]:
        detector.observe(hour * HOUR_S, author, tag, "la fête" if tag == "fete" else f"{author} a vu")
        if hour == begin + 0.25:
            detector.tick((begin + 1 / 6) * HOUR_S)
    scores = dict(detector.tick((begin + 0.5) * HOUR_S))
    assert detector.beside("crue", "orage") == 0.0
    assert detector.beside("crue", "fete") == scores["crue"] >= THRESHOLD
    assert detector.beside("crue", "jamais dit") == scores["crue"]


def test_the_list_keeps_what_peaked_and_forgets_it_in_days() -> None:
    detector = Emerging()
    run(detector, [*talk(10), *meeting("crue", 9 * 24 + 4)], 0, 9 * 24 + 6)
    (first, rank), *_ = detector.ranking((9 * 24 + 6) * HOUR_S)
    assert first == "crue"
    assert dict(detector.ranking((9 * 24 + 24) * HOUR_S))["crue"] == pytest.approx(rank / 2)


def test_what_is_told_too_late_is_usual_and_never_a_voice() -> None:
    late, unaware = Emerging(), Emerging()
    for detector in (late, unaware):
        run(detector, talk(9), 0, 9 * 24)
    for hour, author, tag in [use for day in range(9) for use in meeting("fete", 24.0 * day + 4)]:
        late.remember(hour * HOUR_S, author, tag)
    assert "fete" not in dict(late.tick(9 * DAY_S + TICK_S))
    unaware.tick(9 * DAY_S + TICK_S)
    event = meeting("fete", 9 * 24 + 4)
    assert "fete" in run(unaware, event, 9 * 24 + 1, 9 * 24 + 6)
    run(late, event, 9 * 24 + 1, 9 * 24 + 5)
    assert late.heard("fete").expected > unaware.heard("fete").expected


def test_a_restored_detector_goes_on_as_the_first_would() -> None:
    told = [*talk(6), *meeting("crue", 5 * 24 + 4), *meeting("marche", 5 * 24 + 10)]
    whole, cut = Emerging(), Emerging()
    run(whole, told, 0, 5 * 24 + 4.5)
    run(cut, told, 0, 5 * 24 + 4.5)
    restored = Emerging()
    restored.restore(unpacked(packed(cut.snapshot())))
    assert run(restored, told, 5 * 24 + 4.5, 144) == run(whole, told, 5 * 24 + 4.5, 144)
    assert restored.snapshot() == whole.snapshot()
