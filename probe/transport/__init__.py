"""Reaches the network: the fetcher, the resolver, the reader of documents."""

from probe.transport.documents import AiohttpDocuments, open_documents
from probe.transport.fetcher import Transport, open_fetcher, open_transport

__all__ = ["AiohttpDocuments", "Transport", "open_documents", "open_fetcher", "open_transport"]
