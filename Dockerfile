# The server behind the cell functions in Excel; docs/admin.md says how a company runs it.
#
#   docker build -t healthsheet .
#   docker run --rm -p 127.0.0.1:8080:8080 -e HEALTHSHEET_URL=https://scores.example.com \
#     -e HEALTHSHEET_SIGN_IN=token -e HEALTHSHEET_TOKENS_FILE=/run/secrets/tokens \
#     -v ./tokens:/run/secrets/tokens:ro --read-only --cap-drop ALL healthsheet

FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY addin addin
COPY pipeline pipeline
COPY scoring scoring
COPY workbook_templates workbook_templates
# No pip in the environment that runs: nothing can be installed into it later.
RUN python -m venv --without-pip /opt/healthsheet \
    && pip --python /opt/healthsheet/bin/python install --no-cache-dir --compile \
        -c requirements.lock '.[server]'

FROM python:3.12-slim
COPY --from=build /opt/healthsheet /opt/healthsheet
ENV PATH=/opt/healthsheet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# By number, so that a cluster can see that it is not root.
USER 10001:10001
EXPOSE 8080
# The server answers what it has begun, then ends.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["healthsheet", "addin", "serve", "--host", "0.0.0.0", "--port", "8080", "--no-tls"]
CMD ["--workers", "2"]
