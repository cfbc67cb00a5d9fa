#!/bin/sh
# Makes the passwords of an installation in containers, once: what is there stays. Each is a file of its own below
# /run/made; whoever mounts that volume may read them.
set -eu
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
