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

# New containers only, so that those of before go on serving. One that doesn't get ready goes again, with its log shown.
start_one_more() {
  before=$(compose ps --all --quiet app)
  compose up --detach --wait --no-deps --no-recreate --scale "app=$((REPLICAS + 1))" app && return
  for container in $(compose ps --all --quiet app); do
    case $before in *"$container"*) continue ;; esac
    # Neither one of `compose run app`, which somebody may have begun meanwhile.
    [ "$(docker inspect --format '{{ index .Config.Labels "com.docker.compose.oneoff" }}' "$container")" = False ] || continue
    docker logs --tail 50 "$container" >&2 || true
    docker rm --force --volumes "$container"
  done
  echo "A new replica did not get ready; the others go on serving." >&2
  exit 1
}

# A release may need one more.
compose run --rm --no-deps -T secrets

old=$(compose ps --quiet app)
for one in $old; do
  start_one_more
  docker stop -t 30 "$one"
  docker rm --volumes "$one"
done
# Work that is under way is given back, and the new worker takes it up.
compose up --detach --wait --no-deps worker
# nginx may have changed as well; a reload breaks off nothing.
compose exec -T nginx sh -c 'nginx -t -q && nginx -s reload'
