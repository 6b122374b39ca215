from doorward.authn.request import HttpRequest

REQUEST = HttpRequest("GET", "/", "", (("a", "1"), ("b", "2"), ("a", "3")), b"")


def test_the_first_header_of_a_name():
    assert REQUEST.header("a") == "1"
    assert REQUEST.header("b") == "2"


def test_no_header_of_that_name():
    assert REQUEST.header("c") is None
