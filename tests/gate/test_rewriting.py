"""What `gradcheck fix --write` does to a file: its text changes, its mode, owner and links stay."""

import os
import resource
import stat
from pathlib import Path

import pytest

from gradcheck.errors import UsageError
from gradcheck.gate.rewriting import write_text
from gradcheck.mends import Rewritten, Suggestion

BEFORE, AFTER = "x = 'ü' * 10\n", "x = 'ü' * 1000\n"


def suggestion(path, before=BEFORE, after=AFTER):
    return Suggestion((), (Rewritten(str(path), before, after),), 1)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(BEFORE, encoding="utf-8")
    path.chmod(0o640)
    return path


def refused(path, sentence, before=BEFORE):
    """The sentence is said, and nothing has changed."""
    held, folder = path.read_bytes() if path.is_file() else None, sorted(os.listdir(path.parent))
    with pytest.raises(UsageError, match=sentence):
        write_text(suggestion(path, before))
    assert (path.read_bytes() if path.is_file() else None) == held
    assert sorted(os.listdir(path.parent)) == folder


def test_an_ordinary_file_is_replaced_as_a_whole(file):
    opened = file.open(encoding="utf-8")
    write_text(suggestion(file))
    with opened:
        assert opened.read() == BEFORE, "who reads it meanwhile has the old text or the new one, nothing between"
    assert file.read_text(encoding="utf-8") == AFTER
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(file.parent) == ["mine.py"]


def test_a_symbolic_link_stays_one(file):
    link = file.with_name("link.py")
    link.symlink_to("mine.py")
    write_text(suggestion(link))
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == AFTER


def test_hard_links_stay_one_file(file):
    link = file.with_name("link.py")
    link.hardlink_to(file)
    write_text(suggestion(link))
    assert file.samefile(link)
    assert file.read_text(encoding="utf-8") == AFTER
    write_text(suggestion(file, AFTER, BEFORE))
    assert link.read_text(encoding="utf-8") == BEFORE, "the shorter text alone"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("owner", [(12345, 12345), (12345, 0), (0, 12345)])
def test_owner_and_group_stay(file, owner):
    os.chown(file, *owner)
    write_text(suggestion(file))
    assert (file.stat().st_uid, file.stat().st_gid) == owner
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.read_text(encoding="utf-8") == AFTER


def test_where_the_disk_is_full_the_old_text_stays(file):
    link = file.with_name("link.py")
    for _ in range(2):  # replaced, then overwritten
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        longer = BEFORE * 10
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(BEFORE.encode()) + 5, limits[1]))
        try:
            with pytest.raises(UsageError, match=r"mine.py could not be written .*File too large.*the diff above"):
                write_text(suggestion(file, BEFORE, longer))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert file.read_text(encoding="utf-8") == BEFORE
        assert [name for name in os.listdir(file.parent) if name.startswith(".")] == []
        if not link.exists():
            link.hardlink_to(file)


def test_what_may_not_be_written_is_one_sentence(file, tmp_path):
    file.chmod(0o440)
    refused(file, "mine.py could not be written .it is read-only.: the diff above")
    file.chmod(0o640)
    file.write_text(BEFORE + "# typed meanwhile\n", encoding="utf-8")
    refused(file, "mine.py has changed since the search began: nothing was written")
    file.write_bytes(b"# coding: ascii\n\xff")
    refused(file, "mine.py could not be written", "# coding: ascii\n")
    file.write_bytes(b"# coding: klingon\n")
    refused(file, "mine.py could not be written .*klingon", "# coding: klingon\n")
    file.unlink()
    refused(file, "mine.py could not be written .*No such file")
    file.mkdir()
    refused(file, "mine.py could not be written .*Is a directory")
    loop = tmp_path / "loop.py"
    loop.symlink_to("loop.py")
    refused(loop, "loop.py could not be written")
    refused(Path(pytest.__file__), "belongs to an installed package, which is never written")


def test_of_two_files_both_are_written_or_none(file, monkeypatch):
    other = file.with_name("other.py")
    other.write_text(BEFORE, encoding="utf-8")
    both = Suggestion((), tuple(Rewritten(str(path), BEFORE, AFTER) for path in (file, other)), 1)
    replace = os.replace

    def full_at_the_second(source, target):
        if Path(target) == other:
            raise OSError("No space left on device")
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full_at_the_second)
        with pytest.raises(UsageError, match=r"other\.py could not be written"):
            write_text(both)
    assert [path.read_text(encoding="utf-8") for path in (file, other)] == [BEFORE, BEFORE]
    write_text(both)
    assert [path.read_text(encoding="utf-8") for path in (file, other)] == [AFTER, AFTER]
