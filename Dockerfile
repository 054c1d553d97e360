# One image, two processes: `frontdesk web` and `frontdesk worker`; `frontdesk run` is both in one.
FROM python:3.11-slim AS build
WORKDIR /build
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.lock ./
RUN python -m venv /opt/frontdesk \
    && uv pip install --python /opt/frontdesk/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY domain domain
COPY dialogs dialogs
COPY bot bot
COPY webhooks webhooks
RUN uv pip install --python /opt/frontdesk/bin/python --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 frontdesk
COPY --from=build /opt/frontdesk /opt/frontdesk
ENV PATH=/opt/frontdesk/bin:$PATH PYTHONUNBUFFERED=1
USER frontdesk
WORKDIR /home/frontdesk
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD python -c "import os,urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\",\"8080\")}/health/ready')"
CMD ["frontdesk", "run"]
