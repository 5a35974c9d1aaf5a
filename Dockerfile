# An image in which every program of initbias is built, so that what it does needs no network. docs/archive.md has the commands.
#
#   docker build --build-arg UID="$(id -u)" --tag initbias .
#   docker run --rm --volume "$PWD/results:/home/initbias/initbias/results" initbias
#
# The tag moves with Debian's point releases. To hold on to one image, name its digest as well,
# FROM debian:12@sha256:..., which `docker buildx imagetools inspect debian:12` prints.
FROM debian:12

# What setup.sh takes for granted: make, and certificates for the download of LibTorch.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates make \
    && rm -rf /var/lib/apt/lists/*

# The same set-up as everywhere, in a layer of its own: only a change of these files repeats it.
WORKDIR /setup
COPY .bazeliskrc ./
COPY third_party/apt-packages.txt third_party/
COPY tools/common.sh tools/setup.sh tools/
RUN tools/setup.sh && rm -rf /var/lib/apt/lists/*

# Whose files the results are: that of the user outside.
ARG UID=1000
RUN useradd --create-home --no-log-init --uid "$UID" initbias
USER initbias
WORKDIR /home/initbias/initbias
COPY --chown=initbias . .

# Fetches LibTorch and builds what `make figures` runs; nothing is trained. The folder of the results is there before one
# is mounted, so that it is the user's.
RUN make figures ARGS='--dry-run --no-measure' && mkdir -p results

CMD ["make", "figures"]
