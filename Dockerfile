# PostgreSQL 17 of Debian with studentdir.
#
#   docker build -t studentdir .
#   docker run -e POSTGRES_PASSWORD=secret -p 5432:5432 -v data:/var/lib/postgresql studentdir
#   psql -h localhost -U postgres -c 'CREATE EXTENSION studentdir'
#
# test/package runs these lines in a chroot.
FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential postgresql-server-dev-17
COPY . /usr/src/studentdir
RUN make -s -C /usr/src/studentdir PG_CONFIG=/usr/lib/postgresql/17/bin/pg_config
RUN make -s -C /usr/src/studentdir PG_CONFIG=/usr/lib/postgresql/17/bin/pg_config install DESTDIR=/installed INSTALL_STRIP_FLAG=-s

FROM debian:trixie-slim
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-17 && rm -rf /var/lib/apt/lists/*
COPY --from=build /installed/ /
COPY debian/docker-start /usr/local/bin/docker-start
ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data
USER postgres
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
CMD ["docker-start"]
