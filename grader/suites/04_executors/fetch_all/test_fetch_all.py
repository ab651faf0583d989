"""What `fetch_all` promises. Fetches are held by the judge in virtual time, so what is in progress is known exactly."""

import pytest

from grader.evidence import (
    AtOnce,
    RemoteException,
    VirtualTime,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_raised,
    expect_returned,
    feedback,
)


@pytest.fixture
def urls(rng):
    return [f"https://site-{rng.randrange(10**6)}.example/{n}" for n in range(rng.choice((7, 8, 10, 11)))]


@pytest.fixture
def pages(urls, rng):
    return {url: rng.randbytes(8) for url in urls}


def newest_first(pages, special=()):
    """Every fetch lasts less than the one before it, so that they end in another order than they begin."""
    answers = {**pages, **dict(special)}
    places = {url: n for n, url in enumerate(pages)}
    return VirtualTime({"fetch": answers.__getitem__}, lasts={"fetch": lambda url: 100 - 3 * places[url]})


@correctness
def test_every_page_under_its_url(student, urls, pages):
    """Every url has the page that was fetched for it."""
    seen = student.run("download", urls=urls, max_workers=3, calls=newest_first(pages))
    expect(
        seen.value,
        pages,
        f"all {len(urls)} urls, each with its own page, whichever fetch ends first",
        look_at="how a result finds its way back to its url",
    )


@correctness(depends_on="test_every_page_under_its_url")
def test_keys_in_order_of_first_occurrence(student, urls, pages):
    """The keys stand in the order of first occurrence."""
    repeated = [*urls, *urls[:3]]
    seen = student.run("download", urls=repeated, max_workers=3, calls=newest_first(pages))
    expect(seen.value, pages, "all pages, also when some urls occur twice")
    expect(
        list(seen.value),
        urls,
        "the urls in the order in which they first occur in the input",
        look_at="when a url gets its place in the dict",
    )


@correctness(depends_on="test_every_page_under_its_url")
def test_one_failure_keeps_the_others(student, urls, pages, rng):
    """A failed fetch is the value of its url and of no other."""
    failing = rng.sample(urls[1:-1], 2)
    errors = {url: OSError(f"unreachable {rng.randrange(1000)}") for url in failing}
    seen = student.run("download", urls=urls, max_workers=3, calls=newest_first(pages, errors))
    promise = f"{len(urls) - 2} pages, and for the two urls whose fetch failed the exception it raised"
    expect_returned(seen, promise, look_at="where the exception of a fetch is caught")
    errors_as_data = {url: RemoteException("OSError", str(error), [], []) for url, error in errors.items()}
    expect(seen.value, {**pages, **errors_as_data}, promise, look_at="what becomes of a fetch that fails")


@correctness(depends_on="test_every_page_under_its_url")
def test_only_exceptions_are_values(student, urls, pages, rng):
    """What is not an Exception is raised."""
    error = SystemExit(f"stop {rng.randrange(1000)}")
    seen = student.run("download", urls=urls, max_workers=3, calls=newest_first(pages, {rng.choice(urls): error}))
    promise = "a SystemExit raised by a fetch to leave fetch_all: it is a BaseException, but not an Exception"
    raised = expect_raised(seen, "SystemExit", promise, look_at="which exceptions are kept as values")
    expect(raised, RemoteException("SystemExit", str(error), [], []), promise)


@correctness
def test_duplicates_are_fetched_once(student, urls, pages):
    """A url that occurs several times is fetched once."""
    repeated = [urls[0], urls[0], urls[1], *urls, urls[0]]
    seen = student.run("download", urls=repeated, max_workers=3, calls=newest_first(pages))
    expect_fetched_once(seen, urls)


