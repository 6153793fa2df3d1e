"""The mood of a text by the words in it: a lexicon on this machine, no network."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

__all__ = ["make_sentiment", "sentiment_value"]

# The lexicon's own authors call a text positive from 0.05 on and negative from −0.05 on.
_CLEAR = 0.05
_LONGEST = 5_000


def make_sentiment() -> Callable[[str], float]:
    """A function from English text to its mood, −1 to 1; of a long text the beginning counts.

    Source: VADER, Hutto and Gilbert 2014 (vaderSentiment, MIT).
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    @lru_cache(maxsize=50_000)
    def sentiment(text: str) -> float:
        return float(analyzer.polarity_scores(text[:_LONGEST])["compound"])

    return sentiment


def sentiment_value(
    mood: float, *, words: tuple[str, ...], low: float | None, high: float | None
) -> float | str:
    """A mood on a metric's scale.

    Args:
        mood: −1 to 1.
        words: of a state metric, best first: the first, middle or last of them.
        low: of the metric's scale; without an end the mood stays as it is.
        high: of the same.
    """
    if words:
        place = 0 if mood >= _CLEAR else -1 if mood <= -_CLEAR else len(words) // 2
        return words[place]
    if low is None or high is None:
        return mood
    return low + (mood + 1) / 2 * (high - low)
