"""What the pages say, as records: a page is drawn from what the API sends, and nothing else."""

from probe.answers.pages.views import Live, PageAnswers
from probe.answers.pages.wide import WideAnswers

__all__ = ["Live", "PageAnswers", "WideAnswers"]
