from doorward.app.cli.asking import context_of


def test_a_key_given_once_has_one_value_and_given_twice_a_list():
    pairs = ["aws:SourceIp=10.0.0.1", "aws:TagKeys=a", "aws:TagKeys=b=c", "s3:prefix="]
    assert context_of(pairs) == {
        "aws:SourceIp": "10.0.0.1",
        "aws:TagKeys": ["a", "b=c"],
        "s3:prefix": "",
    }
