# Dailies in one container: web, workers and everything stored under /data.
#
#   docker build -t dailies .
#   docker run -p 8000:8000 -v dailies:/data dailies
#
# The first start prints a one-time sign-in link. Behind a name, set DAILIES_PUBLIC_URL; reached by
# an address that is not this machine's own, set DAILIES_ALLOWED_HOSTS.

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim AS static
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# A key and a folder that are thrown away with this stage; only the collected files are kept.
RUN DAILIES_SECRET_KEY=only-for-this-step DAILIES_DATA=/tmp/data DAILIES_STATIC_ROOT=/static \
    /venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DAILIES_DATA=/data \
    DAILIES_STATIC_ROOT=/static
RUN useradd --system --uid 10001 --home-dir /data dailies \
    && install --directory --owner=dailies --group=dailies /data
COPY --from=packages /venv /venv
COPY --from=static /static /static
WORKDIR /app
COPY . .
RUN python -m compileall -q manage.py studio
USER dailies
VOLUME /data
EXPOSE 8000
# SIGTERM stops it cleanly; renders go on at the next start.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "up", "--host", "0.0.0.0"]
