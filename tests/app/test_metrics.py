from types import SimpleNamespace

from doorward.app.metrics import BOUNDS_S, Metrics

HOUSE = SimpleNamespace(follower=None, accounts=SimpleNamespace(ids=lambda: ["a", "b"]))


def lines(metrics, house=HOUSE):
    return metrics.text(house).splitlines()


def test_buckets_hold_what_is_at_most_their_bound():
    metrics = Metrics()
    for took_s in (0.0005, 0.001, 0.004, 99.0):
        metrics.served(200, took_s)
    found = lines(metrics)
    counts = [line.rsplit(" ")[-1] for line in found if "_bucket" in line]
    assert counts == ["2", "2", "3", *["3"] * (len(BOUNDS_S) - 3), "4"]
    assert "doorward_request_seconds_count 4" in found
    assert "doorward_request_seconds_sum 99.005500" in found


def test_answers_are_told_apart_by_status():
    metrics = Metrics()
    for status in (200, 403, 200):
        metrics.served(status, 0.1)
    assert [line for line in lines(metrics) if line.startswith("doorward_requests_total")] == [
        'doorward_requests_total{status="200"} 2',
        'doorward_requests_total{status="403"} 1',
    ]


def test_a_node_alone_is_never_behind():
    assert "doorward_snapshot_age_seconds 0.000" in lines(Metrics())
    behind = SimpleNamespace(follower=SimpleNamespace(age_s=1.5), accounts=HOUSE.accounts)
    assert "doorward_snapshot_age_seconds 1.500" in lines(Metrics(), behind)


def test_every_metric_says_what_it_is_and_the_text_ends_with_a_line():
    text = Metrics().text(HOUSE)
    assert text.endswith("doorward_accounts 2\n")
    assert text.count("# HELP") == text.count("# TYPE") == 4
