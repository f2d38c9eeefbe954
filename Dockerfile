# flowlift in a small image: docker run --rm -v "$PWD:/data" flowlift plan backup.fsconfig
FROM rust:1.89-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
COPY --from=build /src/target/release/flowlift /usr/local/bin/flowlift
# The history goes to a volume of its own, or it would be gone with the container.
ENV FLOWLIFT_HISTORY=/history/history.sqlite
RUN mkdir /history && chmod 1777 /history
VOLUME /history
WORKDIR /data
ENTRYPOINT ["flowlift"]
CMD ["--help"]
