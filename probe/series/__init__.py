"""
The catalogue of every series this service exports: the one place where they are named.

Names and labels follow "Metric and label naming" of the Prometheus documentation. Label values come
from enumerations, configuration or the kept releases of the catalog; never from an answer.
"""

from probe.series import on_demand
from probe.series.catalog import *
from probe.series.downloads import *
from probe.series.endpoints import *
from probe.series.incidents import *
from probe.series.ledger import *
from probe.series.metric import Kind as Kind
from probe.series.metric import Metric as Metric
from probe.series.objectives import *
from probe.series.on_demand import *
from probe.series.prober import *
from probe.series.releases import *
from probe.series.rulings import *

ON_DEMAND = tuple(value for value in vars(on_demand).values() if isinstance(value, Metric))
METRICS = tuple(
    value
    for value in vars().copy().values()
    if isinstance(value, Metric) and value not in ON_DEMAND
)
