from probe.domain.schedule import MICROSECONDS, is_late, next_due_us, phase_us, shard_of

MINUTE = 60 * MICROSECONDS


def test_the_phase_of_a_key_is_the_same_in_every_release_of_this_service():
    assert phase_us("widget/stable/1.4.2/widget.tar.gz@cdn/eu-west-1", MINUTE) == 25_158_823


def test_a_target_due_now_is_next_due_an_interval_later():
    assert next_due_us(5, MINUTE, 5) == MINUTE + 5


def test_a_target_that_is_not_due_yet_is_due_at_its_phase():
    assert next_due_us(5, MINUTE, 4) == 5


def test_the_shard_of_a_key_is_the_same_in_every_release_of_this_service():
    owners = [shard_of("widget/stable/1.4.2/widget.tar.gz", total) for total in (1, 2, 3, 10, 1000)]
    assert owners == [0, 0, 0, 7, 684]


def test_late_is_more_than_a_tenth_of_the_interval():
    assert not is_late(6.0, 60.0)
    assert is_late(6.001, 60.0)
