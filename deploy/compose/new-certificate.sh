#!/bin/sh
# Gives a certificate that certbot has got or renewed to the nginx of compose.prod.yml (docs/deploy-docker.md):
#   certbot certonly --webroot … --deploy-hook /PATH/deploy/compose/new-certificate.sh
set -eu
cd "$(dirname "$0")/../.."
# As Compose reads it: what stands in quotes, else up to a comment.
from_file() {
  sed -n 's/^TLS_DIR=//p' .env 2> /dev/null | tail -n 1 |
    sed -e "s/^\(['\"]\)\([^'\"]*\)\1.*/\2/" -e t -e 's/[[:space:]]#.*//' -e 's/[[:space:]]*$//'
}
tls=${TLS_DIR:-$(from_file)}
tls=${tls:-tls}
# certbot names the folder of the certificate.
cp -L "$RENEWED_LINEAGE/fullchain.pem" "$tls/fullchain.pem.new"
# Nobody else reads the key, not even for a moment, and however it lies there.
rm -f "$tls/privkey.pem.new"
(umask 077 && cat "$RENEWED_LINEAGE/privkey.pem" > "$tls/privkey.pem.new")
mv "$tls/fullchain.pem.new" "$tls/fullchain.pem"
mv "$tls/privkey.pem.new" "$tls/privkey.pem"
docker compose -f compose.prod.yml exec -T nginx nginx -s reload
