"""Reaches the network: the fetcher, the resolver, the readers of documents and of Prometheus."""

from probe.transport.documents import AiohttpDocuments, open_documents
from probe.transport.fetcher import Transport, open_fetcher, open_transport
from probe.transport.prometheus import AiohttpPrometheus, PrometheusAccess, open_prometheus

__all__ = [
    "AiohttpDocuments",
    "AiohttpPrometheus",
    "PrometheusAccess",
    "Transport",
    "open_documents",
    "open_fetcher",
    "open_prometheus",
    "open_transport",
]
