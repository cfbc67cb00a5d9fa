#!/bin/sh
# Makes the passwords of an installation in containers, once: what is there stays. Each is a file of its own below
# /run/made. Where there are several containers, each has a volume that is mounted below /run/for here, and gets copies of
# those that it needs; whoever mounts that volume may read them.
#   make-secrets.sh [FOLDER [FOLDER OF COPIES]]
set -eu
copies=${2:-/run/for}
cd "${1:-/run/made}"
umask 022

# keep NAME VALUE: under its name only once it is whole.
keep() {
  [ -s "$1" ] && return
  printf %s "$2" > "$1.draft"
  mv "$1.draft" "$1"
}

random() {
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

# Who comes from an installation with a password of their own hands it over by POSTGRES_PASSWORD.
keep postgres "${POSTGRES_PASSWORD:-$(random)}"
for name in jwt session encryption encryption-salt redis s3-key s3-secret; do
  keep "$name" "$(random)"
done
keep redis-url "redis://:$(cat redis)@redis:6379"
keep redis.conf "requirepass $(cat redis)
save \"\"
appendonly no
maxmemory 192mb
maxmemory-policy allkeys-lru
"
keep s3.json "{\"identities\":[{\"name\":\"photo-to-3d\",\"credentials\":[{\"accessKey\":\"$(cat s3-key)\",\"secretKey\":\"$(cat s3-secret)\"}],\"actions\":[\"Admin\",\"Read\",\"Write\",\"List\",\"Tagging\"]}]}"

# hand_out CONTAINER NAME…
hand_out() {
  folder=$copies/$1
  shift
  [ -d "$folder" ] || return 0
  for name; do
    cp "$name" "$folder/$name.draft"
    mv "$folder/$name.draft" "$folder/$name"
  done
}

hand_out app postgres jwt session encryption encryption-salt redis-url s3-key s3-secret
hand_out postgres postgres
hand_out redis redis redis.conf
hand_out store s3.json
