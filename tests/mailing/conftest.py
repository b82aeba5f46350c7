from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import make_app, within
from tests.mailing.post import Post


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as running:
        yield running


@pytest.fixture
def app(sqlite_url: str, post: Post) -> Iterator[Flask]:
    yield from within(make_app(sqlite_url, mail_url=post.url))


@pytest.fixture
def each_app(each_url: str, post: Post) -> Iterator[Flask]:
    yield from within(make_app(each_url, mail_url=post.url))
