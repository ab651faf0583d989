from fetch_all import fetch_all


def test_하나():
    assert fetch_all(["a"], str.encode, 1) == {"a": b"a"}


def test_중복():
    호출 = []
    fetch_all(["a", "a"], lambda url: 호출.append(url) or b"", 2)
    assert 호출 == ["a"]
