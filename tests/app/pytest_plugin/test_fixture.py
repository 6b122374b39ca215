import subprocess
import sys

import pytest

from doorward.app.in_process import pool  # noqa: F401 - pytester forgets what is imported first in it

pytest_plugins = ["pytester"]

SEED = "users: [{name: ann, tags: {team: post}}]\n"


@pytest.fixture
def project(pytester):
    """Somebody's project, strict in all things."""
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    (pytester.path / "seed.yaml").write_text(SEED)
    return pytester


def test_each_test_has_an_account_of_its_own(project):
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("time", [1, 2])
        def test_ann_is_new(doorward, time):
            doorward.client("iam").create_user(UserName="ann")

        def test_ann_is_gone(doorward):
            users = doorward.client("iam").list_users()["Users"]
            assert [user["UserName"] for user in users] == ["admin"]
        """
    )
    project.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=3)


def test_the_marker_says_what_it_begins_with(project):
    project.mkpydir("deep")
    (project.path / "deep" / "seed.yaml").write_text(SEED.replace("ann", "bob"))
    code = """
        import pytest

        @pytest.mark.doorward(seed="seed.yaml")
        def test_file(doorward):
            doorward.assert_denied("user/{name}", "iam:ListUsers")

        @pytest.mark.doorward(seed={{"users": [{{"name": "carl"}}]}}, account="222233334444")
        def test_content(doorward):
            arn = "arn:aws:iam::222233334444:user/carl"
            doorward.assert_denied(arn, "iam:ListUsers")
            assert doorward.client("sts", user="carl").get_caller_identity()["Arn"] == arn

        @pytest.mark.doorward(seed="seed.yaml")
        class TestMany:
            def test_all(self, doorward):
                assert doorward.account.user("{name}")

            @pytest.mark.doorward()
            def test_but_one(self, doorward):
                assert not doorward.account.user("{name}")
        """
    project.makepyfile(test_here=code.format(name="ann"))
    project.makepyfile(**{"deep/test_there": code.format(name="bob")})
    project.runpytest_inprocess().assert_outcomes(passed=8)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("sed='x'", "*doorward: *unexpected keyword argument 'sed'*"),
        ("seed='none.yaml'", "*doorward: *No such file or directory*none.yaml'"),
        ("seed={'colour': 'red'}", "*doorward: line 1, colour: object contains unknown field*"),
        (
            "seed={'account': {'id': '111122223333'}}, account='222233334444'",
            "*doorward: --account says 222233334444, the seed says 111122223333",
        ),
    ],
)
def test_a_marker_that_is_wrong_is_told_in_a_line(project, arguments, told):
    project.makepyfile(
        f"""
        import pytest

        @pytest.mark.doorward({arguments})
        def test_it(doorward):
            pass
        """
    )
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*another exception*")


def test_a_failed_assertion_explains_and_points_at_the_test(project):
    project.makepyfile(
        """
        def test_it(doorward):
            doorward.assert_allowed("user/admin", "iam:ListUsers", because="Boss")
        """
    )
    result = project.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*AssertionError: expected: allowed by Boss",
            "E*ALLOWED: arn:aws:iam::111122223333:user/admin  iam:ListUsers  on *",
            "*test_a_failed_assertion_explains_and_points_at_the_test.py:2: AssertionError",
        ]
    )


def test_the_markers_are_listed(project):
    result = project.runpytest_inprocess("--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.doorward(seed=None, account=None): what the*"])


def test_the_plugin_alone_imports_nothing_else():
    code = (
        "import pytest, sys; before = set(sys.modules)\n"
        "import doorward.app.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert told.stdout.split() == ["doorward", "doorward.app", "doorward.app.pytest_plugin"]