@correctness
def test_arguments(student, urls, pages):
    """No urls, an iterator of urls, and fewer than one worker."""
    answers = AtOnce({"fetch": pages.__getitem__})
    nothing = student.run("download", urls=[], max_workers=3, calls=answers)
    expect_returned(nothing, "an empty dict for no urls")
    expect(nothing.value, {}, "an empty dict for no urls")
    from_iterator = student.run("download_from_iterator", urls=urls, max_workers=1, calls=answers)
    expect(
        from_iterator.value,
        pages,
        "all pages when the urls come from an iterator",
        look_at="how often the urls are gone through",
    )
    for workers in (0, -2):
        refused = student.run("download", urls=urls, max_workers=workers, calls=answers)
        expect_raised(refused, "ValueError", f"a ValueError for max_workers={workers}")
        assert not refused.calls("fetch"), feedback("a ValueError before anything is fetched", "fetches had begun")


@concurrency
def test_never_more_than_max_workers(student, urls, pages):
    """Never more than max_workers fetches are in progress."""
    for workers in (3, 1):
        seen = student.run("download", urls=urls, max_workers=workers, calls=newest_first(pages))
        expect_fetched(seen, urls)
        assert seen.peak("fetch") <= workers, feedback(
            f"at most {workers} fetches in progress at any moment",
            f"{seen.peak('fetch')} at once",
            look_at="what holds a fetch back while max_workers others are in progress",
            show=seen.timeline(label=_number(urls)),
        )


@concurrency(depends_on="test_every_page_under_its_url")
def test_max_workers_at_once(student, urls, pages):
    """As many fetches as max_workers allows are in progress, as long as there are enough urls."""
    for workers in (3, len(urls) + 2):
        policy = newest_first(pages)
        seen = student.run("download", urls=urls, max_workers=workers, calls=policy, watch_callers=True)
        possible = [min(workers, len(urls) - answered) for answered in range(len(urls))]
        expect(seen.value, pages, "all pages")
        idle = [(want, got) for want, got in zip(possible, policy.in_flight, strict=False) if got < want]
        want, got = idle[0] if idle else (0, 0)
        assert not idle, feedback(
            f"{want} fetches in progress ({workers} workers, enough urls left)",
            f"only {got}, and nothing more began until one of them had ended",
            look_at="what each new fetch waits for before it begins",
            show=seen.timeline(label=_number(urls)),
        )
        expect_fetched_once(seen, urls)
        expect_threads(seen, min(workers, len(urls)))


@concurrency
def test_no_thread_is_left_behind(student, urls, pages):
    """Every thread has ended when the call ends."""
    for special in ({}, {urls[2]: OSError("unreachable")}):
        seen = student.run("download", urls=urls, max_workers=3, calls=newest_first(pages, special))
        left = seen.leftover_threads + seen.leftover_processes
        expect_fetched(seen, urls)
        expect_none_left(
            left,
            "no thread of fetch_all alive after it has returned",
            look_at="who waits for the threads to end",
        )


def expect_threads(seen, number):
    """Fails the check unless, as the system says, so many threads waited in `fetch`; one of them may be the caller's.

    A `fetch` that blocks can be in progress several times in no other way.
    """
    waiting = seen.callers.waiting
    assert waiting >= number - 1, feedback(
        f"{number} threads, each waiting in the fetch that it has called",
        f"at most {waiting}, besides the one that has called fetch_all",
        look_at="which threads call fetch",
    )


def expect_fetched(seen, urls):
    """Fails the check unless the call returned and fetched each of these different urls: only then there was work."""
    calls = [call.args for call in seen.calls("fetch")]
    fetched = sum([url] in calls for url in urls)
    assert seen.value and fetched == len(urls), feedback(
        "each different url fetched", f"{fetched} of {len(urls)} fetched", look_at="which urls are handed to fetch"
    )


def expect_fetched_once(seen, urls):
    """The same, and nothing was fetched twice, or for show."""
    expect_fetched(seen, urls)
    assert len(seen.calls("fetch")) == len(urls), feedback(
        "each different url fetched once, also when a second occurrence comes while the first is in progress",
        f"{len(seen.calls('fetch'))} fetches for {len(urls)} different urls",
        look_at="when it is decided that a url is already taken care of",
        show=seen.timeline(label=_number(urls)),
    )


def _number(urls):
    """Labels a fetch by the place of its url, which says all that matters about it."""
    return lambda call: next((f"url {n}" for n, url in enumerate(urls, 1) if call.args == [url]), "another url")
