# The image of Undersign (the last stage, so the default), and the proxy for the profile "scale".

FROM python:3.11-slim-trixie AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/undersign
COPY requirements.lock ./
RUN pip --python /opt/undersign/bin/python --disable-pip-version-check --no-cache-dir install \
    --require-hashes --only-binary=:all: --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY storage storage
COPY bots bots
RUN pip --python /opt/undersign/bin/python --disable-pip-version-check --no-cache-dir install \
    --no-deps --no-build-isolation .

FROM caddy:2.11-alpine AS proxy
# Without root or capabilities: its ports are above 1024, it owns its volumes, and a program that carries a capability
# does not even start where all of them are dropped.
RUN setcap -r /usr/bin/caddy && chown -R 10001:10001 /data /config
COPY deploy/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001

FROM python:3.11-slim-trixie
# pg_dump and the other tools for backups; the same version of PostgreSQL as in docker-compose.yml
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin undersign \
    && install --directory --owner=undersign --group=undersign --mode=0700 /data /keys
COPY --from=build /opt/undersign /opt/undersign
ENV PATH=/opt/undersign/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    WEB_HOST=0.0.0.0 \
    METRICS_PORT=9100
WORKDIR /data
VOLUME /data
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"METRICS_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["undersign"]
CMD ["run"]
