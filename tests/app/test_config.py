import pytest

from doorward.app.config import SETTINGS, BadSetting, networks, public_address, read_settings, words


def test_without_sources_every_setting_has_its_default():
    settings = read_settings()
    assert settings.values == {setting.name: setting.default for setting in SETTINGS}
    assert set(settings.sources.values()) == {"default"}


def test_names_are_told_apart_and_every_one_says_what_it_means():
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert all(setting.meaning and "." in setting.name for setting in SETTINGS)


def test_the_later_source_wins_and_is_named():
    settings = read_settings(
        "[trail]\nflush_ms = 1\nretention_days = 1\n[accounts]\nin_memory = 1",
        {"DOORWARD_TRAIL_FLUSH_MS": "2", "DOORWARD_TRAIL_RETENTION_DAYS": "2"},
        ["trail.flush_ms=3"],
    )
    names = ("trail.flush_ms", "trail.retention_days", "accounts.in_memory", "trail.strict")
    assert [(settings[name], settings.sources[name]) for name in names] == [
        (3, "--set"),
        (2, "environment"),
        (1, "doorward.toml"),
        (False, "default"),
    ]


def test_the_last_argument_of_a_name_wins():
    assert read_settings(arguments=["trail.flush_ms=1", "trail.flush_ms=2"])["trail.flush_ms"] == 2


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("trail.strict", "on", True),
        ("trail.strict", "ON", True),
        ("trail.strict", "true", True),
        ("trail.strict", "1", True),
        ("trail.strict", "off", False),
        ("trail.strict", "False", False),
        ("trail.strict", "0", False),
        ("trail.flush_ms", "0", 0),
        ("http.allowed_hosts", "a=b", "a=b"),
        ("http.trusted_proxies", "10.0.0.0/8, ::1", "10.0.0.0/8, ::1"),
    ],
)
def test_texts_become_values(name, text, value):
    variable = f"DOORWARD_{name.replace('.', '_').upper()}"
    assert read_settings(arguments=[f"{name}={text}"])[name] == value
    assert read_settings(environment={variable: text})[name] == value


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("[trail]\nstrict = true", "trail.strict", True),
        ('[trail]\nstrict = "off"', "trail.strict", False),
        ("[trail]\nflush_ms = 7", "trail.flush_ms", 7),
        ('[http]\nallowed_hosts = "a"', "http.allowed_hosts", "a"),
        ("", "trail.flush_ms", 200),
    ],
)
def test_the_file_has_types_of_its_own(line, name, value):
    assert read_settings(line)[name] == value


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("trail.strikt=on", "unknown setting trail.strikt"),
        ("=on", "unknown setting"),
        ("trail.strict", "expected section.name=value"),
        ("trail.strict=yes please", "trail.strict: expected on or off, got 'yes please'"),
        ("trail.strict=", "expected on or off"),
        ("trail.flush_ms=soon", "trail.flush_ms: expected a whole number, got 'soon'"),
        ("trail.flush_ms=1.5", "expected a whole number"),
        ("trail.flush_ms=-1", "expected a number from 0 up, got -1"),
        ("http.trusted_proxies=proxy.example", "http.trusted_proxies: 'proxy.example'"),
        ("signin.root_mfa_grace_days=36", "signin.root_mfa_grace_days: 35 at most, got 36"),
        ("http.trusted_proxies=10.0.0.0/33", "http.trusted_proxies: '10.0.0.0/33'"),
    ],
)
def test_what_a_setting_cannot_take_is_an_error(argument, said):
    with pytest.raises(BadSetting) as caught:
        read_settings(arguments=[argument])
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trail = 1", "trail stands outside a section"),
        ("[trail]\nstrikt = true", "unknown setting trail.strikt"),
        ("[trail]\nflush_ms = true", "expected a whole number"),
        ("[trail]\nstrict = [1]", "expected on or off"),
        ('[http]\ntrusted_proxies = ["10.0.0.0/8"]', "expected text, got ['10.0.0.0/8']"),
        ("[trail", "doorward.toml: "),
    ],
)
def test_a_faulty_file_is_an_error(text, said):
    with pytest.raises(BadSetting) as caught:
        read_settings(text)
    assert said in str(caught.value)


def test_a_misspelt_variable_of_a_section_is_an_error_and_others_are_not_ours():
    others = {"DOORWARD_MASTER_KEY": "k", "DOORWARD_TRAILER": "x", "PATH": "/bin", "TRAIL_X": "y"}
    assert read_settings(environment=others).values == read_settings().values
    with pytest.raises(BadSetting, match="unknown setting DOORWARD_TRAIL_STRIKT"):
        read_settings(environment={"DOORWARD_TRAIL_STRIKT": "on"})


@pytest.mark.parametrize(
    ("text", "found"), [("", []), (" , ", []), ("a", ["a"]), (" a ,, b,", ["a", "b"])]
)
def test_words(text, found):
    assert words(text) == found


def test_networks():
    assert [str(each) for each in networks("10.1.2.3/8, ::1, 192.0.2.1")] == [
        "10.0.0.0/8",
        "::1/128",
        "192.0.2.1/32",
    ]


@pytest.mark.parametrize("text", ["", "https://iam.example.com", "http://[::1]:4599"])
def test_a_public_address(text):
    public_address(text)


@pytest.mark.parametrize(
    "text", ["iam.example.com", "https://", "https://a/", "ftp://a", "https://me@a", "https://a?b"]
)
def test_what_is_no_public_address(text):
    with pytest.raises(ValueError, match="without a path"):
        public_address(text)
