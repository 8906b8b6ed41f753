# The service as an image: `make image`. docs/deploy.md says how to run it and how to verify it.

# Debian's own Python, so that all of it is mended by one distribution. The tag is that of a day and
# the digest that of its index for all platforms. Another mirror or base: --build-arg BASE_IMAGE=…
ARG BASE_IMAGE=docker.io/library/debian:trixie-20260824-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132

FROM ${BASE_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils ca-certificates python3 python3-venv
WORKDIR /src
# The roots of the system, so that a company's own are among them.
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/delivery-probe \
    UV_PYTHON=/usr/bin/python3 \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=true
COPY tools/uv.txt tools/
RUN python3 -m venv /uv && /uv/bin/pip install --require-hashes --requirement tools/uv.txt
# What is locked changes less often than the code. Symbols for debuggers are a third of its size.
COPY pyproject.toml uv.lock ./
RUN /uv/bin/uv sync --locked --no-dev --no-install-project \
    && find /opt/delivery-probe -name '*.so*' -type f -exec strip --strip-debug {} +
COPY LICENSE README.md ./
COPY probe probe
RUN /uv/bin/uv export --locked --only-group build --output-file /tmp/build.txt \
    && /uv/bin/uv build --wheel --build-constraints /tmp/build.txt --require-hashes --out-dir /tmp/dist \
    && /uv/bin/uv pip install --python /opt/delivery-probe --no-deps /tmp/dist/*.whl

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
ARG REVISION=unknown
ARG VERSION=unknown
LABEL org.opencontainers.image.title="delivery-probe" \
      org.opencontainers.image.description="Downloads every release artifact as a consumer would, proves the bytes, tells Prometheus" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
# Root owns all of it but the data, and is not who runs it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates gpgv python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
    && install --directory --owner=65534 --group=65534 --mode=0750 /data \
    && install --directory /etc/delivery-probe
COPY --from=build /opt/delivery-probe /opt/delivery-probe
ENV PATH=/opt/delivery-probe/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PROBE_CONFIG=/etc/delivery-probe/probe.yaml \
    PROBE_DATA_DIR=/data
# A number, because Kubernetes takes no name for somebody who is not root.
USER 65534:65534
WORKDIR /data
VOLUME /data
EXPOSE 29464
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 \
    CMD ["delivery-probe", "healthcheck"]
# It is process 1: it hears SIGTERM itself, drains for PROBE_DRAIN (30s) and starts no children.
ENTRYPOINT ["delivery-probe"]
CMD ["serve"]
