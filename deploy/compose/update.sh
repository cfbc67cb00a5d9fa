#!/bin/sh
# Puts the replicas of compose.prod.yml under a new image, one after the other: a new one starts and gets ready, then an
# old one ends; nobody waits. The same goes back, with IMAGE set to the former one.
#   deploy/compose/update.sh
set -eu
cd "$(dirname "$0")/../.."
REPLICAS=3

compose() {
  docker compose -f compose.prod.yml "$@"
}

# New containers only, so that those of before go on serving.
start_one_more() {
  compose up --detach --wait --no-deps --no-recreate --scale "app=$((REPLICAS + 1))" app
}

# A release may need one more.
compose run --rm --no-deps -T secrets

old=$(compose ps --quiet app)
for container in $old; do
  start_one_more
  docker stop -t 30 "$container"
  docker rm --volumes "$container"
done
# Work that is under way is given back, and the new worker takes it up.
compose up --detach --wait --no-deps worker
